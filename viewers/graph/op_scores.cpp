#include "viewers/graph/op_scores.h"

#include <algorithm>
#include <cmath>

namespace syncpoint {
namespace {

OpScore scoreOf(const ComparisonResult &result, SyncPointId id)
{
    OpScore score;
    score.match = OpScore::Match::Matched;
    score.point = id;
    const PointResult &point = result.point(id);
    if (point.status != PointStatus::Compared) {
        return score;
    }
    score.severity = point.severity;
    score.value = point.overall.value(result.profile.metric);
    score.isExact = point.overall.state == PairState::Exact;
    score.isNonfinite = point.overall.state == PairState::NonfiniteMismatch;
    score.position =
        score.isExact ? 1.0 : rampPosition(point.severity, score.value, result.profile);
    score.introduced = point.attribution.introducedOrDelta();
    score.isSource = point.attribution.isSource;
    return score;
}

/// An op with several results is as bad as its worst.
bool isWorse(const OpScore &a, const OpScore &b)
{
    if (a.severity != b.severity) {
        return a.severity > b.severity; // an op without severity ranks lowest
    }
    return a.severity && a.position < b.position;
}

OpScore::Match matchOf(ValueStatus status)
{
    switch (status) {
    case ValueStatus::Paired:
        return OpScore::Match::Matched;
    case ValueStatus::Absorbed:
        return OpScore::Match::Absorbed;
    case ValueStatus::Excluded:
        return OpScore::Match::Excluded;
    case ValueStatus::OneSided:
        return OpScore::Match::OneSided;
    case ValueStatus::Unmatched:
        break;
    }
    return OpScore::Match::Unmatched;
}

} // namespace

double rampPosition(Severity severity, std::optional<double> value, const ThresholdProfile &profile)
{
    constexpr double kBand = 0.2;
    const double span = std::abs(profile.okFrom - profile.badBelow);
    const double sign = profile.okFrom >= profile.badBelow ? 1.0 : -1.0;
    const auto within = [&](double from) {
        if (!value || !std::isfinite(*value) || span == 0.0) {
            return 0.5;
        }
        return std::clamp(sign * (*value - from) / span, 0.0, 1.0);
    };
    switch (severity) {
    case Severity::Ok:
        return 1.0 - kBand + kBand * within(profile.okFrom);
    case Severity::Warn:
        return 0.5 - kBand / 2.0 + kBand * within(profile.badBelow);
    case Severity::Bad:
        break;
    }
    return kBand * within(profile.badBelow - sign * span);
}

std::vector<OpScore> scoreOps(const Graph &graph, Side side, const ComparisonResult &result)
{
    std::vector<OpScore> scores(graph.nodes().size());
    const auto &outcomes =
        side == Side::Baseline ? result.alignment.reference : result.alignment.candidate;
    for (std::size_t n = 0; n < scores.size(); ++n) {
        for (const ValueId output : graph.nodes()[n].outputs) {
            if (!output.isValid() || output.index() >= outcomes.size()) {
                continue;
            }
            const ValueOutcome &outcome = outcomes[output.index()];
            OpScore score;
            score.point = outcome.point;
            if (outcome.status == ValueStatus::Paired && outcome.point.isValid() &&
                outcome.point.index() < result.points.size()) {
                score = scoreOf(result, outcome.point);
            }
            score.match = matchOf(outcome.status);
            if (scores[n].match == OpScore::Match::None || isWorse(score, scores[n])) {
                scores[n] = score;
            }
        }
    }
    return scores;
}

} // namespace syncpoint
