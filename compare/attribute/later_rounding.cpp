#include "compare/attribute/later_rounding.h"

#include "compare/align/op_family.h"
#include "core/formats/onnx/quantized_operands.h"
#include "core/tensor/decode.h"
#include "core/tensor/integer_range.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace syncpoint {
namespace {

constexpr int kLongestChain = 16;

class Follower
{
public:
    Follower(const Graph &graph, ValueId compared) : m_graph(graph)
    {
        m_out.exit = compared;
        settleAt(compared);
    }

    LaterRounding run()
    {
        for (int step = 0; step < kLongestChain && !m_graph.value(m_out.exit).isOutput; ++step) {
            const ValueId next = follow();
            if (!next.isValid()) {
                break;
            }
            m_out.exit = next;
        }
        return std::move(m_out);
    }

private:
    /// The grid that the compared numbers lie on already.
    void settleAt(ValueId compared)
    {
        const Value &value = m_graph.value(compared);
        if (value.quantization) {
            hold(*value.quantization, value.dtype);
        } else if (value.producer.isValid()) {
            const Node &node = m_graph.node(value.producer);
            const auto read = node.opType == "DequantizeLinear"
                                  ? parametersOf(m_graph, node, node.inputs.front())
                                  : std::nullopt;
            if (read) {
                hold(*read, m_graph.value(node.inputs.front()).dtype);
            }
        }
    }

    void hold(Quantization parameters, DType dtype)
    {
        m_current = std::move(parameters);
        m_dtype = dtype;
    }

    /// The one form that is made of the exit; invalid when several ops go on from it, or one that
    /// computes.
    ValueId follow()
    {
        const auto &readers = m_graph.value(m_out.exit).consumers;
        if (readers.empty() || !readAlike(readers)) {
            return {};
        }
        const Node &node = m_graph.node(readers.front());
        const OpFamily *family = opFamilyOf(node);
        const bool goesOn = readers.size() == 1 && family != nullptr && family->transparent &&
                            !node.inputs.empty() && node.inputs.front() == m_out.exit &&
                            !node.outputs.empty();
        if (!goesOn || (node.opType == "QuantizeLinear" && !write(node))) {
            return {};
        }
        return node.outputs.front();
    }

    bool write(const Node &quantizer)
    {
        const auto parameters = parametersOf(m_graph, quantizer, quantizer.outputs.front());
        const DType dtype = m_graph.value(quantizer.outputs.front()).dtype;
        if (!parameters || isActivation(*parameters, dtype)) {
            return false;
        }
        if (m_current != parameters) {
            hold(*parameters, dtype);
            m_out.steps.push_back({*parameters, *parameters, dtype});
        }
        return true;
    }

    /// A range that starts at zero, of numbers that go below it: a Relu that a converter took away.
    bool isActivation(const Quantization &parameters, DType dtype) const
    {
        const auto startsAtZero = [](const Quantization &of, DType type) {
            const auto codes = integerRange(type);
            return codes && !of.zeroPoints.empty() && of.zeroPoints.front() <= codes->least;
        };
        return m_current && startsAtZero(parameters, dtype) && !startsAtZero(*m_current, m_dtype);
    }

    /// Whether the readers of the exit agree on its numbers; takes over what they read integers as.
    bool readAlike(const std::vector<NodeId> &readers)
    {
        std::optional<Quantization> read;
        for (const NodeId reader : readers) {
            auto own = parametersOf(m_graph, m_graph.node(reader), m_out.exit);
            if (reader == readers.front()) {
                read = std::move(own);
            } else if (read != own) {
                return false;
            }
        }
        if (read && m_current && *read != *m_current) {
            if (m_out.steps.empty() || m_out.steps.back().read != *m_current) {
                m_out.steps.push_back({*m_current, *m_current, m_dtype});
            }
            m_out.steps.back().read = *read;
            m_current = read;
        }
        return true;
    }

    const Graph &m_graph;
    LaterRounding m_out;
    std::optional<Quantization> m_current;
    DType m_dtype = DType::Undefined;
};

std::string inWords(const Quantization &of)
{
    return fmt::format("scale {:.6g}, zero point {}", of.scales.front(),
                       of.zeroPoints.empty() ? 0 : of.zeroPoints.front());
}

void roundOnce(const Rounding &step, std::span<float> values)
{
    const auto codes = integerRange(step.dtype);
    if (!codes) {
        return;
    }
    const double scale = step.write.scales.front();
    const auto zero = [](const Quantization &of) {
        return of.zeroPoints.empty() ? 0.0 : static_cast<double>(of.zeroPoints.front());
    };
    for (float &value : values) {
        const double code =
            std::clamp(std::nearbyint(static_cast<double>(value) / scale) + zero(step.write),
                       static_cast<double>(codes->least), static_cast<double>(codes->most));
        value = static_cast<float>((code - zero(step.read)) * step.read.scales.front());
    }
}

} // namespace

std::string Rounding::fault() const
{
    return isSound() ? std::string()
                     : fmt::format("it is quantized with {}, and dequantized with {}",
                                   inWords(write), inWords(read));
}

std::optional<Quantization> parametersOf(const Graph &graph, const Node &node, ValueId tensor)
{
    const auto operands = quantizedOperands(node);
    const auto operand = std::find_if(operands.begin(), operands.end(),
                                      [&](const auto &each) { return each.tensor == tensor; });
    if (operand == operands.end() || operand->secondScale.isValid()) {
        return std::nullopt;
    }
    const auto number = [&](ValueId id) {
        return id.isValid() ? graph.value(id).constant : std::nullopt;
    };
    const auto scale = number(operand->scale);
    if (!scale || scale->elements() != 1) {
        return std::nullopt;
    }
    Quantization found;
    found.scales.resize(1);
    decode(scale->view(), 0, std::span<double>(found.scales));
    found.zeroPoints = {0};
    if (const auto zero = number(operand->zeroPoint); zero && zero->elements() == 1) {
        decodeRaw(zero->view(), 0, found.zeroPoints);
    }
    return found;
}

LaterRounding laterRounding(const Graph &graph, ValueId compared)
{
    return Follower(graph, compared).run();
}

Result<Tensor> rounded(const Tensor &tensor, std::span<const Rounding> steps)
{
    if (steps.empty()) {
        return tensor;
    }
    auto values = decodeAll(tensor.view());
    if (!values) {
        return values.error();
    }
    for (const Rounding &step : steps) {
        roundOnce(step, *values);
    }
    return Tensor::fromFloats(tensor.info().shape, *values);
}

} // namespace syncpoint
