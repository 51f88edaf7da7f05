#include "compare/attribute/number_promise.h"

#include "compare/align/op_family.h"
#include "core/tensor/decode.h"
#include "core/tensor/dtype.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace syncpoint {
namespace {

constexpr int kLongestChain = 16;
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
    const bool isKnown = isInteger(dtype) && bitWidth(dtype) <= 16;
    if (quantization.scales.size() != 1 || !isKnown) {
        return std::nullopt;
    }
    const bool isSigned = dtype == DType::Int8 || dtype == DType::Int4 || dtype == DType::Int16 ||
                          dtype == DType::Int2;
    const double codes = std::ldexp(1.0, static_cast<int>(bitWidth(dtype)));
    const double first = isSigned ? -codes / 2.0 : 0.0;
    const double zero = quantization.zeroPoints.empty()
                            ? 0.0
                            : static_cast<double>(quantization.zeroPoints.front());
    const double scale = quantization.scales.front();
    return QuantizedRange{(first - zero) * scale, (first + codes - 1.0 - zero) * scale};
}

/// The quantization an op writes with: of QuantizeLinear its scale and zero point operands.
std::optional<Quantization> written(const Graph &graph, const Node &quantizer)
{
    const auto numbers = [&](std::size_t slot) {
        return slot < quantizer.inputs.size() && quantizer.inputs[slot].isValid()
                   ? graph.value(quantizer.inputs[slot]).constant
                   : std::nullopt;
    };
    const auto scale = numbers(1);
    if (!scale || scale->elements() != 1) {
        return std::nullopt;
    }
    std::vector<double> read(1);
    Quantization found;
    decode(scale->view(), 0, std::span<double>(read));
    found.scales = read;
    if (const auto zero = numbers(2); zero && zero->elements() == 1) {
        std::vector<std::int64_t> raw(1);
        decodeRaw(zero->view(), 0, raw);
        found.zeroPoints = raw;
    } else {
        found.zeroPoints = {0};
    }
    return found;
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
        addUnseenInputs();
        return std::move(m_promise);
    }

private:
    /// Through the views between what is compared and the op that made it.
    void followBack(ValueId value)
    {
        m_promise.floor = floorOf(m_graph.value(value).dtype);
        for (int step = 0; step < kLongestChain && value.isValid(); ++step) {
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
        const auto in = written(m_graph, m_graph.node(writer));
        const auto out = written(m_graph, reader);
        if (!in || !out || *in == *out) {
            return;
        }
        m_promise.faults.push_back(fmt::format(
            "it is quantized with scale {:.6g}, zero point {}, and dequantized with scale {:.6g}, "
            "zero point {}",
            in->scales[0], in->zeroPoints[0], out->scales[0], out->zeroPoints[0]));
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
                const double compared = stepsBehind(m_alignment.point(outcome->point).candidate);
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
        for (int step = 0; step < kLongestChain && value.isValid(); ++step) {
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
