#pragma once
#include "core/tensor/shape.h"

#include <span>
#include <vector>

namespace syncpoint {

struct ClassShare
{
    std::size_t index = 0;
    double probability = 0.0; ///< softmax over the row
};

/// Whether values of this shape may be scores of classes: one row, or a row per sample, of 2 to
/// 100 000 of them.
bool mayBeLogits(std::span<const std::int64_t> shape);
/// The `most` likeliest classes of one row of logits, likeliest first. Probabilities pass through:
/// values that are ≥ 0 and add up to one are taken as they are. Empty when one is not finite.
std::vector<ClassShare> topClasses(std::span<const float> row, std::size_t most);

} // namespace syncpoint
