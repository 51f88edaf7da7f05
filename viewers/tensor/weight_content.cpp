#include "viewers/tensor/weight_content.h"

#include "compare/align/packed_weight.h"
#include "compare/align/stored_weight.h"
#include "compare/attribute/weight_pairs.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace syncpoint {

namespace {
std::vector<NodeId> opsOf(NodeId op, const std::vector<NodeId> &absorbed)
{
    std::vector<NodeId> ops{absorbed};
    if (op.isValid()) {
        ops.insert(ops.begin(), op);
    }
    return ops;
}

class Counterpart
{
public:
    Counterpart(const TensorRequest &request, TensorContent &content)
        : m_request(request), m_result(*request.result), m_content(content),
          m_point(m_result.alignment.point(request.point)),
          m_candidateOps(opsOf(m_point.candidateNode, m_point.absorbedCandidate))
    {
    }

    void load()
    {
        if (!loadPaired() && !loadPacked() && !loadSameSlot()) {
            m_content.badge = "no counterpart in the candidate";
        }
    }

private:
    const Graph &baseline() const { return *m_result.baseline.graph; }
    const Graph &candidate() const { return *m_result.candidate.graph; }

    void set(const Tensor &numbers, std::vector<float> values, std::string type)
    {
        m_content.candidate.captured = numbers;
        m_content.candidate.values = std::move(values);
        m_content.candidate.type = std::move(type);
    }

    /// By the numbers themselves, in whatever order and layout the candidate keeps them.
    bool loadPaired()
    {
        if (!m_content.part.isWhole()) {
            return false;
        }
        const ValueId weight = m_request.value;
        WeightComparison found =
            pairWeights(baseline(), opsOf(m_point.referenceNode, m_point.absorbedReference),
                        {&weight, 1}, candidate(), m_candidateOps);
        if (found.pairs.empty()) {
            return false;
        }
        const WeightPair &pair = found.pairs.front();
        const Value &stored = candidate().value(pair.candidate);
        TensorInfo info = stored.constant->info();
        info.quantization = info.quantization ? info.quantization : stored.quantization;
        set(pair.replacement, decodeAll(pair.replacement.view()).value(), typeText(info));
        keepIntegers(stored, pair.replacement.info().shape);
        m_content.candidate.name = candidate().qualifiedName(pair.candidate);
        if (info.quantization) {
            m_content.grid = gridOf(*info.quantization, info.dtype);
        }
        m_content.step = std::sqrt(pair.meanStepSquare);
        m_content.badge = !pair.fault.empty() ? pair.fault
                          : pair.meanStepSquare > 0.0
                              ? fmt::format("{:.2g} × the error of rounding", pair.excess)
                              : std::string();
        return true;
    }

    /// The read-out tells the raw integer where the candidate stores the same layout.
    void keepIntegers(const Value &stored, const Shape &shape)
    {
        if (stored.constant->info().shape != shape) {
            return;
        }
        const auto &own = stored.constant->info().quantization;
        const auto kept = stored.constant->withQuantization(own ? own : stored.quantization);
        if (kept && decodeAll(kept->view()).value() == m_content.candidate.values) {
            m_content.candidate.captured = *kept;
        }
    }

    /// In the blocks of ONNX Runtime's 4-bit products.
    bool loadPacked()
    {
        for (const NodeId op : m_candidateOps) {
            const auto weight = unpackedWeight(candidate(), candidate().node(op));
            if (weight && weight->info().shape == m_content.shape) {
                set(*weight, decodeAll(weight->view()).value(), "packed in blocks");
                m_content.candidate.name = candidate().displayName(op);
                return true;
            }
        }
        return false;
    }

    /// Conversion may have folded a normalization into it, which rescales channels.
    bool loadSameSlot()
    {
        if (!m_point.referenceNode.isValid() || !m_point.candidateNode.isValid()) {
            return false;
        }
        const auto &own = baseline().node(m_point.referenceNode).inputs;
        const auto &other = candidate().node(m_point.candidateNode).inputs;
        for (std::size_t slot = 0; slot < std::min(own.size(), other.size()); ++slot) {
            const auto a = own[slot].isValid() ? storedWeight(baseline(), own[slot]) : std::nullopt;
            const auto b =
                other[slot].isValid() ? storedWeight(candidate(), other[slot]) : std::nullopt;
            if (a && b && a->value == m_request.value && a->shape == b->shape &&
                a->strides == b->strides) {
                fillSide(m_content.candidate, m_result.candidate, b->value, {}, m_request,
                         m_content);
                if (m_content.part.isWhole()) {
                    m_content.badge = "not rounded but rewritten, as by folding a normalization";
                }
                return !m_content.candidate.values.empty();
            }
        }
        return false;
    }

    const TensorRequest &m_request;
    const ComparisonResult &m_result;
    TensorContent &m_content;
    const SyncPoint &m_point;
    std::vector<NodeId> m_candidateOps;
};
} // namespace

void loadWeight(const TensorRequest &request, TensorContent &content)
{
    if (request.onCandidate) {
        fillSide(content.candidate, request.result->candidate, request.value, {}, request, content);
        content.badge = content.badge.empty() ? "no counterpart in the baseline" : content.badge;
        return;
    }
    fillSide(content.reference, request.result->baseline, request.value, {}, request, content);
    if (!content.reference.values.empty() && request.point.isValid()) {
        Counterpart(request, content).load();
    }
}

} // namespace syncpoint
