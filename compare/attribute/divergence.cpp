#include "compare/attribute/divergence.h"
#include "compare/attribute/divergence_sentence.h"
#include "compare/attribute/replay_attribution.h"

#include <algorithm>
#include <cmath>

namespace syncpoint {
namespace {

constexpr std::size_t kMostSuspects = 50;
// Healthy quantized networks spread their error: in the project's own int8 and int4 models the
// largest single share stays below a quarter.
constexpr double kDominant = 0.6;  // of the outputs' error, for one op alone
constexpr double kTimesNext = 3.0; // and this many times the next one
constexpr double kPartOfSet = 0.2; // each member of a set; together they must be dominant
constexpr std::size_t kLargestSet = 3;
/// An op that breaks its promise is a start only if this part of the outputs' error starts there.
constexpr double kMatters = 0.02;
/// A failed static check needs less of an excess to be believed.
constexpr double kCheckedExcess = 2.0;

class Judge
{
public:
    Judge(const Graph &baseline, const Alignment &alignment, std::span<const PointError> errors,
          std::span<const PointAttribution> attributions, std::span<const ModuleScore> modules,
          std::uint64_t candidateBytes)
        : m_graph(baseline), m_alignment(alignment), m_errors(errors), m_attributions(attributions),
          m_modules(modules), m_candidateBytes(candidateBytes)
    {
    }

    Divergence run()
    {
        rankSuspects();
        if (!findNonfinite() && !findFaulty() && !allIsWell() && !findBadInput() &&
            !findDominant()) {
            m_result.verdict = Divergence::Verdict::Accumulated;
        }
        followForward();
        measureStability();
        m_result.sentence = divergenceSentence(
            m_graph, m_alignment, {m_errors, m_modules, m_candidateBytes, m_isNonfinite}, m_result);
        return std::move(m_result);
    }

private:
    void rankSuspects()
    {
        double all = 0.0;
        for (std::size_t i = 0; i < m_attributions.size(); ++i) {
            all += m_attributions[i].introducedOrDelta();
            m_isReplayed = m_isReplayed || m_attributions[i].excess.has_value();
        }
        for (std::size_t i = 0; i < m_attributions.size(); ++i) {
            if (!m_errors[i].isCompared) {
                continue;
            }
            const PointAttribution &point = m_attributions[i];
            const double own = point.introducedOrDelta();
            Divergence::Suspect suspect{SyncPointId{i}, own, all > 0.0 ? own / all : 0.0, false,
                                        point.hints};
            if (m_isReplayed && point.excess) {
                suspect.score = suspect.share * unexplained(*point.excess);
            }
            suspect.isFaulty = breaksPromise(point) && suspect.share >= kMatters;
            suspect.hints.insert(suspect.hints.begin(), point.faults.begin(), point.faults.end());
            if (suspect.score > 0.0 || startsNonfinite(i)) {
                m_result.suspects.push_back(std::move(suspect));
            }
        }
        const auto rank = [&](const Divergence::Suspect &suspect) {
            return startsNonfinite(suspect.point.index()) ? 2 : suspect.isFaulty ? 1 : 0;
        };
        std::stable_sort(m_result.suspects.begin(), m_result.suspects.end(),
                         [&](const auto &a, const auto &b) {
                             return rank(a) != rank(b) ? rank(a) > rank(b) : a.score > b.score;
                         });
        m_result.suspects.resize(std::min(m_result.suspects.size(), kMostSuspects));
    }

    /// The part of an introduced error that the number formats do not explain.
    static double unexplained(double excess) { return std::max(0.0, 1.0 - 1.0 / excess); }

    static bool breaksPromise(const PointAttribution &point)
    {
        return point.excess && (*point.excess > kExcessLimit ||
                                (*point.excess > kCheckedExcess && !point.faults.empty()));
    }

    bool startsNonfinite(std::size_t index) const
    {
        const auto &inputs = m_attributions[index].inputs;
        return m_attributions[index].losesFinite ||
               (m_errors[index].isNonfinite &&
                std::none_of(inputs.begin(), inputs.end(), [&](SyncPointId input) {
                    return m_errors[input.index()].isNonfinite;
                }));
    }

    /// Start or set when a start was found.
    bool concludeStart()
    {
        m_result.verdict = m_result.start.empty()       ? Divergence::Verdict::None
                           : m_result.start.size() == 1 ? Divergence::Verdict::Start
                                                        : Divergence::Verdict::Set;
        return !m_result.start.empty();
    }

    /// Ops that break their promise, without those behind others: these see numbers that nobody
    /// promised anything about.
    bool findFaulty()
    {
        std::vector<bool> isBehind(m_errors.size());
        std::vector<bool> isFaulty(m_errors.size());
        for (const Divergence::Suspect &suspect : m_result.suspects) {
            isFaulty[suspect.point.index()] = suspect.isFaulty;
        }
        for (std::size_t i = 0; i < m_errors.size(); ++i) { // inputs stand before their readers
            for (const SyncPointId input : m_attributions[i].inputs) {
                isBehind[i] = isBehind[i] || isBehind[input.index()] || isFaulty[input.index()];
            }
            if (isFaulty[i] && !isBehind[i]) {
                m_result.start.push_back(SyncPointId{i});
            }
        }
        return concludeStart();
    }

