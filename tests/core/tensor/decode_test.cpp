#include "core/tensor/decode.h"

#include <cmath>
#include <cstring>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <numeric>

namespace syncpoint {
namespace {

using testing::ElementsAre;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

template <typename Stored>
Tensor tensorOf(DType dtype, Shape shape, const std::vector<Stored> &stored,
                std::shared_ptr<const Quantization> quantization = nullptr)
{
    const auto bytes = std::as_bytes(std::span(stored));
    auto tensor = Tensor::fromBytes({dtype, std::move(shape), std::move(quantization)},
                                    {bytes.begin(), bytes.end()});
    EXPECT_TRUE(tensor) << (tensor ? "" : tensor.error().message);
    return tensor ? *tensor : Tensor{};
}

std::vector<float> decoded(const Tensor &tensor)
{
    auto values = decodeAll(tensor.view());
    EXPECT_TRUE(values);
    return values ? *values : std::vector<float>{};
}

/// binary16 by its definition, as the reference of the fast conversion.
float halfByDefinition(std::uint32_t bits)
{
    const std::uint32_t exponent = (bits >> 10U) & 31U;
    const auto mantissa = static_cast<float>(bits & 1023U);
    const float sign = (bits & 0x8000U) != 0 ? -1.0F : 1.0F;
    if (exponent == 31) {
        return mantissa == 0.0F ? sign * kInfinity : std::nanf("");
    }
    return exponent == 0 ? sign * std::ldexp(mantissa, -24)
                         : sign * std::ldexp(1024.0F + mantissa, static_cast<int>(exponent) - 25);
}

TEST(DecodeTest, EveryHalfIsExact)
{
    std::vector<std::uint16_t> all(65536);
    std::iota(all.begin(), all.end(), std::uint16_t{0});
    const auto values = decoded(tensorOf(DType::Float16, {65536}, all));
    for (std::uint32_t bits = 0; bits < values.size(); ++bits) {
        const float expected = halfByDefinition(bits);
        if (std::isnan(expected)) {
            ASSERT_TRUE(std::isnan(values[bits])) << bits;
        } else {
            ASSERT_EQ(values[bits], expected) << bits;
            ASSERT_EQ(std::signbit(values[bits]), std::signbit(expected)) << bits;
        }
    }
}

TEST(DecodeTest, BFloat16IsTheUpperHalfOfAFloat)
{
    EXPECT_THAT(decoded(tensorOf<std::uint16_t>(DType::BFloat16, {3}, {0x3F80, 0xC049, 0x7F80})),
                ElementsAre(1.0F, -3.140625F, kInfinity));
}

TEST(DecodeTest, EightBitFloatsFollowTheirSpecifications)
{
    using Bytes = std::vector<std::uint8_t>;
    const auto e4m3 = decoded(
        tensorOf<std::uint8_t>(DType::Float8E4M3FN, {5}, Bytes{0x7E, 0x38, 0x01, 0xFF, 0x80}));
    EXPECT_EQ(e4m3[0], 448.0F);
    EXPECT_EQ(e4m3[1], 1.0F);
    EXPECT_EQ(e4m3[2], 0x1p-9F);
    EXPECT_TRUE(std::isnan(e4m3[3]));
    EXPECT_TRUE(std::signbit(e4m3[4]));
    const auto fnuz =
        decoded(tensorOf<std::uint8_t>(DType::Float8E4M3FNUZ, {3}, Bytes{0x7F, 0x80, 0x40}));
    EXPECT_EQ(fnuz[0], 240.0F);
    EXPECT_TRUE(std::isnan(fnuz[1]));
    EXPECT_EQ(fnuz[2], 1.0F);
    const auto e5m2 =
        decoded(tensorOf<std::uint8_t>(DType::Float8E5M2, {4}, Bytes{0x7B, 0xFC, 0x7D, 0x01}));
    EXPECT_EQ(e5m2[0], 57344.0F);
    EXPECT_EQ(e5m2[1], -kInfinity);
    EXPECT_TRUE(std::isnan(e5m2[2]));
    EXPECT_EQ(e5m2[3], 0x1p-16F);
    const auto e5m2fnuz =
        decoded(tensorOf<std::uint8_t>(DType::Float8E5M2FNUZ, {2}, Bytes{0x7F, 0x80}));
    EXPECT_EQ(e5m2fnuz[0], 57344.0F);
    EXPECT_TRUE(std::isnan(e5m2fnuz[1]));
    const auto e8m0 =
        decoded(tensorOf<std::uint8_t>(DType::Float8E8M0, {3}, Bytes{0x00, 0x7F, 0xFF}));
    EXPECT_EQ(e8m0[0], 0x1p-127F);
    EXPECT_EQ(e8m0[1], 1.0F);
    EXPECT_TRUE(std::isnan(e8m0[2]));
}

TEST(DecodeTest, PackedTypesStartInTheLowBits)
{
    EXPECT_THAT(decoded(tensorOf<std::uint8_t>(DType::Int4, {3}, {0x81, 0x0F})),
                ElementsAre(1.0F, -8.0F, -1.0F));
    EXPECT_THAT(decoded(tensorOf<std::uint8_t>(DType::UInt4, {3}, {0x81, 0x0F})),
                ElementsAre(1.0F, 8.0F, 15.0F));
    EXPECT_THAT(decoded(tensorOf<std::uint8_t>(DType::Int2, {5}, {0b11100100, 0b10})),
                ElementsAre(0.0F, 1.0F, -2.0F, -1.0F, -2.0F));
    EXPECT_THAT(decoded(tensorOf<std::uint8_t>(DType::UInt2, {4}, {0b11100100})),
                ElementsAre(0.0F, 1.0F, 2.0F, 3.0F));
    EXPECT_THAT(decoded(tensorOf<std::uint8_t>(DType::UInt1, {4}, {0b1101})),
                ElementsAre(1.0F, 0.0F, 1.0F, 1.0F));
    EXPECT_THAT(decoded(tensorOf<std::uint8_t>(DType::Float4E2M1, {4}, {0x17, 0xF2})),
                ElementsAre(6.0F, 0.5F, 1.0F, -6.0F));
}

TEST(DecodeTest, ElementsOfThreeAndSixBitsCrossBytes)
{
    // 1 2 3 from the low bits on: 011'010'001, and 1 2 33: 100001'000010'000001.
    EXPECT_THAT(decoded(tensorOf<std::uint8_t>(DType::UInt3, {3}, {0b11010001, 0b0})),
                ElementsAre(1.0F, 2.0F, 3.0F));
    EXPECT_THAT(decoded(tensorOf<std::uint8_t>(DType::UInt6, {3}, {0b10000001, 0b00010000, 0b10})),
                ElementsAre(1.0F, 2.0F, 33.0F));
}

TEST(DecodeTest, IntegersAndBoolAtAnyOffset)
{
    const Tensor wide = tensorOf<std::int64_t>(DType::Int64, {3}, {-1, std::int64_t{1} << 40, 7});
    std::vector<double> two(2);
    decode(wide.view(), 1, std::span<double>(two));
    EXPECT_THAT(two, ElementsAre(0x1p40, 7.0));
    EXPECT_THAT(decoded(tensorOf<std::uint8_t>(DType::Bool, {3}, {0, 1, 2})),
                ElementsAre(0.0F, 1.0F, 1.0F));
    std::vector<std::int64_t> raw(3);
    decodeRaw(wide.view(), 0, raw);
    EXPECT_THAT(raw, ElementsAre(-1, std::int64_t{1} << 40, 7));
}

TEST(DecodeTest, DequantizesPerTensorTheSameByTableAndByArithmetic)
{
    auto parameters = std::make_shared<Quantization>();
    parameters->scales = {0.1};
    parameters->zeroPoints = {-3};
    std::vector<std::int8_t> stored(1000);
    std::iota(stored.begin(), stored.end(), std::int8_t{0});
    const Tensor tensor = tensorOf(DType::Int8, {1000}, stored, parameters);
    const auto values = decoded(tensor);
    for (std::size_t i = 0; i < stored.size(); ++i) {
        const auto expected = static_cast<float>(0.1 * (static_cast<double>(stored[i]) + 3.0));
        float single = 0.0F;
        decode(tensor.view(), i, std::span<float>(&single, 1));
        ASSERT_EQ(values[i], expected);
        ASSERT_EQ(single, expected);
    }
}

TEST(DecodeTest, DequantizesPerAxisFromAnyOffset)
{
    auto parameters = std::make_shared<Quantization>();
    parameters->scales = {1.0, 10.0, 100.0};
    parameters->zeroPoints = {0, 1, 2};
    parameters->axis = 1;
    std::vector<std::int16_t> stored(2 * 3 * 2, 5);
    const Tensor tensor = tensorOf(DType::Int16, {2, 3, 2}, stored, parameters);
    EXPECT_THAT(decoded(tensor), ElementsAre(5, 5, 40, 40, 300, 300, 5, 5, 40, 40, 300, 300));
    std::vector<float> part(4);
    decode(tensor.view(), 3, std::span<float>(part));
    EXPECT_THAT(part, ElementsAre(40, 300, 300, 5));
    const auto range = tensor.range(3, 4);
    ASSERT_TRUE(range);
    decodePart(range->view(), tensor.info(), 3, std::span<float>(part));
    EXPECT_THAT(part, ElementsAre(40, 300, 300, 5));
}

TEST(DecodeTest, DequantizesByBlockWithAShortLastBlock)
{
    auto parameters = std::make_shared<Quantization>();
    parameters->axis = 0;
    parameters->blockSize = 2;
    parameters->scales = {1.0, 2.0, 3.0, 4.0}; // blocks × columns
    const Tensor tensor =
        tensorOf<std::int8_t>(DType::Int8, {3, 2}, {1, 1, 1, 1, 1, 1}, parameters);
    EXPECT_THAT(decoded(tensor), ElementsAre(1, 2, 1, 2, 3, 4));
}

TEST(DecodeTest, ParametersThatDoNotFitAreRefusedAndNeverReadOutOfBounds)
{
    auto parameters = std::make_shared<Quantization>();
    parameters->scales = {1.0, 2.0};
    parameters->axis = 5;
    EXPECT_FALSE(Tensor::fromBytes({DType::Int8, {2}, parameters}, std::vector<std::byte>(2)));
    parameters->axis = 0;
    EXPECT_FALSE(Tensor::fromBytes({DType::Int8, {3}, parameters}, std::vector<std::byte>(3)));
    const std::vector<std::byte> bytes(3, std::byte{4});
    const Shape shape{3};
    const TensorView view{bytes, DType::Int8, shape, parameters.get()};
    std::vector<float> values(3);
    decode(view, 0, std::span<float>(values));
    EXPECT_THAT(values, ElementsAre(4, 4, 4));
}

TEST(DecodeTest, FloatsIgnoreParameters)
{
    auto parameters = std::make_shared<Quantization>();
    parameters->scales = {2.0};
    EXPECT_THAT(decoded(tensorOf<float>(DType::Float32, {2}, {1.0F, 2.0F}, parameters)),
                ElementsAre(1.0F, 2.0F));
}

TEST(DecodeTest, StringsAndComplexNumbersAreNoNumbers)
{
    EXPECT_FALSE(decodeAll(tensorOf<char>(DType::String, {1}, {'a', '\0'}).view()));
    EXPECT_FALSE(decodeAll(tensorOf<float>(DType::Complex64, {1}, {1.0F, 2.0F}).view()));
}

} // namespace
} // namespace syncpoint
