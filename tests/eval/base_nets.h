#pragma once
#include "net.h"

#include <cstdint>
#include <string>
#include <vector>

namespace syncpoint::eval {

/// Networks with random weights, one per architecture.
struct NamedNet
{
    std::string name;
    Net net;
};
std::vector<NamedNet> baseNets(std::uint32_t seed);
/// Networks written as exporters leave them: norms and activations in small ops, padding of its
/// own, fused recurrences, masks.
std::vector<NamedNet> exportedNets(std::uint32_t seed);
/// Both of these.
std::vector<NamedNet> developedNets(std::uint32_t seed);
/// Kept aside while the alignment is developed: figures look at them, nobody else should.
std::vector<NamedNet> heldBackNets(std::uint32_t seed);

} // namespace syncpoint::eval
