#pragma once
#include "core/tensor/tensor_dump.h"

#include <vector>

namespace syncpoint {

/// Percentiles (linear between neighbours, as NumPy's default), mean, sample standard deviation
/// (0 for one run), minimum and maximum of run times in microseconds. `times` must not be empty.
LatencySummary summarizeLatency(std::vector<double> times);

} // namespace syncpoint
