#include "core/formats/onnx/quantization.h"

#include "core/formats/onnx/quantized_operands.h"
#include "core/tensor/decode.h"

#include <fmt/format.h>
#include <map>
#include <tuple>

namespace syncpoint {

namespace {
constexpr std::uint64_t kSmallScaleCount = 4096;
constexpr std::uint64_t kMostScales = 4U
                                      << 20U; // of all large operands: they are copied as doubles
constexpr int kMostQuantizationPasses = 8;

class Quantizer
{
public:
    explicit Quantizer(GraphBuilder &builder) : m_builder(builder) {}

    void apply(const QuantizedOperand &operand)
    {
        if (!operand.tensor.isValid() || !operand.scale.isValid()) {
            return;
        }
        const Value &tensor = value(operand.tensor);
        if (tensor.quantization || isFloatingPoint(tensor)) {
            return;
        }
        auto parameters = read(operand);
        if (!parameters) {
            note(operand.tensor, parameters.error().message);
            return;
        }
        if (*parameters != nullptr) {
            set(operand.tensor, *parameters, zeroPointType(operand));
        }
    }

    /// Per-tensor parameters go both ways through ops that only move data.
    void handOn()
    {
        bool changed = true;
        for (int pass = 0; changed && pass < kMostQuantizationPasses; ++pass) {
            changed = false;
            for (std::size_t i = 0; i < m_builder.nodes().size(); ++i) {
                changed = handOn(m_builder.nodes()[i]) || changed;
            }
        }
    }

private:
    using Parameters = std::shared_ptr<const Quantization>;

    const Value &value(ValueId id) const { return m_builder.values()[id.index()]; }

    /// Float8 can be quantized too, but then its values decode by themselves up to the scale.
    static bool isFloatingPoint(const Value &tensor)
    {
        return isFloat(tensor.dtype) && bitWidth(tensor.dtype) > 8;
    }

    DType zeroPointType(const QuantizedOperand &operand) const
    {
        if (operand.secondScale.isValid()) {
            return DType::Int32;
        }
        return operand.zeroPoint.isValid() ? value(operand.zeroPoint).dtype : DType::UInt8;
    }

    void note(ValueId tensor, std::string text)
    {
        m_builder.addDiagnostic(
            {Diagnostic::Severity::Warning, value(tensor).name, std::move(text)});
    }

    void set(ValueId id, const Parameters &parameters, DType dtype)
    {
        Value &tensor = m_builder.edit(id);
        tensor.quantization = parameters;
        if (tensor.dtype == DType::Undefined) {
            tensor.dtype = dtype;
        }
        if (!tensor.constant) {
            return;
        }
        auto quantized = tensor.constant->withQuantization(parameters);
        if (quantized) {
            tensor.constant = std::move(quantized).value();
        } else {
            tensor.quantization = nullptr;
            note(id, quantized.error().message);
        }
    }

    bool handOn(const Node &node)
    {
        if (!onlyMovesData(node) || node.inputs.empty() || !node.inputs[0].isValid()) {
            return false;
        }
        bool changed = false;
        for (const ValueId output : node.outputs) {
            changed = output.isValid() &&
                      (handOn(node.inputs[0], output) || handOn(output, node.inputs[0]) || changed);
        }
        return changed;
    }
    bool handOn(ValueId from, ValueId to)
    {
        const Parameters parameters = value(from).quantization;
        if (!parameters || parameters->axis || parameters->blockSize != 0 ||
            value(to).quantization || isFloatingPoint(value(to))) {
            return false;
        }
        set(to, parameters, value(from).dtype);
        return true;
    }

    /// Null when scale or zero point are computed at run time.
    Result<Parameters> read(const QuantizedOperand &operand)
    {
        const Key key{operand.scale, operand.zeroPoint, operand.secondScale,
                      operand.axis,  operand.blockSize, rankOf(operand.tensor)};
        const auto known = m_known.find(key);
        auto parameters = known != m_known.end() ? known->second : make(operand);
        if (!parameters || *parameters == nullptr) {
            return parameters;
        }
        m_known.emplace(key, parameters);
        if (auto fits = checkShape(**parameters, value(operand.tensor)); !fits) {
            return fits.error();
        }
        return parameters;
    }

