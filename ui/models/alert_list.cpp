#include "ui/models/alert_list.h"

#include "compare/align/coverage.h"
#include "ui/models/display_text.h"
#include "ui/models/result_index.h"
#include "ui/session/model_inspection.h"

#include <algorithm>
#include <cmath>

namespace syncpoint {

namespace {

constexpr double kSaturatedShare = 0.01; ///< of the elements; rounding alone stays far below
constexpr double kDoubtful = 0.8;        ///< confidences below are guesses (docs/alignment.md)

class AlertFinder
{
public:
    explicit AlertFinder(const ComparisonResult &result) : m_result(result) {}

    std::vector<Alert> run()
    {
        addStart();
        addFirstNonFinite();
        addFirstOverflow();
        addSaturated();
        addSuspicious();
        addUnmatched(Side::Candidate, m_result.alignment.candidate);
        addUnmatched(Side::Baseline, m_result.alignment.reference);
        return std::move(m_alerts);
    }

private:
    bool isCompared(std::size_t i) const
    {
        return m_result.points[i].status == PointStatus::Compared;
    }
    const PairStatistics &statistics(std::size_t i) const
    {
        return m_result.points[i].overall.statistics;
    }

    void add(Alert::Kind kind, Severity severity, std::size_t point, const QString &detail)
    {
        Alert alert{kind, severity, itemForPoint(m_result, SyncPointId{point}), {}, detail};
        const Graph &graph = *m_result.baseline.graph;
        alert.name = QString::fromStdString(alert.item.node.isValid()
                                                ? graph.displayName(alert.item.node)
                                                : graph.qualifiedName(alert.item.value));
        m_alerts.push_back(std::move(alert));
    }

    void addStart()
    {
        const Divergence &divergence = m_result.divergence;
        for (const SyncPointId start : divergence.start) {
            add(Alert::Kind::Start, Severity::Bad, start.index(),
                QStringLiteral("%1; the error starts here")
                    .arg(scoreText(m_result, m_result.point(start))));
        }
        if (divergence.start.empty() && !divergence.suspects.empty()) {
            const Divergence::Suspect &first = divergence.suspects.front();
            add(Alert::Kind::Start, m_result.point(first.point).severity, first.point.index(),
                QStringLiteral("%1; adds most, %2")
                    .arg(scoreText(m_result, m_result.point(first.point)), shareText(first.share)));
        }
    }

    void addFirstNonFinite()
    {
        for (std::size_t i = 0; i < m_result.points.size(); ++i) {
            const PairStatistics &pair = statistics(i);
            if (!isCompared(i) || pair.reference.total() + pair.candidate.total() == 0) {
                continue;
            }
            add(Alert::Kind::NonFinite, pair.nonfiniteMismatch > 0 ? Severity::Bad : Severity::Warn,
                i,
                QStringLiteral("%1 NaN and %2 Inf in the candidate, %3 and %4 in the baseline")
                    .arg(countText(pair.candidate.nan),
                         countText(pair.candidate.positiveInf + pair.candidate.negativeInf),
                         countText(pair.reference.nan),
                         countText(pair.reference.positiveInf + pair.reference.negativeInf)));
            return;
        }
    }

    void addFirstOverflow()
    {
        for (std::size_t i = 0; i < m_result.points.size(); ++i) {
            const PairStatistics &pair = statistics(i);
            const auto infs = [](const NonfiniteCounts &counts) {
                return counts.positiveInf + counts.negativeInf;
            };
            if (isCompared(i) && infs(pair.candidate) > infs(pair.reference)) {
                add(Alert::Kind::Overflow, Severity::Bad, i,
                    QStringLiteral("%1 values became infinite; the baseline reaches %2")
                        .arg(countText(infs(pair.candidate) - infs(pair.reference)))
                        .arg(std::max(std::abs(pair.minR), std::abs(pair.maxR)), 0, 'g', 4));
                return;
            }
        }
    }

