#include "compare/attribute/weight_pairs.h"

#include "compare/attribute/weight_faults.h"
#include "core/formats/onnx/quantized_operands.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <numeric>
#include <optional>
#include <string_view>

namespace syncpoint {
namespace {

constexpr std::uint64_t kLargest = std::uint64_t{1} << 26U; // elements; larger ones are not paired
constexpr int kDeepestWeight = 8;
/// Numbers further apart than this (as NSR) are not one weight, rounded: it was folded or replaced.
constexpr double kUnrelated = 0.5;
/// Rounding moves a number by at most half a step, so twice the expected energy is already rare;
/// calibrated rounding (GPTQ and the like) takes up to about twice that.
constexpr double kExcessLimit = 8.0;

struct Operand
{
    Tensor numbers; ///< float32
    double meanStepSquare = 0.0;
    DType dtype = DType::Undefined; ///< as stored
    ValueId stored;
    bool isTaken = false;
};

double meanSquare(std::span<const double> values)
{
    return values.empty() ? 0.0
                          : std::inner_product(values.begin(), values.end(), values.begin(), 0.0) /
                                static_cast<double>(values.size());
}

std::optional<Operand> decoded(const Graph &graph, ValueId id)
{
    const Value &value = graph.value(id);
    if (!value.constant || value.constant->elements() > kLargest ||
        !isNumeric(value.constant->info().dtype)) {
        return std::nullopt;
    }
    Tensor tensor = *value.constant;
    if (!tensor.info().quantization && value.quantization) {
        auto quantized = tensor.withQuantization(value.quantization);
        if (!quantized) {
            return std::nullopt;
        }
        tensor = *std::move(quantized);
    }
    if (!isFloat(tensor.info().dtype) && !tensor.info().quantization) {
        return std::nullopt; // axes, shapes and indices are not weights
    }
    const auto numbers = decodeAll(tensor.view());
    if (!numbers) {
        return std::nullopt;
    }
    Operand operand{Tensor::fromFloats(tensor.info().shape, *numbers), 0.0, tensor.info().dtype, id,
                    false};
    if (const auto &quantization = tensor.info().quantization) {
        operand.meanStepSquare = meanSquare(quantization->scales);
    }
    return operand;
}

/// What an op only dequantizes, casts or moves; invalid for other ops.
ValueId passedOn(const Node &node)
{
    static constexpr std::array<std::string_view, 7> kOps{
        "Transpose", "Reshape", "Unsqueeze", "Squeeze", "DequantizeLinear", "Cast", "Identity"};
    const bool isOne = std::find(kOps.begin(), kOps.end(), node.opType) != kOps.end();
    return isOne && !node.inputs.empty() ? node.inputs.front() : ValueId();
}

/// Whether an operand is a parameter whose numbers are not at hand, as those of most dumps.
bool isUnknownParameter(const Graph &graph, ValueId id, int depth = 0)
{
    const Value &value = graph.value(id);
    if (!value.producer.isValid() || depth > kDeepestWeight) {
        return value.isConstant && !value.constant;
    }
    const ValueId source = passedOn(graph.node(value.producer));
    return source.isValid() && isUnknownParameter(graph, source, depth + 1);
}

/// The constant behind an operand, seen through the ops that dequantize or move it.
std::optional<Operand> folded(const Graph &graph, ValueId id, int depth = 0)
{
    const Value &value = graph.value(id);
    if (value.constant) {
        return decoded(graph, id);
    }
    if (!value.producer.isValid() || depth > kDeepestWeight) {
        return std::nullopt;
    }
    const Node &node = graph.node(value.producer);
    const ValueId source = passedOn(node);
    if (!source.isValid()) {
        return std::nullopt;
    }
    auto operand = folded(graph, source, depth + 1);
    if (operand && node.opType == "Transpose") {
        std::vector<std::size_t> axes(operand->numbers.info().shape.size());
        std::iota(axes.rbegin(), axes.rend(), std::size_t{0});
        if (const Attribute *perm = node.findAttribute("perm")) {
            const auto *listed = std::get_if<std::vector<std::int64_t>>(&perm->data);
            axes.assign(listed->begin(), listed->end());
        }
        auto moved = permuted(operand->numbers, axes);
        if (!moved) {
            return std::nullopt;
        }
        operand->numbers = *std::move(moved);
    }
    return operand;
}

struct Operands
{
    std::vector<Operand> list;
    bool isComplete = true; ///< what is not in the list is not in the model
};

Operands operandsOf(const Graph &graph, std::span<const NodeId> ops)
{
    Operands found;
    std::vector<ValueId> seen;
    for (const NodeId op : ops) {
        for (const QuantizedOperand &parameters : quantizedOperands(graph.node(op))) {
            seen.push_back(parameters.scale);
            seen.push_back(parameters.zeroPoint);
        }
        for (const ValueId input : graph.node(op).inputs) {
            if (!input.isValid() || std::find(seen.begin(), seen.end(), input) != seen.end()) {
                continue;
            }
            seen.push_back(input);
            if (auto operand = folded(graph, input)) {
                found.list.push_back(*std::move(operand));
            } else if (isUnknownParameter(graph, input)) {
                found.isComplete = false;
            }
        }
    }
    return found;
}

std::span<const float> floats(const Tensor &tensor)
{
    return {reinterpret_cast<const float *>(tensor.bytes().data()), tensor.elements()};
}

double energy(std::span<const float> values)
{
    return std::inner_product(values.begin(), values.end(), values.begin(), 0.0);
}

double distance(std::span<const float> a, std::span<const float> b)
{
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double difference = double{a[i]} - double{b[i]};
        sum += difference * difference;
    }
    return sum;
}

/// Mean square of what rounding to a floating-point format does to numbers of this mean square.
double floatRounding(DType dtype, double square)
{
    const double epsilon = dtype == DType::Float16    ? std::ldexp(1.0, -11)
                           : dtype == DType::BFloat16 ? std::ldexp(1.0, -8)
                                                      : std::ldexp(1.0, -20);
    return epsilon * epsilon * square;
}

/// `operand` in the baseline's layout: as it is, or transposed; whichever is nearer.
std::optional<Tensor> fitted(const Operand &operand, const Tensor &baseline)
{
    if (operand.numbers.elements() != baseline.elements()) {
        return std::nullopt;
    }
    const Shape &shape = baseline.info().shape;
    const Shape &other = operand.numbers.info().shape;
    auto same = operand.numbers.reshaped(shape);
    const bool canTurn = shape.size() == 2 && other.size() == 2 && shape[0] == other[1] &&
                         shape[0] > 1 && shape[1] > 1;
    if (!canTurn) {
        return same ? std::optional(*std::move(same)) : std::nullopt;
    }
    constexpr std::size_t kTurned[] = {1, 0};
    auto turned = permuted(operand.numbers, kTurned);
    if (!turned || (shape == other && distance(floats(*same), floats(baseline)) <=
                                          distance(floats(*turned), floats(baseline)))) {
        return *std::move(same);
    }
    return *std::move(turned);
}

class Pairer
{
public:
    Pairer(const Graph &graph, Operands operands)
        : m_graph(graph), m_operands(std::move(operands.list))
    {
        m_result.isComplete = operands.isComplete;
    }

