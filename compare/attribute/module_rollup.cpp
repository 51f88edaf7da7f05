#include "compare/attribute/module_rollup.h"

#include <algorithm>
#include <cmath>

namespace syncpoint {
namespace {

/// A module nested deeper than this adds to its innermost ancestors and the root only.
constexpr std::size_t kDeepest = 128;

template <typename Visit>
void forEachEnclosing(const Graph &graph, ModuleId module, Visit visit)
{
    std::size_t steps = 0;
    while (module.isValid() && module.index() != 0 && steps++ < kDeepest) {
        visit(module);
        module = graph.module(module).parent;
    }
    visit(ModuleId{0});
}

/// Stored bytes of the constants behind an op's operands, seen through the ops that dequantize or
/// reshape them. Marks them, so that shared weights count once.
std::uint64_t weightBytes(const Graph &graph, NodeId node, std::vector<bool> &seen)
{
    constexpr int kLongestWay = 8;
    std::uint64_t bytes = 0;
    for (ValueId input : graph.node(node).inputs) {
        for (int step = 0; step < kLongestWay && input.isValid(); ++step) {
            const Value &value = graph.value(input);
            if (value.constant) {
                if (!seen[input.index()] && value.constant->elements() > 1) {
                    seen[input.index()] = true;
                    bytes += value.constant->storedBytes();
                }
                break;
            }
            const bool isView = value.producer.isValid() &&
                                graph.node(value.producer).inputs.size() <= 3 &&
                                (graph.node(value.producer).opType == "DequantizeLinear" ||
                                 graph.node(value.producer).opType == "Cast" ||
                                 graph.node(value.producer).opType == "Transpose" ||
                                 graph.node(value.producer).opType == "Reshape");
            input = isView ? graph.node(value.producer).inputs.front() : ValueId{};
        }
    }
    return bytes;
}

class RollUp
{
public:
    RollUp(const Graph &baseline, const Alignment &alignment, std::span<const ModulePoint> points,
           bool higherIsBetter)
        : m_graph(baseline), m_alignment(alignment), m_points(points),
          m_higherIsBetter(higherIsBetter), m_rows(baseline.modules().size()),
          m_headlines(baseline.modules().size())
    {
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            m_rows[i].module = ModuleId{i};
        }
    }

    std::vector<ModuleScore> run(const Graph &candidate)
    {
        std::vector<bool> seen(candidate.values().size());
        for (std::size_t i = 0; i < m_points.size(); ++i) {
            addPoint(i, candidate, seen);
        }
        addParameters();
        finish();
        return inTreeOrder();
    }

private:
    bool isWorse(double a, double b) const { return m_higherIsBetter ? a < b : a > b; }

    void addPoint(std::size_t index, const Graph &candidate, std::vector<bool> &seen)
    {
        const SyncPoint &sync = m_alignment.points[index];
        const ModulePoint &point = m_points[index];
        std::uint64_t bytes =
            sync.candidateNode.isValid() ? weightBytes(candidate, sync.candidateNode, seen) : 0;
        for (const NodeId node : sync.absorbedCandidate) {
            bytes += weightBytes(candidate, node, seen);
        }
        const ModuleId home =
            sync.referenceNode.isValid() ? m_graph.node(sync.referenceNode).module : ModuleId{0};
        m_totalIntroduced += point.introduced;
        forEachEnclosing(m_graph, home, [&](ModuleId module) {
            ModuleScore &row = m_rows[module.index()];
            ++row.syncPoints;
            row.bytes += bytes;
            row.introducedShare += point.introduced; // made a share in finish()
            addTime(row.baselineMicroseconds, point.baselineMicroseconds);
            addTime(row.candidateMicroseconds, point.candidateMicroseconds);
            if (!point.isCompared) {
                return;
            }
            row.ok += point.severity == Severity::Ok ? 1U : 0U;
            row.warn += point.severity == Severity::Warn ? 1U : 0U;
            row.bad += point.severity == Severity::Bad ? 1U : 0U;
            if (!point.headline || std::isnan(*point.headline)) {
                return;
            }
            m_headlines[module.index()].push_back(*point.headline);
            if (!row.worst || isWorse(*point.headline, *row.worst)) {
                row.worst = point.headline;
                row.worstPoint = SyncPointId{index};
            }
        });
    }

