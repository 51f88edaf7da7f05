#pragma once
#include "fault_net.h"

namespace syncpoint::faults {

/// Deeper networks than faultNets(), with more kinds of ops: an error passes more of them.
std::vector<FaultNet> deepFaultNets(std::uint32_t seed);

} // namespace syncpoint::faults