    WeightComparison run(std::span<const ValueId> constants)
    {
        for (const ValueId constant : constants) {
            pair(constant);
        }
        for (const Operand &operand : m_operands) {
            const auto count = static_cast<double>(operand.numbers.elements());
            const double square = energy(floats(operand.numbers)) / std::max(1.0, count);
            if (!operand.isTaken && count > 1.0 && square > 0.0) {
                m_result.unpairedNoise += operand.meanStepSquare / 12.0 / square;
            }
        }
        return std::move(m_result);
    }

private:
    void pair(ValueId id)
    {
        const auto baseline = decoded(m_graph, id);
        if (!baseline) {
            return;
        }
        Operand *best = nullptr;
        Tensor numbers;
        double nearest = 0.0;
        for (Operand &operand : m_operands) {
            auto layout = operand.isTaken ? std::nullopt : fitted(operand, baseline->numbers);
            if (!layout) {
                continue;
            }
            const double apart = distance(floats(*layout), floats(baseline->numbers));
            if (best == nullptr || apart < nearest) {
                best = &operand;
                numbers = *std::move(layout);
                nearest = apart;
            }
        }
        if (best == nullptr) {
            miss(id, *baseline);
            return;
        }
        best->isTaken = keep(id, *baseline, *best, std::move(numbers), nearest);
    }