    static void addTime(std::optional<double> &sum, const std::optional<double> &part)
    {
        if (part) {
            sum = sum.value_or(0.0) + *part;
        }
    }

    void addParameters()
    {
        const auto sizes = m_graph.parameterSizePerModule();
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            forEachEnclosing(m_graph, ModuleId{i}, [&](ModuleId module) {
                m_rows[module.index()].parameters += sizes[i].parameters;
                m_rows[module.index()].baselineBytes += sizes[i].bytes;
            });
        }
    }

    void finish()
    {
        const auto all = static_cast<double>(m_rows.front().parameters);
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            ModuleScore &row = m_rows[i];
            row.introducedShare =
                m_totalIntroduced > 0.0 ? row.introducedShare / m_totalIntroduced : 0.0;
            row.parameterShare = all > 0.0 ? static_cast<double>(row.parameters) / all : 0.0;
            auto &headlines = m_headlines[i];
            if (!headlines.empty()) {
                const auto middle =
                    headlines.begin() + static_cast<std::ptrdiff_t>(headlines.size() / 2);
                std::nth_element(headlines.begin(), middle, headlines.end());
                row.median = *middle;
            }
        }
    }

    std::vector<ModuleScore> inTreeOrder() const
    {
        std::vector<ModuleScore> ordered;
        std::vector<ModuleId> pending{ModuleId{0}};
        while (!pending.empty()) {
            const ModuleId module = pending.back();
            pending.pop_back();
            if (m_rows[module.index()].syncPoints > 0) {
                ordered.push_back(m_rows[module.index()]);
            }
            const auto &children = m_graph.module(module).children;
            pending.insert(pending.end(), children.rbegin(), children.rend());
        }
        return ordered;
    }

    const Graph &m_graph;
    const Alignment &m_alignment;
    std::span<const ModulePoint> m_points;
    bool m_higherIsBetter;
    double m_totalIntroduced = 0.0;
    std::vector<ModuleScore> m_rows;
    std::vector<std::vector<double>> m_headlines;
};

} // namespace

std::vector<ModuleScore> rollUpModules(const Graph &baseline, const Graph &candidate,
                                       const Alignment &alignment,
                                       std::span<const ModulePoint> points, bool higherIsBetter)
{
    return RollUp(baseline, alignment, points, higherIsBetter).run(candidate);
}

const ModuleScore *standoutModule(const Graph &baseline, std::span<const ModuleScore> modules)
{
    constexpr double kSmallestShare = 0.1; // of the error, to be worth a sentence
    constexpr double kSmallestParameter =
        1e-3;                        // modules without parameters are not infinitely light
    constexpr double kClearly = 2.0; // times its share of the parameters
    if (modules.empty() || modules.front().parameters == 0) {
        return nullptr; // a dump says nothing of them
    }
    const ModuleScore *best = nullptr;
    double bestScore = 0.0;
    for (const ModuleScore &row : modules) { // depth first: children come after their parents
        const double weight = std::max(row.parameterShare, kSmallestParameter);
        const double ratio = row.introducedShare / weight;
        if (baseline.module(row.module).path.empty() || row.introducedShare < kSmallestShare ||
            !(ratio >= kClearly)) {
            continue;
        }
        const double score = row.introducedShare * std::log(ratio);
        constexpr double kTie = 0.999; // a parent that only wraps its child says less
        if (best == nullptr || score >= kTie * bestScore) {
            best = &row;
            bestScore = std::max(score, bestScore);
        }
    }
    return best;
}

} // namespace syncpoint
