#pragma once
#include "core/graph/graph.h"
#include "core/tensor/quantization.h"
#include "core/tensor/tensor.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace syncpoint {

/// One integer form of a value: what it is written with and what the next op takes it for. A sound
/// one has the same on both sides. Both per tensor.
struct Rounding
{
    Quantization write, read;
    DType dtype = DType::Undefined; ///< of the integers

    bool isSound() const { return write == read; }
    /// How the two sides disagree, in words; "" when they do not.
    std::string fault() const;
};

/// What happens to a value between its sync point, where one form of it is compared, and the ops
/// that compute with it: quantizers behind its views, and readers that take its integers for other
/// numbers than were written.
struct LaterRounding
{
    std::vector<Rounding> steps;
    ValueId exit; ///< the form that is read in the end
};

/// Follows `compared` as far as there is one way to go. Quantizers that repeat the parameters of
/// the one before change nothing and are left out.
LaterRounding laterRounding(const Graph &graph, ValueId compared);

/// The numbers that arrive at the exit, in the layout of `tensor`: rounding is element by element.
Result<Tensor> rounded(const Tensor &tensor, std::span<const Rounding> steps);

/// Scale and zero point with which an op reads or writes one of its tensors. Nothing when it has
/// none, or none that are constants of one element.
std::optional<Quantization> parametersOf(const Graph &graph, const Node &node, ValueId tensor);

} // namespace syncpoint
