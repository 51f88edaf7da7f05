#include "core/formats/hdf5/checksum.h"

#include <gtest/gtest.h>
#include <string_view>

namespace syncpoint::hdf5 {
namespace {

std::uint32_t sumOf(std::string_view text)
{
    return checksumOf(std::as_bytes(std::span(text)));
}

TEST(ChecksumTest, IsThatOfThePublishedExamples)
{
    // From the self-test of lookup3.c.
    EXPECT_EQ(sumOf(""), 0xDEADBEEFU);
    EXPECT_EQ(sumOf("Four score and seven years ago"), 0x17770551U);
}

} // namespace
} // namespace syncpoint::hdf5
