#include "compare/attribute/divergence_sentence.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace syncpoint {
namespace {

constexpr std::size_t kMostNamed = 3;

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

class Sentence
{
public:
    Sentence(const Graph &baseline, const Alignment &alignment, const SentenceFacts &facts,
             const Divergence &divergence)
        : m_graph(baseline), m_alignment(alignment), m_facts(facts), m_divergence(divergence)
    {
    }

    std::string write() const
    {
        switch (m_divergence.verdict) {
        case Divergence::Verdict::Start:
            return start();
        case Divergence::Verdict::Set:
            return set();
        case Divergence::Verdict::Accumulated:
            return accumulated();
        case Divergence::Verdict::None:
            break;
        }
        const bool any = std::any_of(m_facts.errors.begin(), m_facts.errors.end(),
                                     [](const PointError &error) { return error.isCompared; });
        return any ? "Every compared value is within its limits."
                   : "Nothing was compared, so nothing can be said.";
    }

private:
    std::string describe(SyncPointId id) const
    {
        const SyncPoint &point = m_alignment.point(id);
        return syncpoint::describe(m_graph, point.referenceNode,
                                   m_graph.qualifiedName(point.reference));
    }

    std::string start() const
    {
        const SyncPointId id = m_divergence.start.front();
        const auto suspect =
            std::find_if(m_divergence.suspects.begin(), m_divergence.suspects.end(),
                         [id](const auto &other) { return other.point == id; });
        const bool isSuspect = suspect != m_divergence.suspects.end();
        const std::string why =
            m_facts.losesFinite ? "it is the first to lose finite values"
            : !m_alignment.point(id).referenceNode.isValid()
                ? "the candidate changes its numbers before the first op reads them"
                : fmt::format("{:.0f} % of the outputs' error starts there",
                              isSuspect ? 100.0 * suspect->share : 0.0);
        return fmt::format("The divergence starts at {}: {}{}.", describe(id), why,
                           !isSuspect || suspect->hints.empty() ? ""
                                                                : "; " + suspect->hints.front());
    }

    std::string set() const
    {
        std::vector<std::string> ops;
        for (const SyncPointId id : m_divergence.start) {
            if (ops.size() == kMostNamed) {
                ops.push_back(fmt::format("{} more", m_divergence.start.size() - kMostNamed));
                break;
            }
            ops.push_back(describe(id));
        }
        return fmt::format("The divergence starts in {} places: {}.", m_divergence.start.size(),
                           fmt::join(ops, "; "));
    }

    std::string accumulated() const
    {
        std::string text = "No single culprit: the error accumulates";
        if (const ModuleScore *module = standoutModule(m_graph, m_facts.modules)) {
            text += fmt::format("; {} has {:.1f} % of the parameters and introduces {:.0f} % of it",
                                m_graph.module(module->module).path, 100.0 * module->parameterShare,
                                100.0 * module->introducedShare);
            if (m_facts.candidateBytes > 0 && module->baselineBytes > module->bytes) {
                text +=
                    fmt::format(", keeping it as it was adds {:.1f} % to the file",
                                100.0 * static_cast<double>(module->baselineBytes - module->bytes) /
                                    static_cast<double>(m_facts.candidateBytes));
            }
        }
        const auto largest =
            std::max_element(m_divergence.suspects.begin(), m_divergence.suspects.end(),
                             [](const auto &a, const auto &b) { return a.share < b.share; });
        if (largest != m_divergence.suspects.end() && largest->share > 0.0) {
            text += fmt::format("; the largest part of one op is {:.0f} %, at {}",
                                100.0 * largest->share, describe(largest->point));
        }
        return text + ".";
    }

    const Graph &m_graph;
    const Alignment &m_alignment;
    const SentenceFacts &m_facts;
    const Divergence &m_divergence;
};

} // namespace

std::string divergenceSentence(const Graph &baseline, const Alignment &alignment,
                               const SentenceFacts &facts, const Divergence &divergence)
{
    return Sentence(baseline, alignment, facts, divergence).write();
}

} // namespace syncpoint
