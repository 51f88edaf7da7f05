#pragma once
#include "compare/report/report.h"
#include "compare/sweep/sweep_overview.h"

namespace syncpoint {

/// The overview as a table, a row per row: id "sweep". Columns that no row has are left out, but
/// for size, latency and quality.
ReportTable sweepTable(const SweepOverview &overview);

/// A short name per row: without the folder that all variants share and, where no other folder is
/// left in a name, without the extension that all share.
std::vector<std::string> variantNames(const SweepOverview &overview);
/// The measure of the rows' quality with its unit: "PSNR (range), dB"; "quality" where rows have
/// several. Empty when none has any.
std::string qualityTitle(const SweepOverview &overview);
/// "31.2 dB", "0.963", "exact", "–".
std::string qualityText(const std::optional<SweepQuality> &quality);

} // namespace syncpoint
