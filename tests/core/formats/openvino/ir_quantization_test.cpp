#include "core/formats/openvino/ir_quantization.h"
#include "core/tensor/decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

using ::testing::DoubleEq;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Layers as OpenVINO's compression tools write them out.
class Layers
{
public:
    template <typename Number>
    Layers &constant(const std::string &name, DType dtype, Shape shape,
                     const std::vector<Number> &numbers)
    {
        const auto bytes = std::as_bytes(std::span(numbers));
        auto tensor =
            Tensor::fromBytes({dtype, std::move(shape), nullptr}, {bytes.begin(), bytes.end()});
        EXPECT_TRUE(tensor) << tensor.error().message;
        m_builder.setConstant(m_builder.value(m_builder.mainScope(), name), *std::move(tensor));
        return *this;
    }
    Layers &floats(const std::string &name, Shape shape, const std::vector<float> &numbers)
    {
        return constant(name, DType::Float32, std::move(shape), numbers);
    }
    Layers &op(const std::string &type, std::vector<std::string> inputs, const std::string &output,
               const Shape &shape = {})
    {
        m_last = m_builder.addNode(output, type, std::move(inputs), {output});
        Value &made = m_builder.edit(m_builder.value(m_builder.mainScope(), output));
        made.dtype = DType::Float32;
        made.shape = shape;
        return *this;
    }
    Layers &levels(std::int64_t count)
    {
        m_builder.edit(m_last).attributes.push_back({"levels", count});
        return *this;
    }
    const Layers &apply()
    {
        applyIrQuantization(m_builder);
        return *this;
    }
    /// Null when there is none.
    const Quantization *parametersOf(const std::string &name)
    {
        return m_builder.edit(m_builder.value(m_builder.mainScope(), name)).quantization.get();
    }
    std::vector<float> numbersOf(const std::string &name)
    {
        const Value &value = m_builder.edit(m_builder.value(m_builder.mainScope(), name));
        return decodeAll(value.constant->view()).value();
    }
    Diagnostics diagnostics() { return m_builder.build().value()->diagnostics(); }

private:
    GraphBuilder m_builder;
    NodeId m_last;
};

TEST(IrQuantizationTest, AChainOfConvertSubtractAndMultiplyIsTheParametersOfItsConstant)
{
    Layers layers;
    layers.constant<std::int8_t>("w", DType::Int8, {2, 2}, {1, 2, 3, 4})
        .constant<std::uint8_t>("zero", DType::UInt8, {2, 1}, {1, 2})
        .floats("scale", {2, 1}, {0.5F, 2.0F})
        .op("Convert", {"w"}, "real", {2, 2})
        .op("Convert", {"zero"}, "real_zero", {2, 1})
        .op("Subtract", {"real", "real_zero"}, "shifted", {2, 2})
        .op("Multiply", {"shifted", "scale"}, "weight", {2, 2})
        .apply();
    const Quantization *parameters = layers.parametersOf("w");
    ASSERT_NE(parameters, nullptr);
    EXPECT_THAT(parameters->scales, ElementsAre(0.5, 2.0));
    EXPECT_THAT(parameters->zeroPoints, ElementsAre(1, 2));
    EXPECT_EQ(parameters->axis, 0U);
    EXPECT_THAT(layers.numbersOf("w"), ElementsAre(0, 0.5F, 2, 4));
    EXPECT_THAT(layers.diagnostics(), IsEmpty());
}

TEST(IrQuantizationTest, OneScaleGroupsAndZeroPointsOfTheirOwnAreRead)
{
    Layers layers;
    layers.constant<std::uint8_t>("one", DType::UInt4, {4}, {0x21, 0x43})
        .floats("s1", {}, {0.5F})
        .op("Convert", {"one"}, "c1")
        .op("Multiply", {"s1", "c1"}, "w1") // the scale may stand first
        .constant<std::uint8_t>("groups", DType::Int4, {2, 2, 2}, {0x21, 0x43, 0x65, 0x07})
        .constant<std::uint16_t>("s2", DType::Float16, {2, 2, 1}, {0x3C00, 0x4000, 0x3800, 0x3C00})
        .op("Convert", {"groups"}, "c2")
        .op("Convert", {"s2"}, "s2_real")
        .op("Multiply", {"c2", "s2_real"}, "w2")
        .constant<std::int8_t>("zeros", DType::Int8, {1, 2}, {5, 7})
        .floats("s3", {1}, {2.0F})
        .floats("z3", {2}, {5.0F, 6.0F})
        .op("Convert", {"zeros"}, "c3")
        .op("Subtract", {"c3", "z3"}, "d3")
        .op("Multiply", {"d3", "s3"}, "w3")
        .apply();
    EXPECT_FALSE(layers.parametersOf("one")->axis);
    EXPECT_THAT(layers.numbersOf("one"), ElementsAre(0.5F, 1, 1.5F, 2));
    const Quantization *groups = layers.parametersOf("groups");
    ASSERT_NE(groups, nullptr);
    EXPECT_EQ(groups->axis, 2U);
    EXPECT_EQ(groups->blockSize, 2U);
    EXPECT_THAT(layers.numbersOf("groups"), ElementsAre(1, 2, 6, 8, 2.5F, 3, 7, 0));
    EXPECT_THAT(layers.parametersOf("zeros")->scales, ElementsAre(2, 2));
    EXPECT_THAT(layers.numbersOf("zeros"), ElementsAre(0, 2));
}

