#include "compare/metric/convert_kernels.h"

#include <bit>
#include <cmath>
#include <gtest/gtest.h>
#include <vector>

namespace syncpoint {
namespace {

TEST(ConvertKernelsTest, EveryHalfWidensExactly)
{
    std::vector<std::uint16_t> bits(0x10000);
    for (std::size_t i = 0; i < bits.size(); ++i) {
        bits[i] = static_cast<std::uint16_t>(i);
    }
    std::vector<float> halves(bits.size());
    std::vector<float> brains(bits.size());
    widenHalf(bits.data(), bits.size() - 3, halves.data());
    widenBFloat16(bits.data(), bits.size() - 3, brains.data());
    for (std::uint32_t i = 0; i < bits.size() - 3; ++i) {
        EXPECT_TRUE(std::bit_cast<std::uint32_t>(brains[i]) == i << 16 || std::isnan(brains[i]));
        const int exponent = static_cast<int>(i >> 10 & 31U);
        const auto mantissa = static_cast<float>(i & 1023U);
        const float magnitude = exponent == 0 ? std::ldexp(mantissa, -24)
                                              : std::ldexp(1024.0F + mantissa, exponent - 25);
        if (exponent < 31) {
            ASSERT_EQ(halves[i], (i & 0x8000U) != 0 ? -magnitude : magnitude) << i;
        } else {
            ASSERT_FALSE(std::isfinite(halves[i])) << i;
        }
    }
}

TEST(ConvertKernelsTest, BytesAreDequantizedAndCounted)
{
    for (std::size_t n = 0; n <= 130; ++n) {
        std::vector<std::int8_t> q(n);
        std::vector<std::uint8_t> u(n);
        std::size_t ends = 0;
        for (std::size_t i = 0; i < n; ++i) {
            q[i] = static_cast<std::int8_t>(i * 37);
            u[i] = static_cast<std::uint8_t>(i * 51);
            ends += u[i] == 0 || u[i] == 255;
        }
        std::vector<double> fromSigned(n);
        std::vector<double> fromUnsigned(n);
        dequantizeRun(q.data(), n, 0.1, -3.0, fromSigned.data());
        dequantizeRun(u.data(), n, 0.1, 7.0, fromUnsigned.data());
        for (std::size_t i = 0; i < n; ++i) {
            EXPECT_EQ(fromSigned[i], (static_cast<double>(q[i]) + 3.0) * 0.1);
            EXPECT_EQ(fromUnsigned[i], (static_cast<double>(u[i]) - 7.0) * 0.1);
        }
        EXPECT_EQ(countEither(u.data(), n, 0, 255), ends);
    }
}

} // namespace
} // namespace syncpoint
