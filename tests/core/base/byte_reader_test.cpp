#include "core/base/byte_reader.h"

#include <array>
#include <gtest/gtest.h>

namespace syncpoint::test {

TEST(ByteReaderTest, ReadsLittleEndianNumbersInTurn)
{
    const std::array<std::byte, 7> bytes{std::byte{0x01}, std::byte{0x02}, std::byte{0x78},
                                         std::byte{0x56}, std::byte{0x34}, std::byte{0x12},
                                         std::byte{0xFF}};
    ByteReader reader(bytes);
    EXPECT_EQ(reader.read<std::uint16_t>(), 0x0201);
    EXPECT_EQ(reader.read<std::uint32_t>(), 0x12345678U);
    EXPECT_EQ(reader.read<std::int8_t>(), -1);
    EXPECT_EQ(reader.remaining(), 0U);
}

TEST(ByteReaderTest, NeverReadsPastTheEnd)
{
    const std::array<std::byte, 3> bytes{};
    ByteReader reader(bytes);
    EXPECT_FALSE(reader.read<std::uint32_t>());
    EXPECT_FALSE(reader.readBytes(4));
    EXPECT_FALSE(reader.readBytes(std::size_t(-1)));
    EXPECT_FALSE(reader.seek(4));
    EXPECT_EQ(reader.position(), 0U);
    EXPECT_TRUE(reader.seek(3));
    EXPECT_TRUE(reader.readBytes(0));
}

TEST(ByteReaderTest, ShowsBytesAsText)
{
    const std::array<std::byte, 2> bytes{std::byte{'o'}, std::byte{'k'}};
    EXPECT_EQ(asText(bytes), "ok");
}

} // namespace syncpoint::test
