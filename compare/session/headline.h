#pragma once
#include "compare/metric/measurement.h"

#include <limits>
#include <string_view>

namespace syncpoint {

/// Orders measurements by one metric: higher is better whatever the metric's own direction. Exact
/// pairs are +infinity; pairs that hold a mismatch the metric cannot express are −infinity.
double quality(const Measurement &measurement, std::string_view metric);

} // namespace syncpoint
