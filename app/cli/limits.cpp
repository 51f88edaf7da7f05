#include "app/cli/limits.h"

#include "compare/metric/metric.h"
#include "compare/report/report_text.h"
#include "compare/session/headline.h"
#include "compare/session/input_text.h"

#include <charconv>
#include <fmt/format.h>

namespace syncpoint {

Result<std::vector<MetricLimit>> parseLimits(const std::vector<std::string> &texts,
                                             std::string_view option)
{
    std::vector<MetricLimit> limits;
    for (const std::string &text : texts) {
        const auto parts = splitAssignment(text, option);
        if (!parts) {
            return parts.error();
        }
        const auto &[metric, number] = *parts;
        MetricLimit limit{metric, 0.0};
        const auto end = std::from_chars(number.data(), number.data() + number.size(), limit.value);
        if (end.ec != std::errc() || end.ptr != number.data() + number.size()) {
            return Error{ErrorCode::BadInput,
                         fmt::format("{} takes METRIC=NUMBER, not '{}'", option, text)};
        }
        if (!metricIndex(metric)) {
            return Error{ErrorCode::BadInput,
                         fmt::format("{}: there is no metric '{}' (see syncpoint-cli metrics)",
                                     option, metric)};
        }
        limits.push_back(std::move(limit));
    }
    return limits;
}

std::vector<std::string> violations(const ComparisonResult &result,
                                    const std::vector<JudgedScore> &scores,
                                    const std::vector<MetricLimit> &limits)
{
    std::vector<std::string> sentences;
    for (const MetricLimit &limit : limits) {
        const bool higherIsBetter =
            builtinMetrics()[*metricIndex(limit.metric)]->descriptor().higherIsBetter;
        const double least = higherIsBetter ? limit.value : -limit.value;
        std::size_t count = 0;
        const JudgedScore *worst = nullptr;
        for (const JudgedScore &judged : scores) {
            const PointResult &score = *judged.score;
            if (score.status != PointStatus::Compared ||
                quality(score.overall, limit.metric) >= least) {
                continue;
            }
            ++count;
            if (worst == nullptr || quality(score.overall, limit.metric) <
                                        quality(worst->score->overall, limit.metric)) {
                worst = &judged;
            }
        }
        if (count > 0) {
            sentences.push_back(fmt::format(
                "{} of {} sync points miss {} {} {}; the worst is {} with {}", count, scores.size(),
                limit.metric, higherIsBetter ? "≥" : "≤", limit.value,
                pointName(result, worst->point), scoreText(worst->score->overall, limit.metric)));
        }
    }
    return sentences;
}

} // namespace syncpoint