    /// The way of the error: from where it starts on, always to the reader with the largest error.
    void followForward()
    {
        if (m_result.start.empty() && m_result.suspects.empty()) {
            return;
        }
        const SyncPointId first =
            m_result.start.empty() ? m_result.suspects.front().point : m_result.start.front();
        std::vector<SyncPointId> next(m_errors.size());
        for (std::size_t i = 0; i < m_errors.size(); ++i) {
            for (const SyncPointId input : m_attributions[i].inputs) {
                SyncPointId &reader = next[input.index()];
                const bool isLarger =
                    !reader.isValid() || m_errors[i].nsr > m_errors[reader.index()].nsr;
                if (input.index() < i && isLarger) {
                    reader = SyncPointId{i};
                }
            }
        }
        for (SyncPointId at = first; at.isValid(); at = next[at.index()]) {
            m_result.path.push_back(at);
        }
    }

    void measureStability()
    {
        if (m_result.suspects.empty() || !m_isReplayed) {
            return;
        }
        const auto &own = m_attributions[m_result.suspects.front().point.index()].sampleExcess;
        std::size_t first = 0;
        for (std::size_t sample = 0; sample < own.size(); ++sample) {
            first += std::all_of(m_attributions.begin(), m_attributions.end(),
                                 [&](const PointAttribution &other) {
                                     return other.sampleExcess.size() <= sample ||
                                            other.sampleExcess[sample] <= own[sample];
                                 })
                         ? 1U
                         : 0U;
        }
        if (own.size() > 1) {
            m_result.stability = static_cast<double>(first) / static_cast<double>(own.size());
        }
    }

    bool findNonfinite()
    {
        for (std::size_t i = 0; i < m_errors.size(); ++i) {
            if (startsNonfinite(i)) {
                m_result.start.push_back(SyncPointId{i});
            }
        }
        m_isNonfinite = concludeStart();
        return m_isNonfinite;
    }

    /// Nothing is beyond its limits, or nothing was compared: None.
    bool allIsWell() const
    {
        return std::none_of(m_errors.begin(), m_errors.end(), [](const PointError &error) {
            return error.isCompared && error.severity != Severity::Ok;
        });
    }

    /// Both models get the same inputs: one that is bad already was clipped or rescaled by the
    /// candidate's own quantizer.
    bool findBadInput()
    {
        for (std::size_t i = 0; i < m_errors.size(); ++i) {
            if (!m_alignment.points[i].referenceNode.isValid() && m_attributions[i].isSource &&
                !m_attributions[i].excess) {
                m_result.start.push_back(SyncPointId{i});
            }
        }
        return concludeStart();
    }

    bool findDominant()
    {
        const auto &suspects = m_result.suspects;
        const auto isOff = [&](const Divergence::Suspect &suspect) {
            return m_errors[suspect.point.index()].severity != Severity::Ok &&
                   !m_attributions[suspect.point.index()].excess; // replay knows better
        };
        if (!suspects.empty() && suspects.front().share >= kDominant && isOff(suspects.front()) &&
            (suspects.size() == 1 || suspects[0].share >= kTimesNext * suspects[1].share)) {
            m_result.verdict = Divergence::Verdict::Start;
            m_result.start = {suspects.front().point};
            return true;
        }
        double together = 0.0;
        std::vector<SyncPointId> members;
        for (const auto &suspect : suspects) {
            if (suspect.share < kPartOfSet || !isOff(suspect) || members.size() == kLargestSet) {
                break;
            }
            together += suspect.share;
            members.push_back(suspect.point);
        }
        if (members.size() < 2 || together < kDominant) {
            return false;
        }
        std::sort(members.begin(), members.end());
        m_result.verdict = Divergence::Verdict::Set;
        m_result.start = std::move(members);
        return true;
    }

    const Graph &m_graph;
    const Alignment &m_alignment;
    std::span<const PointError> m_errors;
    std::span<const PointAttribution> m_attributions;
    std::span<const ModuleScore> m_modules;
    std::uint64_t m_candidateBytes;
    Divergence m_result;
    bool m_isNonfinite = false;
    bool m_isReplayed = false;
};

} // namespace

std::string_view verdictName(Divergence::Verdict verdict)
{
    switch (verdict) {
    case Divergence::Verdict::Start:
        return "start";
    case Divergence::Verdict::Set:
        return "set";
    case Divergence::Verdict::Accumulated:
        return "accumulated";
    case Divergence::Verdict::None:
        break;
    }
    return "none";
}

Divergence findDivergence(const Graph &baseline, const Alignment &alignment,
                          std::span<const PointError> errors,
                          std::span<const PointAttribution> attributions,
                          std::span<const ModuleScore> modules, std::uint64_t candidateBytes)
{
    return Judge(baseline, alignment, errors, attributions, modules, candidateBytes).run();
}

} // namespace syncpoint
