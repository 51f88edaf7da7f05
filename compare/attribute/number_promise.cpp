#include "compare/attribute/number_promise.h"

#include "compare/align/op_family.h"
#include "core/tensor/integer_range.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace syncpoint {
namespace {

constexpr int kLongestPromise = 16;
// Mean square error of one kernel relative to its result. Implementations of one function (Erf,
// Softmax, Gelu by another formula) differ by about 1e-3 of the signal; half-precision ones round
// several times inside.
constexpr double kFloatFloor = 1e-6;
constexpr double kHalfFloor = 5e-6;
constexpr double kBrainFloor = 3e-4;

double meanSquare(const std::vector<double> &values)
{
    return std::inner_product(values.begin(), values.end(), values.begin(), 0.0) /
           static_cast<double>(values.size());
}

double floorOf(DType dtype)
{
    return dtype == DType::Float16    ? kHalfFloor
           : dtype == DType::BFloat16 ? kBrainFloor
                                      : kFloatFloor;
}

std::optional<QuantizedRange> rangeOf(const Quantization &quantization, DType dtype)
{
    const auto codes = integerRange(dtype);
    if (quantization.scales.size() != 1 || !codes || bitWidth(dtype) > 16) {
        return std::nullopt;
    }
    const std::int64_t zero = quantization.zeroPoints.empty() ? 0 : quantization.zeroPoints.front();
    const double scale = quantization.scales.front();
    return QuantizedRange{static_cast<double>(codes->least - zero) * scale,
                          static_cast<double>(codes->most - zero) * scale, scale};
}

class Promise
{
public:
    Promise(const Graph &graph, const Alignment &alignment, SyncPointId id)
        : m_graph(graph), m_alignment(alignment), m_point(alignment.point(id)), m_id(id)
    {
    }

    NumberPromise run()
    {
        followBack(m_point.candidate);
        for (const NodeId op : m_point.absorbedCandidate) {
            addQuantizersAfter(op);
        }
        addLater(laterRounding(m_graph, m_point.candidate));
        addUnseenInputs();
        return std::move(m_promise);
    }

private:
    /// Through the views between what is compared and the op that made it.
    void followBack(ValueId value)
    {
        m_promise.floor = floorOf(m_graph.value(value).dtype);
        for (int step = 0; step < kLongestPromise && value.isValid(); ++step) {
            add(value);
            m_promise.floor = std::max(m_promise.floor, floorOf(m_graph.value(value).dtype));
            const NodeId producer = m_graph.value(value).producer;
            const bool isView = producer.isValid() && producer != m_point.candidateNode &&
                                !m_graph.node(producer).inputs.empty();
            if (!isView) {
                break;
            }
            checkPair(producer);
            value = m_graph.node(producer).inputs.front();
        }
    }

    /// Inside a region the candidate may round to integers as well.
    void addQuantizersAfter(NodeId op)
    {
        for (const ValueId output : m_graph.node(op).outputs) {
            if (!output.isValid()) {
                continue;
            }
            add(output);
            for (const NodeId reader : m_graph.value(output).consumers) {
                const Node &node = m_graph.node(reader);
                if (node.opType == "QuantizeLinear" && node.inputs.front() == output) {
                    add(node.outputs.front());
                }
            }
        }
    }

    void add(ValueId id)
    {
        const Value &value = m_graph.value(id);
        if (!value.quantization || value.isConstant || !value.quantization->isValid() ||
            std::find(m_seen.begin(), m_seen.end(), *value.quantization) != m_seen.end()) {
            return;
        }
        m_seen.push_back(*value.quantization); // rounding twice to one grid changes nothing
        m_promise.stepSquare += meanSquare(value.quantization->scales);
        m_promise.range = rangeOf(*value.quantization, value.dtype);
    }

    void checkPair(NodeId id)
    {
        const Node &reader = m_graph.node(id);
        if (reader.opType != "DequantizeLinear") {
            return;
        }
        const NodeId writer = m_graph.value(reader.inputs.front()).producer;
        if (!writer.isValid() || m_graph.node(writer).opType != "QuantizeLinear") {
            return;
        }
        const auto in = parametersOf(m_graph, m_graph.node(writer), reader.inputs.front());
        const auto out = parametersOf(m_graph, reader, reader.inputs.front());
        if (in && out && *in != *out) {
            m_promise.faults.push_back(Rounding{*in, *out, {}}.fault());
        }
    }

    void addLater(LaterRounding later)
    {
        for (const Rounding &step : later.steps) {
            if (std::find(m_seen.begin(), m_seen.end(), step.write) == m_seen.end()) {
                m_seen.push_back(step.write);
                m_promise.stepSquare += meanSquare(step.write.scales);
                m_promise.range = rangeOf(step.write, step.dtype);
            }
            if (!step.isSound()) {
                m_promise.faults.push_back(step.fault());
            }
        }
        m_promise.later = std::move(later);
    }

    /// Where a value is kept both quantized and not, only one form is compared.
    void addUnseenInputs()
    {
        const auto visit = [&](NodeId op) {
            for (const ValueId input : m_graph.node(op).inputs) {
                const auto *outcome =
                    input.isValid() ? &m_alignment.candidate[input.index()] : nullptr;
                if (outcome == nullptr || outcome->status != ValueStatus::Paired ||
                    outcome->point == m_id) {
                    continue;
                }
                const double own = stepsBehind(input);
                const double compared = stepsBehind(
                    laterRounding(m_graph, m_alignment.point(outcome->point).candidate).exit);
                if (own != compared) {
                    m_promise.unseenInputs.emplace_back(outcome->point,
                                                        std::max(own, compared) / 12.0);
                }
            }
        };
        if (m_point.candidateNode.isValid()) {
            visit(m_point.candidateNode);
        }
        std::for_each(m_point.absorbedCandidate.begin(), m_point.absorbedCandidate.end(), visit);
    }

    /// Sum of the mean square steps of the quantizers between a value and the op before it.
    double stepsBehind(ValueId value) const
    {
        double sum = 0.0;
        std::vector<Quantization> seen;
        for (int step = 0; step < kLongestPromise && value.isValid(); ++step) {
            const Value &what = m_graph.value(value);
            if (what.quantization && what.quantization->isValid() &&
                std::find(seen.begin(), seen.end(), *what.quantization) == seen.end()) {
                sum += meanSquare(what.quantization->scales);
                seen.push_back(*what.quantization);
            }
            const OpFamily *family =
                what.producer.isValid() ? opFamilyOf(m_graph.node(what.producer)) : nullptr;
            if (family == nullptr || !family->transparent) {
                break;
            }
            value = m_graph.node(what.producer).inputs.front();
        }
        return sum;
    }

    const Graph &m_graph;
    const Alignment &m_alignment;
    const SyncPoint &m_point;
    SyncPointId m_id;
    std::vector<Quantization> m_seen;
    NumberPromise m_promise;
};

} // namespace

NumberPromise promiseOf(const Graph &candidate, const Alignment &alignment, SyncPointId id)
{
    return Promise(candidate, alignment, id).run();
}

} // namespace syncpoint
