#include "core/base/sha256.h"

#include "tests/core/formats/test_files.h"

#include <gtest/gtest.h>

namespace syncpoint::test {

TEST(Sha256Test, MatchesTheStandardsTestVector)
{
    const TemporaryFolder folder;
    writeFile(folder / "a", "abc"); // FIPS 180-2, appendix B.1
    const auto sum = sha256OfFile(folder / "a");
    ASSERT_TRUE(sum);
    EXPECT_EQ(*sum, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256Test, StopsWhenCancelledAndFailsOnMissingFiles)
{
    const TemporaryFolder folder;
    writeFile(folder / "a", "abc");
    const JobContext job;
    job.token().cancel();
    const auto sum = sha256OfFile(folder / "a", job);
    ASSERT_FALSE(sum);
    EXPECT_EQ(sum.error().code, ErrorCode::Cancelled);
    EXPECT_FALSE(sha256OfFile(folder / "missing"));
}

} // namespace syncpoint::test
