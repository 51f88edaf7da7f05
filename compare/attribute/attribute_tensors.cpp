#include "compare/attribute/attribute_tensors.h"
#include "compare/align/op_family.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace syncpoint {
namespace {

/// Ancestors looked at per point: ops with nothing compared before them end in a huge gap, where
/// "nearest" means nothing any more.
constexpr std::size_t kLargestGap = 4096;

/// How an op passes on the errors of its operands.
enum class Mixing {
    Energies, ///< sums: absolute errors add
    Ratios,   ///< products: relative errors add
    Worst,    ///< anything else: at least the worst operand's relative error is taken as inherited
};

/// Relative errors grow in any nonlinearity and any difference of near numbers. Up to this gain (in
/// NSR, so 2² here) an op whose weights conversion left alone is taken to have passed on what it
/// got.
constexpr double kOrdinaryGrowth = 4.0;

/// Equal type, size and, at both ends, bytes: weights of gigabytes are not read whole for this.
bool isSameData(const Tensor &a, const Tensor &b)
{
    constexpr std::size_t kSample = std::size_t{64} << 10U;
    if (a.info().dtype != b.info().dtype || a.storedBytes() != b.storedBytes() ||
        a.elements() != b.elements()) {
        return false;
    }
    const auto own = a.bytes();
    const auto other = b.bytes();
    const std::size_t length = std::min(own.size(), kSample);
    return std::ranges::equal(own.first(length), other.first(length)) &&
           std::ranges::equal(own.last(length), other.last(length));
}

class TensorAttribution
{
public:
    TensorAttribution(const Graph &baseline, const Graph &candidate, const Alignment &alignment,
                      std::span<const PointError> errors)
        : m_graph(baseline), m_candidate(candidate), m_alignment(alignment), m_errors(errors),
          m_points(errors.size())
    {
    }

    std::vector<PointAttribution> run(std::span<const SyncPointId> outputs)
    {
        for (std::size_t i = 0; i < m_points.size(); ++i) {
            if (m_errors[i].isCompared) {
                attribute(SyncPointId{i});
            }
        }
        followBack(outputs);
        return std::move(m_points);
    }

private:
    const PointError &error(SyncPointId id) const { return m_errors[id.index()]; }

    /// Walks back from the point's op through values that were not compared.
    std::vector<SyncPointId> nearestCompared(SyncPointId id) const
    {
        std::vector<SyncPointId> found;
        std::unordered_set<std::size_t> seen;
        std::vector<NodeId> pending;
        const auto visitNode = [&](NodeId node) {
            if (node.isValid()) {
                pending.push_back(node);
            }
        };
        const auto visitValue = [&](ValueId value) {
            if (!value.isValid() || seen.size() > kLargestGap ||
                !seen.insert(value.index()).second) {
                return;
            }
            const ValueOutcome &outcome = m_alignment.reference[value.index()];
            if (outcome.status == ValueStatus::Excluded) {
                return;
            }
            if (outcome.status == ValueStatus::Paired && error(outcome.point).isCompared) {
                if (outcome.point != id) {
                    found.push_back(outcome.point);
                    return;
                }
            }
            visitNode(m_graph.value(value).producer);
        };
        visitNode(m_alignment.point(id).referenceNode);
        while (!pending.empty()) {
            const Node &node = m_graph.node(pending.back());
            pending.pop_back();
            std::for_each(node.inputs.begin(), node.inputs.end(), visitValue);
            for (const ScopeId body : node.bodies) {
                const auto &yielded = m_graph.scope(body).outputs;
                std::for_each(yielded.begin(), yielded.end(), visitValue);
            }
        }
        std::sort(found.begin(), found.end());
        found.erase(std::unique(found.begin(), found.end()), found.end());
        return found;
    }

    void attribute(SyncPointId id)
    {
        PointAttribution &result = m_points[id.index()];
        const PointError &own = error(id);
        result.level = PointAttribution::Level::Tensors;
        result.inputs = nearestCompared(id);
        result.region = m_alignment.point(id).absorbedReference;
        double worst = 0.0;
        double sum = 0.0;
        bool inputsOk = true;
        for (const SyncPointId input : result.inputs) {
            worst = std::max(worst, error(input).nsr);
            sum += error(input).nsr;
            inputsOk =
                inputsOk && error(input).severity == Severity::Ok && !error(input).isNonfinite;
        }
        result.isSource = inputsOk && (own.severity == Severity::Bad || own.isNonfinite);
        if (!std::isfinite(own.nsr)) {
            return;
        }
        result.nsr = own.nsr;
        if (std::isfinite(worst)) {
            result.deltaNsr = own.nsr - worst;
        }
        if (sum > 0.0 && std::isfinite(sum)) {
            result.gain = std::sqrt(own.nsr / sum);
        }
    }

    /// Sums and products whose operands were all compared themselves tell more than other ops.
    Mixing mixingOf(SyncPointId id) const
    {
        const NodeId node = m_alignment.point(id).referenceNode;
        const OpFamily *family = node.isValid() ? opFamilyOf(m_graph.node(node)) : nullptr;
        if (family == nullptr) {
            return Mixing::Worst;
        }
        std::size_t operands = 0;
        for (const ValueId input : m_graph.node(node).inputs) {
            const auto *outcome = input.isValid() ? &m_alignment.reference[input.index()] : nullptr;
            if (outcome == nullptr || outcome->status != ValueStatus::Paired ||
                !error(outcome->point).isCompared) {
                return Mixing::Worst; // a constant operand, or one that was looked through
            }
            ++operands;
        }
        if (operands < 2) {
            return Mixing::Worst;
        }
        return family->name == "add" || family->name == "sub" ? Mixing::Energies
               : family->name == "mul"                        ? Mixing::Ratios
                                                              : Mixing::Worst;
    }

