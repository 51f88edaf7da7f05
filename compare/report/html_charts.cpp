#include "compare/report/html_charts.h"

#include "compare/report/report_text.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace syncpoint {

namespace {
std::string shapeAt(Severity severity, double x, double y, double radius)
{
    const std::string_view name = severityName(severity);
    switch (severity) {
    case Severity::Ok:
        return fmt::format("<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\">", name,
                           x, y, radius);
    case Severity::Warn:
        return fmt::format("<path class=\"{}\" d=\"M{:.1f} {:.1f}l{:.1f} {:.1f}h{:.1f}z\">", name,
                           x, y - radius, radius * 1.1, radius * 1.9, radius * -2.2);
    case Severity::Bad:
        break;
    }
    return fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
                       "height=\"{:.1f}\">",
                       name, x - radius, y - radius, radius * 2, radius * 2);
}

std::string_view closingTag(Severity severity)
{
    return severity == Severity::Ok     ? "</circle>"
           : severity == Severity::Warn ? "</path>"
                                        : "</rect>";
}

/// At most `slots` marks: of the points that share a slot the worst stays.
std::vector<ScoreChart::Mark> thinned(const ScoreChart &chart, std::size_t slots)
{
    if (chart.marks.size() <= slots) {
        return chart.marks;
    }
    std::vector<ScoreChart::Mark> kept;
    std::size_t lastSlot = slots;
    for (const ScoreChart::Mark &mark : chart.marks) {
        const std::size_t slot = mark.position * slots / std::max<std::size_t>(1, chart.length);
        if (slot != lastSlot) {
            kept.push_back(mark);
            lastSlot = slot;
        } else if (mark.severity > kept.back().severity ||
                   (mark.severity == kept.back().severity && mark.score < kept.back().score)) {
            kept.back() = mark;
        }
    }
    return kept;
}

/// Maps execution order and score to pixels, with round grid steps.
class ChartFrame
{
public:
    static constexpr double kWidth = 1200, kHeight = 280, kLeft = 44, kRight = 12, kTop = 12,
                            kBottom = 28, kExactRoom = 22;

    explicit ChartFrame(const ScoreChart &chart) : m_length(std::max<std::size_t>(2, chart.length))
    {
        const auto finite = std::find_if_not(chart.marks.begin(), chart.marks.end(),
                                             [](const auto &mark) { return mark.isExact; });
        hasExact = std::any_of(chart.marks.begin(), chart.marks.end(),
                               [](const auto &mark) { return mark.isExact; });
        double low = chart.badBelow.value_or(finite == chart.marks.end() ? 0.0 : finite->score);
        double high = chart.okFrom.value_or(low);
        for (const ScoreChart::Mark &mark : chart.marks) {
            if (!mark.isExact) {
                low = std::min(low, mark.score);
                high = std::max(high, mark.score);
            }
        }
        const double width = std::max(high - low, 1e-9);
        const double power = std::pow(10.0, std::floor(std::log10(width / 4)));
        const double ratio = width / 4 / power;
        step = power * (ratio < 1.5 ? 1 : ratio < 3.5 ? 2 : ratio < 7.5 ? 5 : 10);
        bottom = std::floor(low / step) * step;
        top = std::ceil(high / step) * step;
        if (top <= bottom) {
            top = bottom + step;
        }
    }

    double x(std::size_t position) const
    {
        return kLeft + (kWidth - kLeft - kRight) * static_cast<double>(position) /
                           static_cast<double>(m_length - 1);
    }
    double y(double score) const
    {
        const double begin = kTop + (hasExact ? kExactRoom : 0.0);
        return begin + (kHeight - begin - kBottom) * (top - score) / (top - bottom);
    }
    /// Exact pairs have no number: they stand on a line of their own above the scale.
    double y(const ScoreChart::Mark &mark) const { return mark.isExact ? kTop : y(mark.score); }

    double step = 1, bottom = 0, top = 1;
    bool hasExact = false;

private:
    std::size_t m_length;
};

std::string gridSvg(const ChartFrame &frame, const ScoreChart &chart)
{
    std::string out;
    for (double score = frame.bottom; score <= frame.top + frame.step / 2; score += frame.step) {
        out +=
            fmt::format("<line class=\"grid\" x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\"/>"
                        "<text x=\"{3}\" y=\"{4:.1f}\" text-anchor=\"end\">{5:.6g}</text>",
                        ChartFrame::kLeft, ChartFrame::kWidth - ChartFrame::kRight, frame.y(score),
                        ChartFrame::kLeft - 6, frame.y(score) + 4, score);
    }
    const auto limit = [&](std::optional<double> value, std::string_view name) {
        if (value && *value >= frame.bottom && *value <= frame.top) {
            out += fmt::format(
                "<line class=\"limit {0}\" x1=\"{1}\" x2=\"{2}\" y1=\"{3:.1f}\" y2=\"{3:.1f}\"/>",
                name, ChartFrame::kLeft, ChartFrame::kWidth - ChartFrame::kRight, frame.y(*value));
        }
    };
    limit(chart.okFrom, "ok");
    limit(chart.badBelow, "bad");
    out += fmt::format("<text x=\"{}\" y=\"{}\">execution order →</text>"
                       "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
                       ChartFrame::kLeft, ChartFrame::kHeight - 8,
                       ChartFrame::kWidth - ChartFrame::kRight, ChartFrame::kHeight - 8,
                       escapeMarkup(chart.axis));
    if (frame.hasExact) {
        out += fmt::format("<line class=\"grid\" x1=\"{0}\" x2=\"{1}\" y1=\"{2}\" y2=\"{2}\"/>"
                           "<text x=\"{3}\" y=\"{4}\" text-anchor=\"end\">exact</text>",
                           ChartFrame::kLeft, ChartFrame::kWidth - ChartFrame::kRight,
                           ChartFrame::kTop, ChartFrame::kLeft - 6, ChartFrame::kTop + 4);
    }
    return out;
}
} // namespace

