#pragma once
#include "viewers/tensor/tensor_content.h"

namespace syncpoint {

/// Fills `content` with the weight `request.value`; for one of the baseline with its form in the
/// candidate's op of `request.point`, in the baseline's layout, and a badge that tells how their
/// difference compares to rounding. Without such a form the weight stands alone and the badge says
/// so.
void loadWeight(const TensorRequest &request, TensorContent &content);

} // namespace syncpoint
