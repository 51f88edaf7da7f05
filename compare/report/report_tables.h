#pragma once
#include "compare/report/report.h"

namespace syncpoint {

/// All tables of a report, in reading order: outputs, worst ops, modules, sync points, placement,
/// what was not compared, diagnostics. Empty ones are left out.
std::vector<ReportTable> buildTables(const ComparisonResult &result);

} // namespace syncpoint
