#pragma once
#include "compare/session/comparison_result.h"

#include <optional>
#include <string>
#include <string_view>

namespace syncpoint {

/// Numbers for people: four significant figures, "–" when absent.
std::string numberText(std::optional<double> value);
/// A share of 0–1 as "12.3 %".
std::string percentText(double share);
std::string bytesText(std::uint64_t bytes);
std::string microsecondsText(std::optional<double> microseconds);
/// The headline score: "31.2 dB", "exact", or the state's name when there is no number.
std::string scoreText(const Measurement &measurement, std::string_view metric);
/// "PSNR (range)" – the metric, and for psnr its peak; the scores beside it carry their unit.
std::string metricTitle(std::string_view metric, const MetricSettings &settings);
/// The same with the unit, where the numbers stand without theirs: "PSNR (range), dB".
std::string metricAxis(std::string_view metric, const MetricSettings &settings);
/// The middle of long text replaced by "…"; never cuts a UTF-8 sequence.
std::string elided(std::string_view text, std::size_t limit);

/// The baseline op that speaks for a point, or the value's name for graph inputs. Never empty.
std::string pointName(const ComparisonResult &result, SyncPointId id);
/// The dotted module path of the point's op; "" for the root and for graph inputs.
std::string pointModule(const ComparisonResult &result, SyncPointId id);

/// Escaped for HTML and XML text and attributes; control characters that XML forbids are replaced.
std::string escapeMarkup(std::string_view text);

/// Compared points ranked by what they introduce, largest first; only those that introduce any.
std::vector<SyncPointId> rankedByIntroduced(const ComparisonResult &result);
/// Compared points ranked by the headline score, worst first; exact ones left out.
std::vector<SyncPointId> rankedByScore(const ComparisonResult &result);

} // namespace syncpoint