    /// Whether conversion may have changed constants of the point's op or of one fused into it: it
    /// has some beyond scalars, and the candidate's op does not hold the same bytes.
    bool hasChangedWeights(SyncPointId id) const
    {
        const SyncPoint &point = m_alignment.point(id);
        std::vector<const Tensor *> kept;
        const auto collect = [&](NodeId node) {
            for (const ValueId input : m_candidate.node(node).inputs) {
                if (input.isValid() && m_candidate.value(input).constant) {
                    kept.push_back(&*m_candidate.value(input).constant);
                }
            }
        };
        if (point.candidateNode.isValid()) {
            collect(point.candidateNode);
        }
        std::for_each(point.absorbedCandidate.begin(), point.absorbedCandidate.end(), collect);
        const auto isChanged = [&](ValueId value) {
            if (!value.isValid() ||
                m_alignment.reference[value.index()].status != ValueStatus::Excluded) {
                return false;
            }
            const auto &constant = m_graph.value(value).constant;
            return !constant || (constant->elements() > 1 &&
                                 std::none_of(kept.begin(), kept.end(), [&](const Tensor *other) {
                                     return isSameData(*constant, *other);
                                 }));
        };
        const auto reads = [&](NodeId node) {
            const auto &inputs = m_graph.node(node).inputs;
            return std::any_of(inputs.begin(), inputs.end(), isChanged);
        };
        return (point.referenceNode.isValid() && reads(point.referenceNode)) ||
               std::any_of(point.absorbedReference.begin(), point.absorbedReference.end(), reads);
    }

    /// Where the error of a point comes from: the part of it that is its own, and how much each
    /// input stands for.
    double ownPart(SyncPointId id, std::vector<double> &weights) const
    {
        const PointAttribution &point = m_points[id.index()];
        const PointError &own = error(id);
        const Mixing mixing = mixingOf(id);
        double sum = 0.0;
        double worst = 0.0;
        for (const SyncPointId input : point.inputs) {
            const double part =
                mixing == Mixing::Energies ? error(input).errorEnergy : error(input).nsr;
            weights.push_back(std::isfinite(part) ? part : 0.0);
            sum += weights.back();
            worst = std::max(worst, weights.back());
        }
        if (sum <= 0.0 || !(own.nsr > 0.0)) {
            return 1.0;
        }
        for (double &weight : weights) {
            weight /= sum;
        }
        if (!std::isfinite(own.nsr)) {
            return 1.0;
        }
        if (own.ownShare) {
            return *own.ownShare;
        }
        if (mixing == Mixing::Energies) {
            const double inherited = own.baselineEnergy > 0.0 ? sum / own.baselineEnergy : 0.0;
            return std::clamp(1.0 - inherited / own.nsr, 0.0, 1.0);
        }
        const double inherited = (mixing == Mixing::Ratios ? sum : worst) *
                                 (hasChangedWeights(id) ? 1.0 : kOrdinaryGrowth);
        return std::clamp(1.0 - inherited / own.nsr, 0.0, 1.0);
    }

    /// Splits the outputs' error over the points, last op first. Points stand in execution order,
    /// so everything that flows into a point is known when it is reached.
    void followBack(std::span<const SyncPointId> outputs)
    {
        std::vector<double> arriving(m_points.size());
        bool any = false;
        for (const SyncPointId output : outputs) {
            const PointError &end = error(output);
            if (end.isCompared && std::isfinite(end.nsr)) {
                arriving[output.index()] += end.nsr;
                any = true;
            }
        }
        if (!any) {
            return;
        }
        for (std::size_t i = m_points.size(); i-- > 0;) {
            if (!m_errors[i].isCompared) {
                continue;
            }
            m_points[i].reachingOutput = 0.0;
            if (arriving[i] <= 0.0) {
                continue;
            }
            std::vector<double> weights;
            const double own = ownPart(SyncPointId{i}, weights);
            m_points[i].reachingOutput = arriving[i] * own;
            for (std::size_t k = 0; k < weights.size() && own < 1.0; ++k) {
                const std::size_t input = m_points[i].inputs[k].index();
                if (input < i) { // body and owner of a loop may stand the other way round
                    arriving[input] += arriving[i] * (1.0 - own) * weights[k];
                }
            }
        }
    }

    const Graph &m_graph;
    const Graph &m_candidate;
    const Alignment &m_alignment;
    std::span<const PointError> m_errors;
    std::vector<PointAttribution> m_points;
};

} // namespace

std::vector<PointAttribution> attributeTensors(const Graph &baseline, const Graph &candidate,
                                               const Alignment &alignment,
                                               std::span<const PointError> errors,
                                               std::span<const SyncPointId> outputs)
{
    return TensorAttribution(baseline, candidate, alignment, errors).run(outputs);
}

} // namespace syncpoint
