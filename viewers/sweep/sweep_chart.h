#pragma once
#include "compare/sweep/sweep_overview.h"

#include <QtCharts/QChart>
#include <functional>

namespace syncpoint {

class Theme;

enum class SweepCost { Size, Latency };

/// Quality of the rows against what they cost; a baseline without a quality is a line. Errors are
/// on a logarithmic axis. Rows without one of the two numbers are not shown; variants without any
/// difference stand above the others. `chosen` is emphasised, −1 none; `clicked` gets a row.
QChart *makeSweepChart(const SweepOverview &overview, SweepCost cost, int chosen,
                       const Theme &theme, std::function<void(int)> clicked);

} // namespace syncpoint
