#pragma once
#include "viewers/inspector/inspector_content.h"

namespace syncpoint {

InspectorSection matchSection(const ComparisonResult &result, SyncPointId point);
InspectorSection scoreSection(const ComparisonResult &result, SyncPointId point);
InspectorSection attributionSection(const ComparisonResult &result, const ResultIndex &index,
                                    SyncPointId point);
/// The metrics that say most, by id as searches know them; name and formula are the tooltip.
InspectorSection metricSection(const ComparisonResult &result, SyncPointId point);
/// All others, with state and element count.
InspectorSection moreMetricsSection(const ComparisonResult &result, SyncPointId point);
InspectorSection quantizationSection(const Quantization *baseline, const Quantization *candidate);
InspectorSection performanceSection(const ComparisonResult &result, SyncPointId point);
InspectorSection moduleSection(const ComparisonResult &result, ModuleId module);

} // namespace syncpoint