TEST(IrQuantizationTest, ScalesThatCannotBeSaidAreNoted)
{
    Layers layers;
    layers.constant<std::int8_t>("each", DType::Int8, {2, 2}, {1, 2, 3, 4})
        .floats("s1", {2, 2}, {1, 2, 3, 4})
        .op("Convert", {"each"}, "c1")
        .op("Multiply", {"c1", "s1"}, "w1")
        .constant<std::int8_t>("half", DType::Int8, {2}, {1, 2})
        .floats("s2", {1}, {1})
        .floats("z2", {1}, {0.5F})
        .op("Convert", {"half"}, "c2")
        .op("Subtract", {"c2", "z2"}, "d2")
        .op("Multiply", {"d2", "s2"}, "w2")
        .apply();
    EXPECT_EQ(layers.parametersOf("each"), nullptr);
    EXPECT_EQ(layers.parametersOf("half"), nullptr);
    const auto diagnostics = layers.diagnostics();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(diagnostics[0].text,
              "2 tensors have scales of a form that is not read as quantization");
}

TEST(IrQuantizationTest, OrdinaryProductsAreNoQuantization)
{
    Layers layers;
    layers.floats("w", {2}, {1, 2})
        .floats("s", {2}, {1, 2})
        .constant<std::int32_t>("index", DType::Int32, {2}, {1, 2})
        .op("Multiply", {"w", "s"}, "a")
        .op("Convert", {"index"}, "b")
        .op("Multiply", {"b", "s"}, "c") // 32 bits: indices or a bias, no codes
        .apply();
    EXPECT_EQ(layers.parametersOf("w"), nullptr);
    EXPECT_EQ(layers.parametersOf("index"), nullptr);
}

TEST(IrQuantizationTest, FakeQuantizeGivesTheGridOfItsResult)
{
    Layers layers;
    layers.floats("x", {1, 2}, {1, 2})
        .floats("low", {}, {-1.0F})
        .floats("high", {}, {1.54F}) // 255 steps of 0.00996, zero at 100.4
        .floats("aligned_low", {}, {-1.0F})
        .floats("aligned_high", {}, {1.55F}) // 255 steps of 0.01, zero at 100
        .op("FakeQuantize", {"x", "aligned_low", "aligned_high", "aligned_low", "aligned_high"},
            "y", {1, 2})
        .levels(256)
        .op("FakeQuantize", {"x", "low", "high", "low", "high"}, "between", {1, 2})
        .levels(256)
        .op("FakeQuantize", {"x", "low", "high", "aligned_low", "aligned_high"}, "scaled", {1, 2})
        .levels(256)
        .apply();
    const Quantization *grid = layers.parametersOf("y");
    ASSERT_NE(grid, nullptr);
    EXPECT_THAT(grid->scales, ElementsAre(DoubleNear(0.01, 1e-8)));
    EXPECT_THAT(grid->zeroPoints, ElementsAre(100));
    EXPECT_EQ(layers.parametersOf("between"), nullptr); // zero is not on the grid
    EXPECT_EQ(layers.parametersOf("scaled"), nullptr);  // its range changes
}

TEST(IrQuantizationTest, FakeQuantizePerChannelHasAnAxis)
{
    Layers layers;
    layers.floats("x", {1, 2, 3}, {1, 2, 3, 4, 5, 6})
        .floats("low", {1, 2, 1}, {-127, -1.27F})
        .floats("high", {1, 2, 1}, {127, 1.27F})
        .op("FakeQuantize", {"x", "low", "high", "low", "high"}, "y", {1, 2, 3})
        .levels(255)
        .apply();
    const Quantization *grid = layers.parametersOf("y");
    ASSERT_NE(grid, nullptr);
    EXPECT_EQ(grid->axis, 1U);
    EXPECT_THAT(grid->scales, ElementsAre(DoubleEq(1.0), DoubleNear(0.01, 1e-8)));
    EXPECT_THAT(grid->zeroPoints, ElementsAre(127, 127));
}

} // namespace
} // namespace syncpoint
