#include "core/formats/onnx/shape_rules.h"

#include <algorithm>

namespace syncpoint {

namespace {
/// Matrix product of stacks of matrices, as numpy.matmul has it.
std::optional<Shape> matrixProduct(std::optional<Shape> a, std::optional<Shape> b)
{
    if (!a || !b || a->empty() || b->empty()) {
        return std::nullopt;
    }
    const bool aIsVector = a->size() == 1;
    const bool bIsVector = b->size() == 1;
    if (aIsVector) {
        a->insert(a->begin(), 1);
    }
    if (bIsVector) {
        b->push_back(1);
    }
    auto result = broadcast(Shape(a->begin(), a->end() - 2), Shape(b->begin(), b->end() - 2));
    if (result && !aIsVector) {
        result->push_back((*a)[a->size() - 2]);
    }
    if (result && !bIsVector) {
        result->push_back(b->back());
    }
    return result;
}

std::optional<Shape> transposedIf(bool transposed, std::optional<Shape> shape)
{
    if (transposed && shape && shape->size() >= 2) {
        std::swap((*shape)[shape->size() - 1], (*shape)[shape->size() - 2]);
    }
    return shape;
}

InferredValues matMul(const RuleInput &input)
{
    const DType dtype = input.node().opType == "MatMulInteger" ? DType::Int32 : input.dtype(0);
    return one(dtype,
               matrixProduct(transposedIf(input.attribute("transA", 0) != 0, input.shape(0)),
                             transposedIf(input.attribute("transB", 0) != 0, input.shape(1))));
}

InferredValues quantizedMatMul(const RuleInput &input)
{
    return one(input.dtype(7), matrixProduct(input.shape(0), input.shape(3)));
}

/// MatMulIntegerToFloat and DynamicQuantizeMatMul give floats.
InferredValues floatMatMul(const RuleInput &input)
{
    return one(DType::Float32, matrixProduct(input.shape(0), input.shape(1)));
}

InferredValues gemm(const RuleInput &input)
{
    const std::size_t b = input.node().opType == "QGemm" ? 3 : 1;
    const auto left = transposedIf(input.attribute("transA", 0) != 0, input.shape(0));
    const auto right = transposedIf(input.attribute("transB", 0) != 0, input.shape(b));
    const DType dtype = b == 1 ? input.dtype(0) : input.has(8) ? input.dtype(8) : DType::Float32;
    const bool areMatrices = left && right && left->size() == 2 && right->size() == 2;
    return one(dtype, areMatrices ? std::optional(Shape{(*left)[0], (*right)[1]}) : std::nullopt);
}

/// Weights of 4 and 8 bits in blocks: the shape is in the attributes.
InferredValues matMulNBits(const RuleInput &input)
{
    auto result = input.shape(0);
    if (result && !result->empty()) {
        result->back() = extentOr(input.attribute("N", -1));
    }
    return one(input.dtype(0), result);
}

/// LSTM, GRU and RNN: Y [steps, directions, batch, hidden], then the last states.
InferredValues recurrent(const RuleInput &input)
{
    const auto x = input.shape(0);
    const std::int64_t hidden = extentOr(input.attribute("hidden_size", -1));
    const std::int64_t directions = input.textAttribute("direction") == "bidirectional" ? 2 : 1;
    if (!x || x->size() != 3 || input.attribute("layout", 0) != 0) {
        return {{input.dtype(0), std::nullopt},
                {input.dtype(0), std::nullopt},
                {input.dtype(0), std::nullopt}};
    }
    const Shape state{directions, (*x)[1], hidden};
    return {{input.dtype(0), Shape{(*x)[0], directions, (*x)[1], hidden}},
            {input.dtype(0), state},
            {input.dtype(0), state}};
}
} // namespace

void addProductRules(RuleTable &table)
{
    table["MatMul"] = matMul;
    table["FusedMatMul"] = matMul;
    table["MatMulInteger"] = matMul;
    table["MatMulIntegerToFloat"] = floatMatMul;
    table["DynamicQuantizeMatMul"] = floatMatMul;
    table["QLinearMatMul"] = quantizedMatMul;
    table["Gemm"] = gemm;
    table["QGemm"] = gemm;
    table["MatMulNBits"] = matMulNBits;
    table["LSTM"] = recurrent;
    table["GRU"] = recurrent;
    table["RNN"] = recurrent;
}

} // namespace syncpoint
