#pragma once
#include "compare/report/report.h"

#include <string>

namespace syncpoint {

/// Dot, triangle or square as inline SVG: severity is never told by colour alone.
std::string severityMark(Severity severity);

/// The score over execution order with the profile's limits. Long networks are thinned to the worst
/// point of each slot.
std::string scoreChartSvg(const ScoreChart &chart);

/// Modules from top to bottom in execution order, arcs for the data that flows past a neighbour,
/// bars for introduced error and parameters.
std::string moduleOverviewSvg(const ModuleOverview &overview);

} // namespace syncpoint
