#include "core/tensor/decode.h"
#include "core/tensor/encode.h"

#include <array>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

namespace syncpoint {
namespace {

TEST(EncodeTest, EveryHalfComesBack)
{
    std::vector<std::byte> all;
    for (unsigned bits = 0; bits < 0x10000; ++bits) {
        all.push_back(static_cast<std::byte>(bits));
        all.push_back(static_cast<std::byte>(bits >> 8U));
    }
    for (const DType dtype : {DType::Float16, DType::BFloat16}) {
        const auto tensor = Tensor::fromBytes({dtype, {0x10000}, nullptr}, all);
        std::vector<double> values(0x10000);
        decode(tensor->view(), 0, std::span<double>(values));
        const auto again = encodedReals(dtype, values);
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (!std::isnan(values[i])) {
                ASSERT_EQ(again[2 * i], all[2 * i]) << i;
                ASSERT_EQ(again[2 * i + 1], all[2 * i + 1]) << i;
            }
        }
    }
}

TEST(EncodeTest, RoundsToNearestEvenOnceAndOverflowsToInfinity)
{
    const auto half = [](double value) {
        const auto tensor = encodeReals(DType::Float16, {1}, std::array<double, 1>{value});
        return (*decodeAll(tensor->view())).front();
    };
    EXPECT_EQ(half(1.0 + 0x1p-11), 1.0F);
    EXPECT_EQ(half(1.0 + 3 * 0x1p-11), 1.0F + 0x1p-9F);
    EXPECT_EQ(half(1.0 + 0x1p-11 + 0x1p-40), 1.0F + 0x1p-10F); // a float would lose the last bit
    EXPECT_EQ(half(0x1p-25), 0.0F);
    EXPECT_EQ(half(0x1.8p-25), 0x1p-24F);
    EXPECT_EQ(half(65519.0), 65504.0F);
    EXPECT_EQ(half(65520.0), std::numeric_limits<float>::infinity());
    EXPECT_EQ(half(-1e300), -std::numeric_limits<float>::infinity());
    EXPECT_TRUE(std::isnan(half(std::nan(""))));
}

} // namespace
} // namespace syncpoint
