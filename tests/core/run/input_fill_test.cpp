#include "core/run/input_fill.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

namespace syncpoint {
namespace {
std::vector<float> floatsOf(const Tensor &tensor)
{
    return decodeAll(tensor.view()).value();
}

TEST(InputFillTest, RandomFloatsAreTheSameOnEveryMachine)
{
    const auto tensor = fillTensor({}, DType::Float32, {1000}, {0, 0, 0});
    ASSERT_TRUE(tensor);
    const auto values = floatsOf(*tensor);

    // From an independent implementation of SplitMix64 and MT19937-64.
    EXPECT_EQ(std::vector<float>(values.begin(), values.begin() + 3),
              (std::vector<float>{0.8570817112922668F, 0.3959813714027405F, 0.48474591970443726F}));
    EXPECT_GE(*std::min_element(values.begin(), values.end()), 0.0F);
    EXPECT_LT(*std::max_element(values.begin(), values.end()), 1.0F);
}

TEST(InputFillTest, RandomDependsOnSeedInputAndSample)
{
    const auto base = floatsOf(*fillTensor({}, DType::Float32, {8}, {0, 0, 0}));

    EXPECT_EQ(base, floatsOf(*fillTensor({}, DType::Float32, {8}, {0, 0, 0})));
    EXPECT_NE(base, floatsOf(*fillTensor({}, DType::Float32, {8}, {1, 0, 0})));
    EXPECT_NE(base, floatsOf(*fillTensor({}, DType::Float32, {8}, {0, 1, 0})));
    EXPECT_NE(base, floatsOf(*fillTensor({}, DType::Float32, {8}, {0, 0, 1})));
}

TEST(InputFillTest, RandomIntegersAreValidIds)
{
    for (const DType dtype : {DType::Int64, DType::UInt8, DType::Bool}) {
        const auto values = floatsOf(*fillTensor({}, dtype, {100}, {}));
        EXPECT_TRUE(std::all_of(values.begin(), values.end(),
                                [](float value) { return value == 0.0F || value == 1.0F; }));
        EXPECT_NE(std::count(values.begin(), values.end(), 0.0F), 100);
    }
}

TEST(InputFillTest, RandomNumbersStayInTheirRange)
{
    InputFill fill;
    fill.range = {-3.0, 2.0};
    const auto reals = floatsOf(*fillTensor(fill, DType::Float32, {1000}, {}));
    const auto integers = floatsOf(*fillTensor(fill, DType::Int8, {1000}, {}));

    const auto [low, high] = std::minmax_element(reals.begin(), reals.end());
    EXPECT_GE(*low, -3.0F);
    EXPECT_LT(*low, -2.9F);
    EXPECT_GT(*high, 1.9F);
    EXPECT_LE(*high, 2.0F);
    EXPECT_EQ(std::set<float>(integers.begin(), integers.end()),
              (std::set<float>{-3.0F, -2.0F, -1.0F, 0.0F, 1.0F, 2.0F}));
    fill.range = {0.0, 300.0};
    EXPECT_FALSE(fillTensor(fill, DType::UInt8, {1000}, {}));
    fill.range = {0.0, 0.5};
    EXPECT_FALSE(fillTensor(fill, DType::UInt8, {1}, {}));
}

TEST(InputFillTest, OneNumberFillsEveryElement)
{
    const InputFill three{InputFill::Kind::Number, 3.0, {}};

    EXPECT_EQ(floatsOf(*fillTensor(three, DType::Float16, {2}, {})), (std::vector{3.0F, 3.0F}));
    EXPECT_EQ(floatsOf(*fillTensor(three, DType::Int8, {2}, {})), (std::vector{3.0F, 3.0F}));
    EXPECT_FALSE(fillTensor(three, DType::Bool, {2}, {}));
    EXPECT_FALSE(fillTensor({InputFill::Kind::Number, 0.5, {}}, DType::Int8, {2}, {}));
    EXPECT_FALSE(fillTensor({InputFill::Kind::Number, 300.0, {}}, DType::Int8, {2}, {}));
}

TEST(InputFillTest, WhatCannotBeMadeUpIsAnError)
{
    EXPECT_FALSE(fillTensor({}, DType::String, {1}, {}));
    EXPECT_FALSE(fillTensor({}, DType::Float32, {1LL << 40U, 1LL << 20U}, {}));
}
} // namespace
} // namespace syncpoint