    Result<Parameters> make(const QuantizedOperand &operand)
    {
        const auto &scale = value(operand.scale).constant;
        const bool hasZeroPoint = operand.zeroPoint.isValid();
        if (!scale || !isFloat(scale->info().dtype) ||
            (hasZeroPoint && !value(operand.zeroPoint).constant)) {
            return Parameters{};
        }
        const std::uint64_t count = scale->elements();
        if (count > kSmallScaleCount) {
            m_largeScales += count;
        }
        if (m_largeScales > kMostScales) {
            return Error{ErrorCode::Limit, "too many block scales: shown without dequantization"};
        }
        Quantization result;
        result.scales.resize(count);
        decode(scale->view(), 0, std::span<double>(result.scales));
        if (hasZeroPoint && !readZeroPoints(*value(operand.zeroPoint).constant, result)) {
            return Error{ErrorCode::BadFormat, "its scales and zero points differ in number"};
        }
        if (!multiplySecondScale(operand, result)) {
            return Parameters{};
        }
        result.blockSize = operand.blockSize;
        if (result.scales.size() != 1 || result.blockSize != 0) {
            const auto axis = absoluteAxis(operand);
            if (!axis) {
                return Error{ErrorCode::BadFormat, "the axis of its scales is not known"};
            }
            result.axis = axis;
        }
        return result.isValid() ? std::make_shared<const Quantization>(std::move(result))
                                : Parameters{};
    }

    static bool readZeroPoints(const Tensor &tensor, Quantization &result)
    {
        if (!isInteger(tensor.info().dtype)) {
            return true; // float8 has no zero point other than 0
        }
        if (tensor.elements() != result.scales.size()) {
            return false;
        }
        result.zeroPoints.resize(tensor.elements());
        decodeRaw(tensor.view(), 0, result.zeroPoints);
        return true;
    }

    bool multiplySecondScale(const QuantizedOperand &operand, Quantization &result) const
    {
        if (!operand.secondScale.isValid()) {
            return true;
        }
        const auto &second = value(operand.secondScale).constant;
        if (!second || second->elements() != 1 || !isFloat(second->info().dtype)) {
            return false;
        }
        double factor = 0.0;
        decode(second->view(), 0, std::span<double>(&factor, 1));
        for (double &scale : result.scales) {
            scale *= factor;
        }
        return true;
    }

    std::int64_t rankOf(ValueId tensor) const
    {
        const auto &shape = value(tensor).shape;
        return shape ? static_cast<std::int64_t>(shape->size()) : -1;
    }

    std::optional<std::size_t> absoluteAxis(const QuantizedOperand &operand) const
    {
        const std::int64_t rank = rankOf(operand.tensor);
        const std::int64_t axis =
            operand.axis < 0 && rank >= 0 ? operand.axis + rank : operand.axis;
        // A bias or other vector has one axis only, whatever the op's default says.
        const std::int64_t fitting = rank == 1 ? 0 : axis;
        if (fitting < 0 || (rank >= 0 && fitting >= rank)) {
            return std::nullopt;
        }
        return static_cast<std::size_t>(fitting);
    }

    static Result<void> checkShape(const Quantization &parameters, const Value &tensor)
    {
        if (!tensor.shape || !parameters.axis) {
            return {};
        }
        std::uint64_t expected = 1;
        for (std::size_t i = 0; i < tensor.shape->size(); ++i) {
            const std::int64_t extent = (*tensor.shape)[i];
            const bool isAxis = i == *parameters.axis;
            if (extent < 0 && (isAxis || parameters.blockSize != 0)) {
                return {}; // only the run will tell
            }
            const auto size = static_cast<std::uint64_t>(std::max<std::int64_t>(extent, 0));
            const std::uint64_t block = std::max<std::uint64_t>(parameters.blockSize, 1);
            const std::uint64_t along = isAxis ? size / block + (size % block != 0 ? 1 : 0) : size;
            if (isAxis || parameters.blockSize != 0) {
                if (along != 0 && expected > parameters.scales.size() / along) {
                    return shapeError(parameters, tensor);
                }
                expected *= along;
            }
        }
        return expected == parameters.scales.size() ? Result<void>{}
                                                    : shapeError(parameters, tensor);
    }
    static Error shapeError(const Quantization &parameters, const Value &tensor)
    {
        return {ErrorCode::BadFormat, fmt::format("{} scales do not fit its shape {}",
                                                  parameters.scales.size(), toText(*tensor.shape))};
    }

    using Key = std::tuple<ValueId, ValueId, ValueId, std::int64_t, std::uint64_t, std::int64_t>;
    GraphBuilder &m_builder;
    std::map<Key, Result<Parameters>> m_known; ///< tensors that share parameters share the object
    std::uint64_t m_largeScales = 0;
};
} // namespace

void applyOnnxQuantization(GraphBuilder &builder, const std::vector<OnnxQuantizationNote> &notes)
{
    Quantizer quantizer(builder);
    for (std::size_t i = 0; i < builder.nodes().size(); ++i) {
        for (const QuantizedOperand &operand : quantizedOperands(builder.nodes()[i])) {
            quantizer.apply(operand);
        }
    }
    for (const OnnxQuantizationNote &note : notes) {
        quantizer.apply({note.value, note.scale, note.zeroPoint});
    }
    quantizer.handOn();
}

} // namespace syncpoint
