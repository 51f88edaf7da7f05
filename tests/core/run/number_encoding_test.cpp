#include "core/run/number_encoding.h"
#include "core/tensor/decode.h"

#include <gtest/gtest.h>

namespace syncpoint {
namespace {
TEST(NumberEncodingTest, HalfPrecisionRoundsToNearestEven)
{
    const auto tensor =
        encodeReals(DType::Float16, {4}, std::vector{1.0 + 1.0 / 2048, 65504.0, 6e-8, -0.0});
    ASSERT_TRUE(tensor);
    const auto *bits = reinterpret_cast<const unsigned char *>(tensor->bytes().data());
    EXPECT_EQ(bits[0] | bits[1] << 8, 0x3C00);
    EXPECT_EQ(bits[2] | bits[3] << 8, 0x7BFF);
    EXPECT_EQ(bits[4] | bits[5] << 8, 0x0001);
    EXPECT_EQ(bits[6] | bits[7] << 8, 0x8000);
}

TEST(NumberEncodingTest, IntegersAreConvertedOnlyWhenTheyFit)
{
    const auto small = encodeIntegers(DType::Int32, {2}, std::vector<std::int64_t>{-1, 200});
    ASSERT_TRUE(small);

    EXPECT_TRUE(converted(*small, DType::Int64));
    EXPECT_FALSE(converted(*small, DType::Int8));
    EXPECT_FALSE(converted(*small, DType::UInt32));
    EXPECT_FALSE(converted(*small, DType::Float32));
}

TEST(NumberEncodingTest, TheCountMustFitTheShape)
{
    EXPECT_FALSE(encodeReals(DType::Float32, {3}, std::vector{1.0}));
}
} // namespace
} // namespace syncpoint
