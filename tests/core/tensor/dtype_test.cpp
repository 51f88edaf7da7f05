#include "core/tensor/dtype.h"
#include "core/tensor/shape.h"

#include <gtest/gtest.h>

namespace syncpoint {
namespace {

TEST(DTypeTest, NamesRoundTripForEveryType)
{
    for (int i = 1; i <= static_cast<int>(DType::String); ++i) {
        const auto dtype = static_cast<DType>(i);
        EXPECT_EQ(dtypeFromName(dtypeName(dtype)), dtype) << dtypeName(dtype);
    }
}

TEST(DTypeTest, KnowsCommonSynonymsAndRefusesOthers)
{
    EXPECT_EQ(dtypeFromName("half"), DType::Float16);
    EXPECT_EQ(dtypeFromName("Double"), DType::Float64);
    EXPECT_EQ(dtypeFromName("undefined"), std::nullopt);
    EXPECT_EQ(dtypeFromName(""), std::nullopt);
}

TEST(DTypeTest, StorageBytesPadsPackedTypesAndSeesOverflow)
{
    EXPECT_EQ(storageBytes(DType::Int4, 5), 3U);
    EXPECT_EQ(storageBytes(DType::UInt2, 5), 2U);
    EXPECT_EQ(storageBytes(DType::UInt3, 5), 2U);
    EXPECT_EQ(storageBytes(DType::UInt6, 5), 4U);
    EXPECT_EQ(storageBytes(DType::UInt1, 9), 2U);
    EXPECT_EQ(storageBytes(DType::Float32, 0), 0U);
    EXPECT_EQ(storageBytes(DType::Float32, std::uint64_t{1} << 62U), std::nullopt);
    EXPECT_EQ(storageBytes(DType::String, 3), std::nullopt);
}

TEST(ShapeTest, ElementCountOfScalarEmptyNegativeAndHugeShapes)
{
    EXPECT_EQ(elementCount(Shape{}), 1U);
    EXPECT_EQ(elementCount(Shape{2, 3, 4}), 24U);
    EXPECT_EQ(elementCount(Shape{2, -1}), std::nullopt);
    const std::int64_t huge = std::int64_t{1} << 40;
    EXPECT_EQ(elementCount(Shape{huge, huge}), std::nullopt);
    EXPECT_EQ(elementCount(Shape{huge, huge, 0}), 0U);
    EXPECT_EQ(elementCount(Shape{0, -1}), std::nullopt);
}

TEST(ShapeTest, TextJoinsExtents)
{
    EXPECT_EQ(toText(Shape{1, 64, 128}), "1×64×128");
    EXPECT_EQ(toText(Shape{}), "scalar");
}

} // namespace
} // namespace syncpoint
