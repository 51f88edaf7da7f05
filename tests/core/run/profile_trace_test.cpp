#include "core/placement/profile_trace.h"

#include <gtest/gtest.h>

namespace syncpoint {
namespace {
TEST(ProfileTraceTest, TakesTheMedianOverRunsAndSumsWithinOne)
{
    const char *trace = R"([
        {"cat":"Session","name":"session_initialization","dur":9},
        {"cat":"Node","name":"a_kernel_time","dur":1000,"args":{"provider":"CPUExecutionProvider"}},
        {"cat":"Session","name":"model_run","dur":1},
        {"cat":"Node","name":"a_kernel_time","dur":10,"args":{"provider":"CPUExecutionProvider"}},
        {"cat":"Node","name":"a_fence_after","dur":77,"args":{}},
        {"cat":"Session","name":"model_run","dur":1},
        {"cat":"Node","name":"a_kernel_time","dur":20,"args":{"provider":"CPUExecutionProvider"}},
        {"cat":"Node","name":"a_kernel_time","dur":10,"args":{"provider":"CPUExecutionProvider"}},
        {"cat":"Session","name":"model_run","dur":1},
        {"cat":"Node","name":"late_kernel_time","dur":5,"args":{}}, 3, {"name":7}])";
    const auto profiles = nodeProfiles(trace, 1);

    ASSERT_TRUE(profiles);
    ASSERT_EQ(profiles->size(), 1U);
    EXPECT_DOUBLE_EQ(profiles->at("a").microseconds, 20.0);
    EXPECT_EQ(profiles->at("a").provider, "CPUExecutionProvider");
}

TEST(ProfileTraceTest, ATraceThatIsCutOffIsAnError)
{
    EXPECT_FALSE(nodeProfiles(R"([{"cat":"Node",)", 0));
    EXPECT_FALSE(nodeProfiles("", 0));
    EXPECT_FALSE(nodeProfiles("{}", 0));
}
} // namespace
} // namespace syncpoint
