#pragma once
#include "compare/align/pairing.h"

#include <string>
#include <vector>

namespace syncpoint {

/// Ops of one side between paired values that are part of one op on the other side.
struct AbsorbedClasses
{
    /// By class: the paired class at the exit of the region it lies in; invalid when not absorbed.
    std::vector<ValueClassId> exit;
    /// By class, for unpaired Data classes that are not absorbed: why, in words.
    std::vector<std::string> reason;
};

struct Regions
{
    AbsorbedClasses reference;
    AbsorbedClasses candidate;
};

/// A value is absorbed when all ways forward lead to one and the same paired value, and the region
/// so closed reads the same paired values on both sides. Linear in the size of both graphs.
Regions findRegions(const Pairing &pairing);

} // namespace syncpoint
