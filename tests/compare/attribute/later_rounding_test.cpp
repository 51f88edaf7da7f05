#include "compare/attribute/later_rounding.h"
#include "core/graph/graph_builder.h"
#include "core/tensor/decode.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

/// A value `x` and what is made of it, with 8-bit quantizers.
class Chain
{
public:
    Chain() { m_builder.addInput(m_builder.mainScope(), value("x")); }

    Chain &quantize(const std::string &from, const std::string &to, float scale, std::uint8_t zero)
    {
        m_builder.addNode(to, "QuantizeLinear", operands(from, scale, zero), {to});
        m_builder.edit(value(to)).dtype = DType::UInt8;
        return *this;
    }
    Chain &dequantize(const std::string &from, const std::string &to, float scale,
                      std::uint8_t zero)
    {
        m_builder.addNode(to, "DequantizeLinear", operands(from, scale, zero), {to});
        return *this;
    }
    Chain &op(const std::string &type, const std::string &from, const std::string &to)
    {
        m_builder.addNode(to, type, {from}, {to});
        return *this;
    }
    /// An op that reads integers with a scale and a zero point of its own.
    Chain &quantizedOp(const std::string &from, const std::string &to, float scale,
                       std::uint8_t zero)
    {
        m_builder.addNode(to, "QLinearSigmoid", operands(from, scale, zero), {to});
        return *this;
    }

    LaterRounding follow(const std::string &from)
    {
        m_graph = m_builder.build().value();
        return laterRounding(*m_graph, *m_graph->findValue(from));
    }
    std::string exitOf(const LaterRounding &later) const { return m_graph->value(later.exit).name; }

private:
    ValueId value(const std::string &name) { return m_builder.value(m_builder.mainScope(), name); }
    std::vector<std::string> operands(const std::string &from, float scale, std::uint8_t zero)
    {
        const std::string name = fmt::format("p{}", ++m_parameters);
        m_builder.setConstant(value(name + "_scale"), Tensor::fromFloats({}, {{scale}}));
        TensorInfo info;
        info.dtype = DType::UInt8;
        m_builder.setConstant(value(name + "_zero"),
                              Tensor::fromBytes(info, {std::byte{zero}}).value());
        return {from, name + "_scale", name + "_zero"};
    }

    GraphBuilder m_builder;
    std::shared_ptr<const Graph> m_graph;
    int m_parameters = 0;
};

TEST(LaterRoundingTest, RepeatedParametersChangeNothing)
{
    Chain chain;
    chain.quantize("x", "q", 0.1F, 3).dequantize("q", "d", 0.1F, 3).op("Transpose", "d", "t");
    chain.quantize("t", "tq", 0.1F, 3).dequantize("tq", "td", 0.1F, 3).op("Relu", "td", "y");

    const LaterRounding later = chain.follow("d");

    EXPECT_TRUE(later.steps.empty());
    EXPECT_EQ(chain.exitOf(later), "td");
}

TEST(LaterRoundingTest, AViewThatIsReadWithAnotherScaleIsAFault)
{
    Chain chain;
    chain.quantize("x", "q", 0.1F, 3).dequantize("q", "d", 0.1F, 3).op("Transpose", "d", "t");
    chain.quantize("t", "tq", 0.1F, 3).dequantize("tq", "td", 0.2F, 3).op("Relu", "td", "y");

    const LaterRounding later = chain.follow("d");

    ASSERT_EQ(later.steps.size(), 1U);
    EXPECT_THAT(later.steps[0].fault(), ::testing::HasSubstr("dequantized with scale 0.2"));
    const auto arriving = rounded(Tensor::fromFloats({3}, {{0.5F, -0.3F, -9.0F}}), later.steps);
    EXPECT_THAT(decodeAll(arriving->view()).value(),
                ::testing::ElementsAre(1.0F, ::testing::FloatEq(-0.6F), ::testing::FloatEq(-0.6F)));
}

TEST(LaterRoundingTest, ACoarserQuantizerBehindAViewRoundsAgainAndIsSound)
{
    Chain chain;
    chain.quantize("x", "q", 0.1F, 0).dequantize("q", "d", 0.1F, 0).op("Reshape", "d", "t");
    chain.quantize("t", "tq", 0.5F, 0).dequantize("tq", "td", 0.5F, 0).op("Relu", "td", "y");

    const LaterRounding later = chain.follow("d");

    ASSERT_EQ(later.steps.size(), 1U);
    EXPECT_TRUE(later.steps[0].isSound());
    const auto arriving = rounded(Tensor::fromFloats({2}, {{0.7F, 1.3F}}), later.steps);
    EXPECT_THAT(decodeAll(arriving->view()).value(), ::testing::ElementsAre(0.5F, 1.5F));
}

TEST(LaterRoundingTest, ARangeThatStartsAtZeroBehindOneThatDoesNotIsAReluTakenAway)
{
    Chain chain;
    chain.quantize("x", "q", 0.1F, 99).dequantize("q", "d", 0.1F, 99);
    chain.quantize("d", "e", 0.1F, 0).dequantize("e", "f", 0.1F, 0).op("Exp", "f", "y");

    const LaterRounding later = chain.follow("d");

    EXPECT_TRUE(later.steps.empty());
    EXPECT_EQ(chain.exitOf(later), "d");
}

TEST(LaterRoundingTest, IntegersReadWithAnotherZeroPointAreAFault)
{
    Chain chain;
    chain.quantize("x", "q", 0.1F, 10).dequantize("q", "d", 0.1F, 10).quantize("d", "e", 0.1F, 10);
    chain.quantizedOp("e", "y", 0.1F, 14);

    const LaterRounding later = chain.follow("d");

    ASSERT_EQ(later.steps.size(), 1U);
    EXPECT_FALSE(later.steps[0].isSound());
    EXPECT_EQ(chain.exitOf(later), "e");
}

TEST(LaterRoundingTest, StopsWhereReadersDisagree)
{
    Chain chain;
    chain.quantize("x", "q", 0.1F, 3).dequantize("q", "d", 0.1F, 3).dequantize("q", "e", 0.3F, 3);
    chain.op("Relu", "d", "y").op("Relu", "e", "z");

    const LaterRounding later = chain.follow("q");

    EXPECT_TRUE(later.steps.empty());
    EXPECT_EQ(chain.exitOf(later), "q");
}

} // namespace
} // namespace syncpoint
