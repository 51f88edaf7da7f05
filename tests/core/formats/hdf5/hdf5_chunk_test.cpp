#include "core/base/byte_reader.h"
#include "core/formats/hdf5/filters.h"
#include "core/formats/hdf5/hdf5_loader.h"
#include "core/tensor/decode.h"
#include "tests/core/formats/test_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

using testing::Contains;
using testing::Each;
using testing::Field;
using testing::HasSubstr;

/// The real parts of the elements.
std::vector<float> valuesOf(const Tensor &tensor)
{
    if (tensor.info().dtype != DType::Complex64) {
        return decodeAll(tensor.view()).value();
    }
    std::vector<float> values;
    ByteReader reader(tensor.bytes());
    while (const auto value = reader.read<float>()) {
        values.push_back(*value);
        EXPECT_EQ(reader.read<float>(), 0.0F);
    }
    return values;
}

class Hdf5ChunkTest : public testing::TestWithParam<std::string>
{
protected:
    void SetUp() override
    {
        auto loaded = makeHdf5Loader()->load(test::dataFile("dumps/" + GetParam()), {});
        ASSERT_TRUE(loaded) << loaded.error().message;
        m_dump = std::move(loaded).value();
    }
    const TensorStore &store() const { return *m_dump->samples.front(); }
    std::vector<float> values(std::string_view name) const
    {
        const auto id = store().find(name);
        const auto tensor = id ? store().read(*id) : Result<Tensor>(Error{});
        EXPECT_TRUE(tensor) << name;
        return tensor ? valuesOf(*tensor) : std::vector<float>{};
    }

    std::shared_ptr<const TensorDump> m_dump;
};

INSTANTIATE_TEST_SUITE_P(Files, Hdf5ChunkTest, testing::Values("chunks.h5", "chunks-1.10.h5"));

TEST_P(Hdf5ChunkTest, EveryKindOfChunkIsReadWholeAndByRange)
{
    int ramps = 0;
    for (std::size_t i = 0; i < store().entries().size(); ++i) {
        const std::string &name = store().entries()[i].name;
        if (!name.starts_with("ramp")) {
            continue;
        }
        ++ramps;
        const auto whole = values(name);
        ASSERT_EQ(whole.size(), 70U) << name;
        for (std::size_t k = 0; k < whole.size(); ++k) {
            ASSERT_EQ(whole[k], static_cast<float>(k)) << name;
        }
        for (std::uint64_t first = 0; first < 70; first += 3) {
            for (std::uint64_t count = 0; first + count <= 70; count += 1 + count / 4) {
                const auto part = store().readRange(TensorId{i}, first, count);
                ASSERT_TRUE(part) << name << ": " << part.error().message;
                const auto read = valuesOf(*part);
                const auto from = whole.begin() + static_cast<std::ptrdiff_t>(first);
                ASSERT_TRUE(std::equal(read.begin(), read.end(), from)) << name << " " << first;
            }
        }
        store().release(TensorId{i}, 0, 70);
        EXPECT_EQ(values(name), whole);
    }
    EXPECT_GE(ramps, 17);
}

TEST_P(Hdf5ChunkTest, WhatTheFileDoesNotHoldIsTheFillValue)
{
    const auto filled = values("filled");
    ASSERT_EQ(filled.size(), 70U);
    EXPECT_EQ(std::count(filled.begin(), filled.end(), 2.0F), 12);
    EXPECT_EQ(std::count(filled.begin(), filled.end(), -1.5F), 58);
    EXPECT_EQ(filled[34], 2.0F);
    EXPECT_THAT(values("never written"), testing::AllOf(testing::SizeIs(70), Each(9.0F)));
    EXPECT_TRUE(values("empty").empty());
    EXPECT_THAT(values("scalar"), testing::ElementsAre(1.5F));
}

TEST_P(Hdf5ChunkTest, OtherFiltersAreNamed)
{
    for (const auto &[where, filter] :
         {std::pair{"fast packing", "lzf"}, std::pair{"lossy packing", "scaleoffset"}}) {
        EXPECT_FALSE(store().find(where));
        EXPECT_THAT(m_dump->diagnostics,
                    Contains(testing::AllOf(Field(&Diagnostic::where, where),
                                            Field(&Diagnostic::text, HasSubstr(filter)))));
    }
}

TEST(Hdf5FilterTest, DamagedChunksAreErrors)
{
    using hdf5::Filter;
    const std::vector<Filter> checksum{{Filter::Kind::Fletcher32, 0}};
    const std::vector<Filter> deflate{{Filter::Kind::Deflate, 0}};
    std::vector<std::byte> zeros(12, std::byte{0}); // of which the checksum is zero as well
    EXPECT_TRUE(hdf5::unpack(zeros, checksum, 0, 8));
    EXPECT_FALSE(hdf5::unpack(zeros, checksum, 0, 9));
    EXPECT_FALSE(hdf5::unpack(std::span(zeros).first(3), checksum, 0, 0));
    EXPECT_FALSE(hdf5::unpack(zeros, deflate, 0, 8));
    EXPECT_TRUE(hdf5::unpack(zeros, deflate, 1, 12));
    EXPECT_EQ(hdf5::unpack(zeros, deflate, 0, std::size_t{1} << 31U).error().code,
              ErrorCode::Limit);
    zeros[5] = std::byte{1};
    const auto wrong = hdf5::unpack(zeros, checksum, 0, 8);
    ASSERT_FALSE(wrong);
    EXPECT_THAT(wrong.error().message, HasSubstr("checksum"));
}

} // namespace
} // namespace syncpoint
