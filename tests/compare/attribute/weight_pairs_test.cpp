#include "compare/attribute/weight_pairs.h"

#include "core/graph/graph_builder.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace syncpoint {
namespace {

constexpr float kStep = 0.01F;

std::vector<float> numbers()
{
    std::vector<float> values(24);
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = std::sin(1.0F + 3.0F * static_cast<float>(i));
    }
    return values;
}

std::vector<float> rounded(std::vector<float> values)
{
    for (float &value : values) {
        value = std::nearbyint(value / kStep) * kStep;
    }
    return values;
}

/// A MatMul by a weight and an Add of a bias; an empty weight or bias is left out.
struct Side
{
    Side(const std::vector<float> &weight, const Shape &shape, const std::vector<float> &bias,
         bool isQuantized)
    {
        GraphBuilder builder;
        const auto scope = builder.mainScope();
        builder.addInput(scope, builder.value(scope, "x"));
        Tensor tensor = Tensor::fromFloats(shape, weight);
        if (isQuantized) {
            std::vector<std::byte> codes;
            for (const float value : weight) {
                codes.push_back(static_cast<std::byte>(
                    static_cast<std::int8_t>(std::nearbyint(value / kStep))));
            }
            auto quantization = std::make_shared<Quantization>();
            quantization->scales = {double{kStep}};
            tensor = Tensor::fromBytes({DType::Int8, shape, quantization}, codes).value();
        }
        builder.setConstant(builder.localValue(scope, "w"), tensor);
        builder.addNode("product", "MatMul", {"x", "w"}, {"p"});
        if (!bias.empty()) {
            builder.setConstant(builder.localValue(scope, "b"),
                                Tensor::fromFloats({static_cast<std::int64_t>(bias.size())}, bias));
            builder.addNode("sum", "Add", {"p", "b"}, {"y"});
        }
        graph = builder.build().value();
        for (std::size_t i = 0; i < graph->nodes().size(); ++i) {
            ops.emplace_back(i);
        }
        for (std::size_t i = 0; i < graph->values().size(); ++i) {
            if (graph->values()[i].constant) {
                constants.emplace_back(i);
            }
        }
    }
    std::shared_ptr<const Graph> graph;
    std::vector<NodeId> ops;
    std::vector<ValueId> constants;
};

WeightComparison compare(const Side &baseline, const Side &candidate)
{
    return pairWeights(*baseline.graph, baseline.ops, baseline.constants, *candidate.graph,
                       candidate.ops);
}

TEST(WeightPairsTest, RoundingIsNoFault)
{
    const auto found = compare({numbers(), {4, 6}, {}, false}, {numbers(), {4, 6}, {}, true});

    ASSERT_EQ(found.pairs.size(), 1U);
    EXPECT_TRUE(found.faults.empty());
    EXPECT_NEAR(found.pairs[0].excess, 1.0, 0.6);
}

TEST(WeightPairsTest, ATransposedWeightIsTurnedBack)
{
    std::vector<float> turned(24);
    for (std::size_t i = 0; i < 24; ++i) {
        turned[i % 6 * 4 + i / 6] = rounded(numbers())[i];
    }
    const auto found = compare({rounded(numbers()), {4, 6}, {}, false}, {turned, {6, 4}, {}, true});

    ASSERT_EQ(found.pairs.size(), 1U);
    EXPECT_EQ(found.pairs[0].replacement.info().shape, (Shape{4, 6}));
    EXPECT_LT(found.pairs[0].excess, 0.01);
}

TEST(WeightPairsTest, ChannelsInAnotherOrderAreAFault)
{
    auto permuted = numbers();
    std::swap_ranges(permuted.begin(), permuted.begin() + 6, permuted.begin() + 6);

    const auto found = compare({numbers(), {4, 6}, {}, false}, {permuted, {4, 6}, {}, true});

    ASSERT_EQ(found.faults.size(), 1U);
    EXPECT_NE(found.faults[0].find("2 channels are in another order"), std::string::npos)
        << found.faults[0];
}

TEST(WeightPairsTest, AScaledChannelIsAFault)
{
    auto scaled = numbers();
    for (std::size_t i = 6; i < 12; ++i) {
        scaled[i] *= 0.5F;
    }
    const auto found = compare({numbers(), {4, 6}, {}, false}, {scaled, {4, 6}, {}, true});

    ASSERT_EQ(found.faults.size(), 1U);
    EXPECT_NE(found.faults[0].find("1 of 4 channels are scaled"), std::string::npos)
        << found.faults[0];
}

TEST(WeightPairsTest, LostNumbersAreCountedInsteadOfTakenForScales)
{
    auto lost = numbers();
    lost[3] = std::numeric_limits<float>::infinity();
    lost[20] = std::nanf("");
    const auto found = compare({numbers(), {4, 6}, {}, false}, {lost, {4, 6}, {}, false});

    ASSERT_EQ(found.faults.size(), 1U);
    EXPECT_EQ(found.faults[0],
              "'w' is not the baseline's rounded (2 of 24 numbers are NaN or Inf)");
}

TEST(WeightPairsTest, AMissingBiasIsAFault)
{
    const std::vector<float> bias{1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F};

    const auto found = compare({numbers(), {4, 6}, bias, false}, {numbers(), {4, 6}, {}, true});

    ASSERT_EQ(found.faults.size(), 1U);
    EXPECT_EQ(found.faults[0], "the bias 'b' is missing in the candidate");
}

TEST(WeightPairsTest, ABiasOfUnknownNumbersIsNotMissing)
{
    const std::vector<float> bias{1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F};
    const Side baseline(numbers(), {4, 6}, bias, false);
    GraphBuilder builder; // as a dump has it
    const auto scope = builder.mainScope();
    builder.addInput(scope, builder.value(scope, "x"));
    builder.setConstantWithoutData(builder.localValue(scope, "w"), DType::Int8, {4, 6});
    builder.setConstantWithoutData(builder.localValue(scope, "b"), DType::Float32, {6});
    const std::vector<NodeId> ops{builder.addNode("product", "MatMul", {"x", "w"}, {"p"}),
                                  builder.addNode("sum", "Add", {"p", "b"}, {"y"})};
    const auto candidate = builder.build().value();

    const auto found =
        pairWeights(*baseline.graph, baseline.ops, baseline.constants, *candidate, ops);

    EXPECT_TRUE(found.faults.empty()) << found.faults[0];
    EXPECT_FALSE(found.isComplete);
}

} // namespace
} // namespace syncpoint
