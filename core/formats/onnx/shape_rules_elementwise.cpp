#include "core/formats/onnx/onnx_types.h"
#include "core/formats/onnx/shape_rules.h"

namespace syncpoint {

namespace {
constexpr std::string_view kSameAsInput[] = {"Abs",
                                             "Acos",
                                             "Acosh",
                                             "Asin",
                                             "Asinh",
                                             "Atan",
                                             "Atanh",
                                             "BatchNormalization",
                                             "BiasGelu",
                                             "BitwiseNot",
                                             "Ceil",
                                             "Celu",
                                             "Clip",
                                             "Cos",
                                             "Cosh",
                                             "CumSum",
                                             "Dropout",
                                             "Elu",
                                             "Erf",
                                             "Exp",
                                             "FastGelu",
                                             "Floor",
                                             "Gelu",
                                             "GroupNormalization",
                                             "HardSigmoid",
                                             "HardSwish",
                                             "Hardmax",
                                             "Identity",
                                             "InstanceNormalization",
                                             "LRN",
                                             "LayerNormalization",
                                             "LeakyRelu",
                                             "Log",
                                             "LogSoftmax",
                                             "LpNormalization",
                                             "MeanVarianceNormalization",
                                             "Mish",
                                             "Neg",
                                             "Not",
                                             "QuickGelu",
                                             "RMSNormalization",
                                             "Reciprocal",
                                             "Relu",
                                             "ReverseSequence",
                                             "RotaryEmbedding",
                                             "Round",
                                             "ScatterElements",
                                             "ScatterND",
                                             "Scatter",
                                             "Selu",
                                             "Shrink",
                                             "Sigmoid",
                                             "Sign",
                                             "Sin",
                                             "Sinh",
                                             "SimplifiedLayerNormalization",
                                             "SkipLayerNormalization",
                                             "SkipSimplifiedLayerNormalization",
                                             "Softmax",
                                             "Softplus",
                                             "Softsign",
                                             "Sqrt",
                                             "Swish",
                                             "Tan",
                                             "Tanh",
                                             "ThresholdedRelu",
                                             "Trilu",
                                             "QLinearSigmoid",
                                             "QLinearLeakyRelu",
                                             "QLinearSoftmax"};
constexpr std::string_view kBroadcastArithmetic[] = {
    "Add", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "Div", "Max", "Mean",
    "Min", "Mod",      "Mul",        "Pow",       "PRelu",      "Sub", "Sum"};
constexpr std::string_view kBroadcastLogic[] = {"And",  "Equal",       "Greater", "GreaterOrEqual",
                                                "Less", "LessOrEqual", "Or",      "Xor"};
constexpr std::string_view kTests[] = {"IsInf", "IsNaN"};

InferredValues sameAsInput(const RuleInput &input)
{
    return one(input.dtype(0), input.shape(0));
}

std::optional<Shape> broadcastSlots(const RuleInput &input, std::size_t first, std::size_t step,
                                    std::size_t count)
{
    auto result = input.shape(first);
    for (std::size_t i = 1; i < count && result; ++i) {
        const auto next = input.shape(first + i * step);
        result = next ? broadcast(*result, *next) : std::nullopt;
    }
    return result;
}

InferredValues arithmetic(const RuleInput &input)
{
    return one(input.dtype(0), broadcastSlots(input, 0, 1, input.inputCount()));
}

InferredValues logic(const RuleInput &input)
{
    return one(DType::Bool, broadcastSlots(input, 0, 1, input.inputCount()));
}

InferredValues where(const RuleInput &input)
{
    const DType dtype = input.dtype(1) == DType::Undefined ? input.dtype(2) : input.dtype(1);
    return one(dtype, broadcastSlots(input, 0, 1, 3));
}

InferredValues quantizedBinary(const RuleInput &input)
{
    return one(input.dtype(0), broadcastSlots(input, 0, 3, 2));
}

InferredValues cast(const RuleInput &input)
{
    return one(dtypeOfOnnx(input.attribute("to", 0)), input.shape(0));
}

InferredValues castLike(const RuleInput &input)
{
    return one(input.dtype(1), input.shape(0));
}

InferredValues quantize(const RuleInput &input)
{
    const DType byAttribute = dtypeOfOnnx(input.attribute("output_dtype", 0));
    const DType dtype = input.has(2)                      ? input.dtype(2)
                        : byAttribute != DType::Undefined ? byAttribute
                                                          : DType::UInt8;
    return one(dtype, input.shape(0));
}

InferredValues dequantize(const RuleInput &input)
{
    const DType byAttribute = dtypeOfOnnx(input.attribute("output_dtype", 0));
    return one(byAttribute != DType::Undefined ? byAttribute : input.dtype(1), input.shape(0));
}

InferredValues dynamicQuantize(const RuleInput &input)
{
    return {{DType::UInt8, input.shape(0)}, {DType::Float32, Shape{}}, {DType::UInt8, Shape{}}};
}
} // namespace

void addElementwiseRules(RuleTable &table)
{
    for (const std::string_view op : kSameAsInput) {
        table[op] = sameAsInput;
    }
    for (const std::string_view op : kBroadcastArithmetic) {
        table[op] = arithmetic;
    }
    for (const std::string_view op : kBroadcastLogic) {
        table[op] = logic;
    }
    for (const std::string_view op : kTests) {
        table[op] = [](const RuleInput &input) { return one(DType::Bool, input.shape(0)); };
    }
    table["Where"] = where;
    table["QLinearAdd"] = quantizedBinary;
    table["QLinearMul"] = quantizedBinary;
    table["Cast"] = cast;
    table["CastLike"] = castLike;
    table["QuantizeLinear"] = quantize;
    table["DequantizeLinear"] = dequantize;
    table["DynamicQuantizeLinear"] = dynamicQuantize;
}

} // namespace syncpoint