std::string severityMark(Severity severity)
{
    return fmt::format("<svg class=\"mark\" viewBox=\"0 0 10 10\" role=\"img\" "
                       "aria-label=\"{}\">{}{}</svg>",
                       severityName(severity), shapeAt(severity, 5, 5, 4), closingTag(severity));
}

std::string scoreChartSvg(const ScoreChart &chart)
{
    if (chart.marks.empty()) {
        return "<p class=\"note\">No pair has a score of this metric.</p>";
    }
    const ChartFrame frame(chart);
    const auto marks = thinned(chart, 1500);
    std::string line;
    std::string shapes;
    for (const ScoreChart::Mark &mark : marks) {
        const double x = frame.x(mark.position);
        const double y = frame.y(mark);
        line += fmt::format("{:.1f},{:.1f} ", x, y);
        const std::string score = mark.isExact ? "exact" : fmt::format("{:.1f}", mark.score);
        shapes += fmt::format("<a href=\"#sync_points-{}\">{}<title>{} · {}</title>{}</a>",
                              mark.position, shapeAt(mark.severity, x, y, 3),
                              escapeMarkup(mark.name), score, closingTag(mark.severity));
    }
    return fmt::format("<svg viewBox=\"0 0 {} {}\" width=\"100%\" role=\"img\" aria-label=\"score "
                       "over execution order\">{}<polyline class=\"trace\" points=\"{}\"/>{}</svg>",
                       ChartFrame::kWidth, ChartFrame::kHeight, gridSvg(frame, chart), line,
                       shapes);
}

namespace {
constexpr double kRowHeight = 26, kArcRoom = 150, kBoxWidth = 330, kBarRoom = 240, kHeader = 22;

double rowMiddle(std::size_t index)
{
    return kHeader + (static_cast<double>(index) + 0.5) * kRowHeight;
}

std::string arcsSvg(const ModuleOverview &overview)
{
    std::string out;
    for (const auto &[from, to] : overview.edges) {
        const double y1 = rowMiddle(from);
        const double y2 = rowMiddle(to);
        const double span = std::abs(y2 - y1);
        const double reach = std::min(kArcRoom - 8, 10 + span * 0.35);
        out += fmt::format("<path class=\"edge\" d=\"M{0} {1:.1f}C{2:.1f} {1:.1f} {2:.1f} {3:.1f} "
                           "{0} {3:.1f}\"/>",
                           kArcRoom, y1, kArcRoom - reach, y2);
    }
    return out;
}

std::string barsSvg(const ModuleOverview::Box &box, double y)
{
    const double left = kArcRoom + kBoxWidth + 16;
    const auto bar = [&](double share, double top, std::string_view name) {
        return fmt::format("<rect class=\"{}\" x=\"{}\" y=\"{:.1f}\" width=\"{:.1f}\" "
                           "height=\"7\"/>",
                           name, left, top, kBarRoom * std::clamp(share, 0.0, 1.0));
    };
    return bar(box.introducedShare, y - 8, "bar") + bar(box.parameterShare, y + 1, "bar weak") +
           fmt::format("<text x=\"{}\" y=\"{:.1f}\">{} introduced · {} parameters</text>",
                       left + kBarRoom + 12, y + 4, percentText(box.introducedShare),
                       percentText(box.parameterShare));
}
} // namespace

std::string moduleOverviewSvg(const ModuleOverview &overview)
{
    const double width = kArcRoom + kBoxWidth + 16 + kBarRoom + 240;
    const double height = rowMiddle(overview.boxes.size());
    std::string out = fmt::format("<svg viewBox=\"0 0 {} {:.0f}\" width=\"100%\" role=\"img\" "
                                  "aria-label=\"modules in execution order\">{}",
                                  width, height, arcsSvg(overview));
    for (std::size_t i = 0; i < overview.boxes.size(); ++i) {
        const ModuleOverview::Box &box = overview.boxes[i];
        const double y = rowMiddle(i);
        out += fmt::format("<rect class=\"box\" x=\"{}\" y=\"{:.1f}\" width=\"{}\" height=\"22\" "
                           "rx=\"3\"/>",
                           kArcRoom, y - 11, kBoxWidth);
        out += box.worst
                   ? shapeAt(*box.worst, kArcRoom + 12, y, 4) + std::string(closingTag(*box.worst))
                   : fmt::format("<circle class=\"none\" cx=\"{}\" cy=\"{:.1f}\" r=\"2\"/>",
                                 kArcRoom + 12, y);
        out += fmt::format("<text class=\"label\" x=\"{}\" y=\"{:.1f}\">{}<title>{}</title></text>"
                           "<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{} ops</text>",
                           kArcRoom + 24, y + 4,
                           escapeMarkup(elided(box.path.empty() ? "(top level)" : box.path, 36)),
                           escapeMarkup(box.path), kArcRoom + kBoxWidth - 8, y + 4, box.ops);
        out += barsSvg(box, y);
    }
    return out + "</svg>";
}

} // namespace syncpoint
