#include "compare/attribute/divergence.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

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

/// "op 'x' (Conv) in module m, model.py line 12"
std::string describe(const Graph &graph, NodeId id, const std::string &value)
{
    if (!id.isValid()) {
        return fmt::format("the input '{}'", value);
    }
    const Node &node = graph.node(id);
    std::string text = fmt::format("{} ({})", graph.displayName(id), node.opType);
    if (const std::string &module = graph.module(node.module).path; !module.empty()) {
        text += fmt::format(" in {}", module);
    }
    for (const SourceFrame &frame : node.source) {
        if (isUserFrame(frame) && frame.line > 0) {
            text += fmt::format(", {} line {}", frame.file, frame.line);
            break;
        }
    }
    return text;
}

class Judge
{
public:
    Judge(const Graph &baseline, const Alignment &alignment, std::span<const PointError> errors,
          std::span<const PointAttribution> attributions, std::span<const ModuleScore> modules)
        : m_graph(baseline), m_alignment(alignment), m_errors(errors), m_attributions(attributions),
          m_modules(modules)
    {
    }

    Divergence run()
    {
        rankSuspects();
        if (!findNonfinite() && !allIsWell() && !findBadInput() && !findDominant()) {
            m_result.verdict = Divergence::Verdict::Accumulated;
        }
        m_result.sentence = sentence();
        return std::move(m_result);
    }

private:
    void rankSuspects()
    {
        double all = 0.0;
        for (std::size_t i = 0; i < m_attributions.size(); ++i) {
            const double score = m_attributions[i].introducedOrDelta();
            if (m_errors[i].isCompared && (score > 0.0 || startsNonfinite(i))) {
                m_result.suspects.push_back({SyncPointId{i}, score, 0.0, m_attributions[i].hints});
                all += score;
            }
        }
        std::stable_sort(m_result.suspects.begin(), m_result.suspects.end(),
                         [&](const auto &a, const auto &b) {
                             const bool nonfiniteA = startsNonfinite(a.point.index());
                             const bool nonfiniteB = startsNonfinite(b.point.index());
                             return nonfiniteA != nonfiniteB ? nonfiniteA : a.score > b.score;
                         });
        for (auto &suspect : m_result.suspects) {
            suspect.share = all > 0.0 ? suspect.score / all : 0.0;
        }
        m_result.suspects.resize(std::min(m_result.suspects.size(), kMostSuspects));
    }

    bool startsNonfinite(std::size_t index) const
    {
        const auto &inputs = m_attributions[index].inputs;
        return m_errors[index].isNonfinite &&
               std::none_of(inputs.begin(), inputs.end(),
                            [&](SyncPointId input) { return m_errors[input.index()].isNonfinite; });
    }

    bool findNonfinite()
    {
        for (std::size_t i = 0; i < m_errors.size(); ++i) {
            if (startsNonfinite(i)) {
                m_result.start.push_back(SyncPointId{i});
            }
        }
        m_isNonfinite = !m_result.start.empty();
        m_result.verdict = m_result.start.size() > 1 ? Divergence::Verdict::Set
                           : m_isNonfinite           ? Divergence::Verdict::Start
                                                     : Divergence::Verdict::None;
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
            if (!m_alignment.points[i].referenceNode.isValid() && m_attributions[i].isSource) {
                m_result.start.push_back(SyncPointId{i});
            }
        }
        m_isInput = !m_result.start.empty();
        if (m_isInput) {
            m_result.verdict =
                m_result.start.size() > 1 ? Divergence::Verdict::Set : Divergence::Verdict::Start;
        }
        return m_isInput;
    }

    bool findDominant()
    {
        const auto &suspects = m_result.suspects;
        const auto isOff = [&](const Divergence::Suspect &suspect) {
            return m_errors[suspect.point.index()].severity != Severity::Ok;
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

    std::string describe(SyncPointId id) const
    {
        const SyncPoint &point = m_alignment.point(id);
        return syncpoint::describe(m_graph, point.referenceNode,
                                   m_graph.qualifiedName(point.reference));
    }

    double shareOf(SyncPointId id) const
    {
        for (const auto &suspect : m_result.suspects) {
            if (suspect.point == id) {
                return suspect.share;
            }
        }
        return 0.0;
    }

    std::string sentence() const
    {
        switch (m_result.verdict) {
        case Divergence::Verdict::Start: {
            const SyncPointId id = m_result.start.front();
            const auto &hints = m_attributions[id.index()].hints;
            const std::string why =
                m_isNonfinite ? "it is the first to lose finite values"
                : m_isInput   ? "the candidate changes its numbers before the first op reads them"
                              : fmt::format("{:.0f} % of the outputs' error starts there",
                                            100.0 * shareOf(id));
            return fmt::format("The divergence starts at {}: {}{}.", describe(id), why,
                               hints.empty() ? "" : "; " + hints.front());
        }
        case Divergence::Verdict::Set: {
            std::vector<std::string> ops;
            for (const SyncPointId id : m_result.start) {
                if (ops.size() == kLargestSet) {
                    ops.push_back(fmt::format("{} more", m_result.start.size() - kLargestSet));
                    break;
                }
                ops.push_back(describe(id));
            }
            return fmt::format("The divergence starts in {} places: {}.", m_result.start.size(),
                               fmt::join(ops, "; "));
        }
        case Divergence::Verdict::Accumulated:
            return accumulated();
        case Divergence::Verdict::None:
            break;
        }
        const bool any = std::any_of(m_errors.begin(), m_errors.end(),
                                     [](const PointError &error) { return error.isCompared; });
        return any ? "Every compared value is within its limits."
                   : "Nothing was compared, so nothing can be said.";
    }

    std::string accumulated() const
    {
        std::string text = "No single culprit: the error accumulates";
        if (const ModuleScore *module = standoutModule(m_graph, m_modules)) {
            text += fmt::format("; {} ({:.1f} % of the parameters) introduces {:.0f} % of it",
                                m_graph.module(module->module).path, 100.0 * module->parameterShare,
                                100.0 * module->introducedShare);
        }
        if (!m_result.suspects.empty() && m_result.suspects.front().share > 0.0) {
            const auto &first = m_result.suspects.front();
            text += fmt::format("; the largest part of one op is {:.0f} %, at {}",
                                100.0 * first.share, describe(first.point));
        }
        return text + ".";
    }

    const Graph &m_graph;
    const Alignment &m_alignment;
    std::span<const PointError> m_errors;
    std::span<const PointAttribution> m_attributions;
    std::span<const ModuleScore> m_modules;
    Divergence m_result;
    bool m_isNonfinite = false;
    bool m_isInput = false;
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
                          std::span<const ModuleScore> modules)
{
    return Judge(baseline, alignment, errors, attributions, modules).run();
}

} // namespace syncpoint
