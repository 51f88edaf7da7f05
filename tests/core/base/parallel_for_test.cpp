#include "core/base/parallel_for.h"

#include <algorithm>
#include <atomic>
#include <gtest/gtest.h>
#include <numeric>
#include <vector>

namespace syncpoint::test {

TEST(ParallelForTest, VisitsEveryIndexOnce)
{
    std::vector<int> visits(10'000, 0);
    parallelFor(visits.size(), [&](std::size_t i) { ++visits[i]; });
    EXPECT_EQ(std::accumulate(visits.begin(), visits.end(), 0), 10'000);
    EXPECT_EQ(*std::max_element(visits.begin(), visits.end()), 1);
}

TEST(ParallelForTest, DoesNothingForNoWork)
{
    parallelFor(0, [](std::size_t) { FAIL(); });
}

TEST(ParallelForTest, WorksWithOneThreadAndNested)
{
    const ThreadLimit limit(1);
    std::atomic<int> count = 0;
    parallelFor(8, [&](std::size_t) { parallelFor(8, [&](std::size_t) { ++count; }); });
    EXPECT_EQ(count, 64);
}

} // namespace syncpoint::test
