#pragma once
#include "core/graph/ids.h"
#include "core/tensor/shape.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace syncpoint {

/// Captured tensors that alignment may look at where the graphs do not tell.
struct CapturedValues
{
    /// All numbers of a value as reals; nothing when it was not captured or holds more than `most`.
    using Read = std::function<std::optional<std::vector<float>>(ValueId, std::uint64_t most)>;
    Read reference;
    Read candidate;
    /// The shape a value had; nothing when it was not captured.
    using ShapeOf = std::function<std::optional<Shape>(ValueId)>;
    ShapeOf referenceShape = nullptr;
    ShapeOf candidateShape = nullptr;

    bool areThere() const { return reference && candidate; }
};

} // namespace syncpoint
