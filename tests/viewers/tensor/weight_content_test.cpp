#include "viewers/tensor/weight_content.h"

#include "core/graph/graph_builder.h"
#include "ui/models/op_weights.h"
#include "ui/models/result_index.h"

#include <cmath>
#include <gtest/gtest.h>

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

Tensor integersOf(const std::vector<float> &values, const Shape &shape)
{
    std::vector<std::byte> codes;
    for (const float value : values) {
        codes.push_back(
            static_cast<std::byte>(static_cast<std::int8_t>(std::nearbyint(value / kStep))));
    }
    auto quantization = std::make_shared<Quantization>();
    quantization->scales = {double{kStep}};
    return Tensor::fromBytes({DType::Int8, shape, quantization}, codes).value();
}

/// y = x · w
std::shared_ptr<const Graph> productBy(const Tensor &weight)
{
    GraphBuilder builder;
    const auto scope = builder.mainScope();
    builder.addInput(scope, builder.value(scope, "x"));
    builder.setConstant(builder.localValue(scope, "w"), weight);
    builder.addNode("product", "MatMul", {"x", "w"}, {"y"});
    builder.addOutput(scope, builder.value(scope, "y"));
    return builder.build().value();
}

std::shared_ptr<const ComparisonResult> resultOf(const Tensor &baseline, const Tensor &candidate)
{
    auto result = std::make_shared<ComparisonResult>();
    result->baseline.graph = productBy(baseline);
    result->candidate.graph = productBy(candidate);
    SyncPoint point;
    point.reference = *result->baseline.graph->findValue("y");
    point.candidate = *result->candidate.graph->findValue("y");
    point.referenceNode = result->baseline.graph->value(point.reference).producer;
    point.candidateNode = result->candidate.graph->value(point.candidate).producer;
    result->alignment.points = {point};
    result->points.resize(1);
    return result;
}

TensorRequest requestOf(const std::shared_ptr<const ComparisonResult> &result)
{
    TensorRequest request;
    request.result = result;
    request.point = SyncPointId{0};
    request.value = *result->baseline.graph->findValue("w");
    request.isWeight = true;
    return request;
}

TEST(WeightContentTest, AFloatWeightStandsBesideItsIntegersMadeRealAgain)
{
    const auto result =
        resultOf(Tensor::fromFloats({4, 6}, numbers()), integersOf(numbers(), {4, 6}));

    const TensorContent content = loadTensorContent(requestOf(result), JobContext{});

    EXPECT_EQ(content.problem, "");
    EXPECT_EQ(content.shape, (Shape{4, 6}));
    EXPECT_EQ(content.reference.values, numbers());
    ASSERT_EQ(content.candidate.values.size(), 24U);
    EXPECT_NEAR(content.candidate.values[5], content.reference.values[5], kStep / 2.0F);
    EXPECT_EQ(content.candidate.captured.info().dtype, DType::Int8); // the read-out tells them
    EXPECT_NEAR(content.step, double{kStep}, 1e-9);
    ASSERT_TRUE(content.grid.has_value());
    EXPECT_NE(content.badge.find("× the error of rounding"), std::string::npos) << content.badge;
}

TEST(WeightContentTest, ATransposedWeightIsTurnedBack)
{
    std::vector<float> turned(24);
    for (std::size_t i = 0; i < turned.size(); ++i) {
        turned[i % 6 * 4 + i / 6] = numbers()[i];
    }
    const auto result = resultOf(Tensor::fromFloats({4, 6}, numbers()), integersOf(turned, {6, 4}));

    const TensorContent content = loadTensorContent(requestOf(result), JobContext{});

    ASSERT_EQ(content.candidate.values.size(), 24U);
    for (std::size_t i = 0; i < 24; ++i) {
        EXPECT_NEAR(content.candidate.values[i], content.reference.values[i], kStep / 1.9F);
    }
}

TEST(WeightContentTest, AWeightWithoutCounterpartSaysSo)
{
    const auto result =
        resultOf(Tensor::fromFloats({4, 6}, numbers()), Tensor::fromFloats({3}, {{1, 2, 3}}));

    const TensorContent content = loadTensorContent(requestOf(result), JobContext{});

    EXPECT_TRUE(content.candidate.values.empty());
    EXPECT_EQ(content.badge, "no counterpart in the candidate");
}

TEST(WeightContentTest, ALargeWeightIsReadInPartOnBothSides)
{
    const auto result =
        resultOf(Tensor::fromFloats({4, 6}, numbers()), integersOf(numbers(), {4, 6}));
    TensorRequest request = requestOf(result);
    request.mostElements = 20;
    request.partElements = 12;
    request.part = 1;

    const TensorContent content = loadTensorContent(request, JobContext{});

    EXPECT_EQ(content.badge, "part 2 of 2");
    ASSERT_EQ(content.candidate.values.size(), 12U);
    EXPECT_EQ(content.reference.values[0], numbers()[12]);
    EXPECT_NEAR(content.candidate.values[0], numbers()[12], kStep / 1.9F);
}

TEST(OpWeightsTest, TheWeightsOfTheSelectedOpKeepItSelected)
{
    const auto result =
        resultOf(Tensor::fromFloats({4, 6}, numbers()), integersOf(numbers(), {4, 6}));
    const Selection::Item op = itemForPoint(*result, SyncPointId{0});
    EXPECT_FALSE(isWeight(*result, op));

    const auto weights = weightsOf(*result, op);

    ASSERT_EQ(weights.size(), 1U);
    EXPECT_EQ(weights[0].slot, 1U);
    EXPECT_EQ(weights[0].item.node, op.node);
    EXPECT_EQ(weights[0].item.point, op.point);
    EXPECT_TRUE(isWeight(*result, weights[0].item));
    EXPECT_EQ(weightsOf(*result, weights[0].item).size(), 1U);
}

} // namespace
} // namespace syncpoint
