#pragma once
#include "core/tensor/tensor.h"

#include <optional>
#include <string>

namespace syncpoint {

/// How a candidate's weight differs from the baseline's where rounding does not explain it:
/// channels in another order, or scaled ones. Both float32 and of one shape; channels lie along the
/// first or the last axis. Nothing when neither fits.
std::optional<std::string> describeWeightFault(const Tensor &baseline, const Tensor &candidate);

} // namespace syncpoint