    void addSaturated()
    {
        std::vector<std::pair<double, std::size_t>> shares;
        for (std::size_t i = 0; i < m_result.points.size(); ++i) {
            const PairStatistics &pair = statistics(i);
            if (!isCompared(i) || !pair.hasSaturation || pair.total == 0) {
                continue;
            }
            const double share =
                static_cast<double>(pair.saturated) / static_cast<double>(pair.total);
            // A ReLU's integers rest at their lowest; that costs nothing while the score is ok.
            if (share >= kSaturatedShare && m_result.points[i].severity != Severity::Ok) {
                shares.emplace_back(-share, i);
            }
        }
        std::sort(shares.begin(), shares.end());
        for (const auto &[share, point] : shares) {
            add(Alert::Kind::Saturated, Severity::Warn, point,
                QStringLiteral("%1 of the integers sit at their limits").arg(shareText(-share)));
        }
    }

    void addSuspicious()
    {
        std::vector<std::size_t> readers(m_result.points.size(), 0);
        std::vector<std::size_t> badReaders(m_result.points.size(), 0);
        for (std::size_t i = 0; i < m_result.points.size(); ++i) {
            for (const SyncPointId input : m_result.points[i].attribution.inputs) {
                ++readers[input.index()];
                badReaders[input.index()] += m_result.points[i].severity != Severity::Ok ? 1U : 0U;
            }
        }
        for (std::size_t i = 0; i < m_result.points.size(); ++i) {
            const Match &match = m_result.alignment.points[i].match;
            if (!isCompared(i) || m_result.points[i].severity != Severity::Bad ||
                match.rule == "manual") {
                continue;
            }
            const QString score = scoreText(m_result, m_result.points[i]);
            if (readers[i] > 0 && badReaders[i] == 0) {
                add(Alert::Kind::SuspiciousMatch, Severity::Warn, i,
                    QStringLiteral("%1, yet all that is computed from it is ok").arg(score));
            } else if (match.confidence < kDoubtful) {
                add(Alert::Kind::SuspiciousMatch, Severity::Warn, i,
                    QStringLiteral("%1, paired by %2 with confidence %3 only")
                        .arg(score, QString::fromStdString(match.rule),
                             shareText(match.confidence)));
            }
        }
    }

    void addUnmatched(Side side, const std::vector<ValueOutcome> &outcomes)
    {
        const Graph &graph = *sideOf(m_result, side).graph;
        const ResultIndex index(m_result);
        const OpCoverage ops = matchableOps(graph, outcomes);
        std::vector<NodeId> unpaired = ops.oneSided; // a Relu that was lost is one
        for (const MatchableOp &op : ops.matchable) {
            if (!op.point.isValid()) {
                unpaired.push_back(op.node);
            }
        }
        std::sort(unpaired.begin(), unpaired.end());
        for (const NodeId node : unpaired) {
            Alert alert{Alert::Kind::Unmatched, Severity::Warn,
                        itemForNode(m_result, index, side, node),
                        QString::fromStdString(graph.displayName(node)), QString()};
            const ValueId value = alert.item.value;
            const std::string reason = value.isValid() && value.index() < outcomes.size()
                                           ? outcomes[value.index()].reason
                                           : std::string();
            alert.detail = QStringLiteral("%1 of the %2: %3")
                               .arg(QString::fromStdString(graph.node(node).opType),
                                    side == Side::Baseline ? QStringLiteral("baseline")
                                                           : QStringLiteral("candidate"),
                                    reason.empty() ? QStringLiteral("no counterpart")
                                                   : QString::fromStdString(reason));
            m_alerts.push_back(std::move(alert));
        }
    }

    const ComparisonResult &m_result;
    std::vector<Alert> m_alerts;
};

} // namespace

QString alertTitle(Alert::Kind kind)
{
    switch (kind) {
    case Alert::Kind::Start:
        return QStringLiteral("Start of divergence");
    case Alert::Kind::NonFinite:
        return QStringLiteral("First NaN or Inf");
    case Alert::Kind::Overflow:
        return QStringLiteral("First overflow");
    case Alert::Kind::Saturated:
        return QStringLiteral("Saturated");
    case Alert::Kind::SuspiciousMatch:
        return QStringLiteral("Suspicious match");
    case Alert::Kind::Unmatched:
        break;
    }
    return QStringLiteral("No counterpart");
}

std::vector<Alert> findAlerts(const ComparisonResult &result)
{
    return hasCandidate(result) ? AlertFinder(result).run() : std::vector<Alert>();
}

} // namespace syncpoint
