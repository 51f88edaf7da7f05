#pragma once
#include "compare/session/comparison_result.h"

#include <QString>
#include <cstdint>
#include <optional>
#include <string_view>

namespace syncpoint {

/// Names of models and files as the window shows them.
inline QString fromUtf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// How numbers are written everywhere in the window. A number that does not exist is "–".
QString metricText(std::optional<double> value, std::string_view metricId);
/// A share or an energy ratio (1 = 100 %) with three decimals: "0.210 %", "< 0.001 %".
QString energyText(std::optional<double> ratio);
QString shareText(double share);      ///< one decimal: "1.7 %"
QString briefShareText(double share); ///< for narrow columns: "64 %", "1.7 %", "0 %"
QString durationText(std::optional<double> microseconds);
QString byteText(std::uint64_t bytes);
QString countText(std::uint64_t count); ///< thousands grouped by thin spaces

/// The metric's name ("PSNR"), or the id when it is not built in.
QString metricName(std::string_view metricId);

/// The headline score of a point: "27.7 dB", "exact", "NaN or Inf", or why there is none.
QString scoreText(const ComparisonResult &result, const PointResult &point);
/// The number behind scoreText() for sorting; exact counts as infinitely good.
std::optional<double> scoreNumber(const ComparisonResult &result, const PointResult &point);
QString statusText(PointStatus status);

} // namespace syncpoint
