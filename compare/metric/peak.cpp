#include "compare/metric/metric.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace syncpoint {

std::optional<Peak> peakFromText(std::string_view text)
{
    if (text == "range") {
        return Peak{Peak::Mode::Range};
    }
    if (text == "maxabs") {
        return Peak{Peak::Mode::MaxAbs};
    }
    if (text == "max") {
        return Peak{Peak::Mode::Max};
    }
    constexpr std::string_view kFixed = "fixed:";
    if (!text.starts_with(kFixed)) {
        return std::nullopt;
    }
    text.remove_prefix(kFixed.size());
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value) ||
        value <= 0.0) {
        return std::nullopt;
    }
    return Peak{Peak::Mode::Fixed, value};
}

std::string toText(const Peak &peak)
{
    switch (peak.mode) {
    case Peak::Mode::Range:
        return "range";
    case Peak::Mode::MaxAbs:
        return "maxabs";
    case Peak::Mode::Max:
        return "max";
    case Peak::Mode::Fixed:
        return fmt::format("fixed:{}", peak.fixed);
    }
    return "range";
}

PeakValue peakOf(const PairStatistics &statistics, const Peak &peak)
{
    if (peak.mode == Peak::Mode::Fixed) {
        return {peak.mode, peak.fixed};
    }
    if (statistics.count == 0) {
        return {peak.mode, 0.0};
    }
    const double range = statistics.maxR - statistics.minR;
    if (peak.mode == Peak::Mode::Range && range > 0.0) {
        return {peak.mode, range};
    }
    if (peak.mode == Peak::Mode::Max && statistics.maxR > 0.0) {
        return {peak.mode, statistics.maxR};
    }
    return {Peak::Mode::MaxAbs, std::max(std::abs(statistics.minR), std::abs(statistics.maxR))};
}

} // namespace syncpoint