    bool keep(ValueId id, const Operand &baseline, const Operand &operand, Tensor numbers,
              double apart)
    {
        const auto count = static_cast<double>(baseline.numbers.elements());
        const double own = energy(floats(baseline.numbers));
        WeightPair pair{id, operand.stored, std::move(numbers), operand.meanStepSquare, 0.0, {}};
        const double promised = operand.meanStepSquare / 12.0 +
                                floatRounding(operand.dtype, own / std::max(1.0, count));
        pair.excess = promised > 0.0 ? apart / std::max(1.0, count) / promised
                      : apart > 0.0  ? std::numeric_limits<double>::infinity()
                                     : 0.0;
        if (!(pair.excess <= kExcessLimit)) { // NaN too
            const auto fault = describeWeightFault(baseline.numbers, pair.replacement);
            if (apart > kUnrelated * own && !fault) {
                return false; // folded or replaced: rounding is not the question
            }
            pair.fault = fmt::format("'{}' is not the baseline's rounded ({})",
                                     m_graph.qualifiedName(id), reason(fault, pair.excess));
            m_result.faults.push_back(pair.fault);
        }
        m_result.pairs.push_back(std::move(pair));
        return true;
    }

    static std::string reason(const std::optional<std::string> &fault, double excess)
    {
        if (!std::isfinite(excess)) { // numbers are lost, or nothing was promised to be rounded
            return fault.value_or("it should hold the same numbers");
        }
        return fmt::format("{}{:.3g} times the promised error", fault ? *fault + ", " : "", excess);
    }

    void miss(ValueId id, const Operand &baseline)
    {
        const bool isVector = baseline.numbers.elements() > 1;
        if (m_result.isComplete && isVector && isBias(id) &&
            energy(floats(baseline.numbers)) > 0.0) {
            m_result.faults.push_back(fmt::format("the bias '{}' is missing in the candidate",
                                                  m_graph.qualifiedName(id)));
        }
    }

    /// An operand that is only added.
    bool isBias(ValueId id) const
    {
        for (const NodeId reader : m_graph.value(id).consumers) {
            const Node &node = m_graph.node(reader);
            const bool isThird = node.inputs.size() > 2 && node.inputs[2] == id;
            if (node.opType != "Add" &&
                !(isThird && (node.opType == "Conv" || node.opType == "ConvTranspose" ||
                              node.opType == "Gemm"))) {
                return false;
            }
        }
        return true;
    }

    const Graph &m_graph;
    std::vector<Operand> m_operands;
    WeightComparison m_result;
};

} // namespace

double WeightComparison::worstExcess() const
{
    double worst = 1.0;
    for (const WeightPair &pair : pairs) {
        worst = std::max(worst, pair.excess);
    }
    return worst;
}

WeightComparison pairWeights(const Graph &baseline, std::span<const NodeId> baselineOps,
                             std::span<const ValueId> constants, const Graph &candidate,
                             std::span<const NodeId> candidateOps)
{
    const bool isFolded =
        std::any_of(baselineOps.begin(), baselineOps.end(),
                    [&](NodeId op) { return baseline.node(op).opType == "BatchNormalization"; }) &&
        std::none_of(candidateOps.begin(), candidateOps.end(),
                     [&](NodeId op) { return candidate.node(op).opType == "BatchNormalization"; });
    const std::span<const ValueId> paired = isFolded ? std::span<const ValueId>() : constants;
    return Pairer(baseline, operandsOf(candidate, candidateOps)).run(paired);
}

} // namespace syncpoint
