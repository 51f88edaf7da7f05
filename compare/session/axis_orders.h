#pragma once
#include "compare/session/comparison_result.h"
#include "core/base/job_context.h"

namespace syncpoint {

/// Looks at sync points whose numbers do not fit although their extents also fit in another order
/// of the axes (docs/alignment.md, "Order of axes"). The captured numbers of the first sample tell
/// which: the order is taken, and the point measured again, when the shapes left it open or other
/// points have the same order by their shapes; else it is a warning, because a wrong Transpose
/// looks just like it. Needs `result.points`. Fails only on cancel.
Result<void> settleAxisOrders(ComparisonResult &result, const JobContext &job);

} // namespace syncpoint
