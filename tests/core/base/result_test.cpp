#include "core/base/job_context.h"
#include "core/base/result.h"
#include "core/base/strong_id.h"

#include <gtest/gtest.h>
#include <memory>

namespace syncpoint::test {

TEST(ResultTest, HoldsAValueOrAnError)
{
    const Result<int> good = 7;
    ASSERT_TRUE(good);
    EXPECT_EQ(*good, 7);

    const Result<int> bad = Error{ErrorCode::BadFormat, "it is damaged"};
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().code, ErrorCode::BadFormat);
}

TEST(ResultTest, ErrorsGainContextOutwards)
{
    const Error error = Error{ErrorCode::Limit, "too deep"}.withContext("node 3").withContext("a");
    EXPECT_EQ(error.message, "a: node 3: too deep");
    EXPECT_EQ(error.code, ErrorCode::Limit);
}

TEST(ResultTest, CarriesMoveOnlyValues)
{
    Result<std::unique_ptr<int>> result = std::make_unique<int>(3);
    ASSERT_TRUE(result);
    EXPECT_EQ(*std::move(result).value(), 3);
}

TEST(ResultTest, VoidMeansSuccessOrError)
{
    EXPECT_TRUE(Result<void>{});
    EXPECT_FALSE(Result<void>(JobContext::cancelledError()));
}

TEST(StrongIdTest, IsInvalidUntilGivenAnIndex)
{
    using Id = StrongId<struct TestTag>;
    EXPECT_FALSE(Id{}.isValid());
    EXPECT_TRUE(Id{0}.isValid());
    EXPECT_EQ(Id{5}.index(), 5U);
    EXPECT_LT(Id{1}, Id{2});
}

TEST(JobContextTest, CopiesShareCancellationAndProgress)
{
    const JobContext job;
    const JobContext copy = job;
    job.beginStage("reading", 10);
    copy.advance(3);
    EXPECT_EQ(job.progress().done, 3U);
    EXPECT_EQ(copy.progress().stage, "reading");
    EXPECT_EQ(copy.progress().total, 10U);

    job.token().cancel();
    EXPECT_TRUE(copy.isCancelled());
}

} // namespace syncpoint::test
