#include "compare/report/report_text.h"

#include "compare/metric/metric.h"
#include "compare/session/headline.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace syncpoint {

std::string numberText(std::optional<double> value)
{
    if (!value || std::isnan(*value)) {
        return "–";
    }
    return std::isinf(*value) ? (*value > 0 ? "∞" : "−∞") : fmt::format("{:.4g}", *value);
}

std::string percentText(double share)
{
    return fmt::format("{:.1f} %", 100.0 * share);
}

std::string bytesText(std::uint64_t bytes)
{
    const auto amount = static_cast<double>(bytes);
    if (amount < 1e3) {
        return fmt::format("{} B", bytes);
    }
    if (amount < 1e6) {
        return fmt::format("{:.1f} kB", amount / 1e3);
    }
    return amount < 1e9 ? fmt::format("{:.1f} MB", amount / 1e6)
                        : fmt::format("{:.2f} GB", amount / 1e9);
}

std::string microsecondsText(std::optional<double> microseconds)
{
    if (!microseconds) {
        return "–";
    }
    return *microseconds < 1e3 ? fmt::format("{:.1f} µs", *microseconds)
                               : fmt::format("{:.2f} ms", *microseconds / 1e3);
}

std::string scoreText(const Measurement &measurement, std::string_view metric)
{
    if (measurement.state == PairState::Exact) {
        return "exact";
    }
    const auto value = measurement.value(metric);
    const auto index = metricIndex(metric);
    if (!value || !index || std::isnan(*value)) {
        std::string state(pairStateName(measurement.state));
        std::replace(state.begin(), state.end(), '_', ' ');
        return state;
    }
    const MetricDescriptor descriptor = builtinMetrics()[*index]->descriptor();
    const std::string_view unit = descriptor.unit;
    const std::string_view bound = measurement.state != PairState::StatisticsOnly ? ""
                                   : descriptor.higherIsBetter                    ? "≤ "
                                                                                  : "≥ ";
    return unit == "dB" ? fmt::format("{}{:.1f} dB", bound, *value)
                        : fmt::format("{}{:.4g}{}{}", bound, *value, unit.empty() ? "" : " ", unit);
}

std::string metricTitle(std::string_view metric, const MetricSettings &settings)
{
    const auto index = metricIndex(metric);
    if (!index) {
        return std::string(metric);
    }
    const MetricDescriptor descriptor = builtinMetrics()[*index]->descriptor();
    std::string title(descriptor.name);
    if (metric == "psnr") {
        title += fmt::format(" ({})", toText(settings.peak));
    }
    return title;
}

std::string metricAxis(std::string_view metric, const MetricSettings &settings)
{
    const auto index = metricIndex(metric);
    const auto unit = index ? builtinMetrics()[*index]->descriptor().unit : std::string_view();
    const std::string title = metricTitle(metric, settings);
    return unit.empty() ? title : fmt::format("{}, {}", title, unit);
}

std::string elided(std::string_view text, std::size_t limit)
{
    if (text.size() <= limit || limit < 8) {
        return std::string(text);
    }
    const auto isContinuation = [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
    };
    std::size_t head = limit / 3;
    while (head > 0 && isContinuation(text[head])) {
        --head;
    }
    std::size_t tail = text.size() - (limit - head - 1);
    while (tail < text.size() && isContinuation(text[tail])) {
        ++tail;
    }
    return fmt::format("{}…{}", text.substr(0, head), text.substr(tail));
}

std::string pointName(const ComparisonResult &result, SyncPointId id)
{
    const SyncPoint &point = result.alignment.point(id);
    const Graph &graph = *result.baseline.graph;
    return point.referenceNode.isValid() ? graph.displayName(point.referenceNode)
                                         : graph.qualifiedName(point.reference);
}

std::string pointModule(const ComparisonResult &result, SyncPointId id)
{
    const SyncPoint &point = result.alignment.point(id);
    const Graph &graph = *result.baseline.graph;
    return point.referenceNode.isValid() ? graph.module(graph.node(point.referenceNode).module).path
                                         : std::string();
}

namespace {
/// Bytes of the well-formed UTF-8 sequence at the start of `text`; 0 when there is none.
std::size_t sequenceLength(std::string_view text)
{
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xC2 && lead < 0xE0 ? 2
                               : lead >= 0xE0 && lead < 0xF0 ? 3
                               : lead >= 0xF0 && lead < 0xF5 ? 4
                                                             : 0;
    if (length == 0 || text.size() < length) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) {
            return 0;
        }
    }
    return length;
}

std::string_view entityOf(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return {};
    }
}
} // namespace

std::string escapeMarkup(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = sequenceLength(text);
        const auto byte = static_cast<unsigned char>(text.front());
        const bool forbidden = byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
        if (length == 0 || forbidden || byte == 0x7F) {
            out += '?';
        } else if (const auto entity = entityOf(text.front()); !entity.empty()) {
            out += entity;
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(std::max<std::size_t>(1, length));
    }
    return out;
}

namespace {
std::vector<SyncPointId> comparedPoints(const ComparisonResult &result)
{
    std::vector<SyncPointId> points;
    for (std::size_t i = 0; i < result.points.size(); ++i) {
        if (result.points[i].status == PointStatus::Compared) {
            points.emplace_back(i);
        }
    }
    return points;
}
} // namespace

std::vector<SyncPointId> rankedByIntroduced(const ComparisonResult &result)
{
    auto points = comparedPoints(result);
    const auto introduced = [&result](SyncPointId id) {
        return result.point(id).attribution.introducedOrDelta();
    };
    std::erase_if(points, [&](SyncPointId id) { return !(introduced(id) > 0.0); });
    std::stable_sort(points.begin(), points.end(),
                     [&](SyncPointId a, SyncPointId b) { return introduced(a) > introduced(b); });
    return points;
}

std::vector<SyncPointId> rankedByScore(const ComparisonResult &result)
{
    auto points = comparedPoints(result);
    const auto score = [&result](SyncPointId id) {
        return quality(result.point(id).overall, result.config.metric);
    };
    std::erase_if(points, [&](SyncPointId id) {
        const PairState state = result.point(id).overall.state;
        return state == PairState::Exact || state == PairState::Empty;
    });
    std::stable_sort(points.begin(), points.end(),
                     [&](SyncPointId a, SyncPointId b) { return score(a) < score(b); });
    return points;
}

} // namespace syncpoint
