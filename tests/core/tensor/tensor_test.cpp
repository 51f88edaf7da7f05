#include "core/tensor/decode.h"
#include "core/tensor/tensor_store.h"

#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(TensorTest, SizeMustFitShapeAndType)
{
    EXPECT_TRUE(Tensor::fromBytes({DType::Int4, {3}, nullptr}, std::vector<std::byte>(2)));
    const auto wrong = Tensor::fromBytes({DType::Float32, {3}, nullptr}, std::vector<std::byte>(8));
    ASSERT_FALSE(wrong);
    EXPECT_THAT(wrong.error().message, HasSubstr("8 bytes do not fit float32 3"));
    EXPECT_FALSE(Tensor::fromBytes({DType::Float32, {-1}, nullptr}, {}));
    EXPECT_FALSE(Tensor::fromBytes({DType::Undefined, {0}, nullptr}, {}));
}

TEST(TensorTest, RangesShareBytesAndRespectPacking)
{
    const auto nibbles = Tensor::fromBytes({DType::UInt4, {5}, nullptr},
                                           {std::byte{0x21}, std::byte{0x43}, std::byte{0x05}});
    ASSERT_TRUE(nibbles);
    const auto tail = nibbles->range(2, 3);
    ASSERT_TRUE(tail);
    EXPECT_EQ(tail->bytes().data(), nibbles->bytes().data() + 1);
    EXPECT_THAT(*decodeAll(tail->view()), ElementsAre(3, 4, 5));
    EXPECT_FALSE(nibbles->range(1, 2));
    EXPECT_FALSE(nibbles->range(4, 2));
    EXPECT_FALSE(nibbles->range(6, std::uint64_t{0} - 1));
}

namespace {
/// 0.5, 1.5, 2.5, … and how many were asked for.
class Halves final : public DeferredNumbers
{
public:
    void read(std::uint64_t first, std::span<double> out) const override
    {
        m_made += out.size();
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] = static_cast<double>(first + i) + 0.5;
        }
    }
    std::uint64_t storedBytes() const override { return 3; }
    mutable std::uint64_t m_made = 0;
};
} // namespace

TEST(TensorTest, DeferredNumbersAreMadeWhenAskedFor)
{
    const auto numbers = std::make_shared<const Halves>();
    const auto tensor = Tensor::deferred({DType::Float16, {10, 100}, nullptr}, numbers);
    ASSERT_TRUE(tensor);
    EXPECT_EQ(tensor->storedBytes(), 3U);
    std::array<float, 2> two{};
    decode(tensor->view(), 7, std::span<float>(two));
    EXPECT_EQ(two[1], 8.5F);
    const auto part = tensor->range(20, 3);
    ASSERT_TRUE(part);
    EXPECT_EQ(part->bytes().size(), 6U);
    decode(part->view(), 1, std::span<float>(two));
    EXPECT_EQ(two[0], 21.5F);
    EXPECT_EQ(numbers->m_made, 5U);

    const auto turned = tensor->reshaped({1000});
    ASSERT_TRUE(turned);
    EXPECT_EQ(turned->bytes().size(), 2000U);
    EXPECT_EQ(tensor->bytes().data(), turned->bytes().data());
    EXPECT_EQ(numbers->m_made, 1005U);
    decode(TensorView{tensor->bytes(), DType::Float16, turned->info().shape}, 998,
           std::span<float>(two));
    EXPECT_EQ(two[1], 999.5F);
}

TEST(TensorTest, OnlyRealNumbersCanBeDeferred)
{
    const auto numbers = std::make_shared<const Halves>();
    EXPECT_FALSE(Tensor::deferred({DType::Int8, {2}, nullptr}, numbers));
    EXPECT_FALSE(Tensor::deferred({DType::Float32, {-1}, nullptr}, numbers));
    const auto tensor = Tensor::deferred({DType::Float32, {2}, nullptr}, numbers);
    ASSERT_TRUE(tensor);
    EXPECT_TRUE(tensor->withQuantization(nullptr));
    EXPECT_FALSE(tensor->withQuantization(std::make_shared<Quantization>()));
}

TEST(TensorTest, StringsAndTheirRanges)
{
    std::vector<std::byte> bytes;
    for (const char c : std::string_view("one\0\0three\0", 11)) {
        bytes.push_back(static_cast<std::byte>(c));
    }
    const auto tensor = Tensor::fromBytes({DType::String, {3}, nullptr}, bytes);
    ASSERT_TRUE(tensor);
    EXPECT_THAT(tensor->strings(), ElementsAre("one", "", "three"));
    const auto range = tensor->range(1, 2);
    ASSERT_TRUE(range);
    EXPECT_THAT(range->strings(), ElementsAre("", "three"));
    bytes.pop_back();
    EXPECT_FALSE(Tensor::fromBytes({DType::String, {3}, nullptr}, bytes));
}

TEST(TensorTest, ReshapingKeepsTheCount)
{
    const Tensor tensor = Tensor::fromFloats({2, 3}, std::vector<float>(6));
    EXPECT_TRUE(tensor.reshaped({6}));
    EXPECT_FALSE(tensor.reshaped({7}));
    EXPECT_FALSE(tensor.reshaped({-6}));
}

TEST(TensorTest, QuantizationThatDoesNotFitIsAnError)
{
    const auto tensor =
        Tensor::fromBytes({DType::Int8, {2, 2}, nullptr}, std::vector<std::byte>(4));
    ASSERT_TRUE(tensor);
    auto parameters = std::make_shared<Quantization>();
    EXPECT_FALSE(tensor->withQuantization(parameters));
    parameters->scales = {1.0};
    EXPECT_TRUE(tensor->withQuantization(parameters));
    EXPECT_TRUE(tensor->withQuantization(nullptr));
    auto perAxis = std::make_shared<Quantization>();
    perAxis->scales = {1.0, 2.0};
    perAxis->zeroPoints = {1};
    perAxis->axis = 1;
    EXPECT_FALSE(tensor->withQuantization(perAxis));
}

TEST(MemoryTensorStoreTest, FindsByNameAndKeepsTheFirstOfEqualNames)
{
    TensorEntry entry;
    entry.name = "x";
    std::vector<MemoryTensorStore::Item> items;
    items.push_back({entry, Tensor::fromFloats({2}, std::vector<float>{1.0F, 2.0F})});
    items.push_back({entry, Tensor::fromFloats({1}, std::vector<float>{3.0F})});
    const MemoryTensorStore store(std::move(items));
    const auto id = store.find("x");
    ASSERT_TRUE(id);
    EXPECT_EQ(store.entry(*id).info.shape, Shape{2});
    EXPECT_FALSE(store.find("y"));
    const auto part = store.readRange(*id, 1, 1);
    ASSERT_TRUE(part);
    EXPECT_THAT(*decodeAll(part->view()), ElementsAre(2.0F));
    EXPECT_FALSE(store.readRange(*id, 1, 2));
}

} // namespace
} // namespace syncpoint
