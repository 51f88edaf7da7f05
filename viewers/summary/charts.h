#pragma once
#include "compare/session/comparison_result.h"

#include <QtCharts/QChart>
#include <functional>
#include <memory>

namespace syncpoint {

class Theme;

/// Score of every compared point over execution order, one series per severity, with the profile's
/// two limits as guide lines. Exact points are drawn at the axis' cap of 160 dB. `clicked` gets the
/// point.
QChart *makeScoreChart(const std::shared_ptr<const ComparisonResult> &result, const Theme &theme,
                       std::function<void(SyncPointId)> clicked);

/// Introduced error against parameter share per module, in percent: bars that stick out are what to
/// keep in float. `clicked` gets the module.
QChart *makeModuleChart(const ComparisonResult &result, const Theme &theme,
                        std::function<void(ModuleId)> clicked);

/// How many compared points have which score; exact ones stand beside the others.
QChart *makeHistogramChart(const ComparisonResult &result, const Theme &theme);

/// Whether any op was timed on either side.
bool hasLatency(const ComparisonResult &result);
/// Microseconds of the twelve slowest ops on both sides. `clicked` gets the point.
QChart *makeLatencyChart(const ComparisonResult &result, const Theme &theme,
                         std::function<void(SyncPointId)> clicked);

} // namespace syncpoint
