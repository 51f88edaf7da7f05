#pragma once
#include "core/graph/ids.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace syncpoint {

/// Captured numbers that alignment may look at where the graphs do not tell values apart.
struct CapturedValues
{
    /// All numbers of a value as reals; nothing when it was not captured or holds more than `most`.
    using Read = std::function<std::optional<std::vector<float>>(ValueId, std::uint64_t most)>;
    Read reference;
    Read candidate;

    bool areThere() const { return reference && candidate; }
};

} // namespace syncpoint
