#include "evaluation.h"

#include "tests/core/formats/test_files.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <iostream>
#include <numeric>

namespace syncpoint::faults {
namespace {

TEST(FaultEvaluationTest, NamesPlantedFaultsAndClearsHealthyPairs)
{
    const char *wanted = std::getenv("SYNCPOINT_EVAL_SEEDS");
    std::vector<std::uint32_t> seeds(
        static_cast<std::size_t>(std::max(1, wanted != nullptr ? std::atoi(wanted) : 1)));
    std::iota(seeds.begin(), seeds.end(), 1U);
    const test::TemporaryFolder folder;

    const std::size_t stride = seeds.size() > 1 ? 1 : 3; // a part is enough for every day
    const char *only = std::getenv("SYNCPOINT_EVAL_ONLY");
    const FaultScores scores =
        evaluateFaults(RUNNER, folder.path(), seeds, stride, only != nullptr ? only : "");

    std::cout << scores.table();
    for (const std::string &miss : scores.misses) {
        std::cout << "miss: " << miss << '\n';
    }
    if (only != nullptr) {
        return; // one network proves nothing
    }
    const Hits all = scores.all();
    EXPECT_GE(all.cases, 30 * seeds.size() / stride);
    EXPECT_GE(20 * all.top1, 19 * all.cases); // 95 %
    EXPECT_GE(100 * all.top3, 99 * all.cases);
    EXPECT_GE(20 * scores.cleared, 19 * scores.healthy);
}

} // namespace
} // namespace syncpoint::faults
