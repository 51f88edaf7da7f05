#include "core/graph/source_location.h"

#include <gtest/gtest.h>

namespace syncpoint::test {

TEST(SourceLocationTest, FramesOfTheFrameworkAreNotTheUsers)
{
    for (const char *file : {"", "<eval_with_key>.785", "site-packages/torch/nn/modules/conv.py",
                             "/usr/lib/python3/dist-packages/numpy/x.py", "torch/nn/functional.py",
                             "/src/pytorch/torch/_dynamo/eval_frame.py", "torch/jit/_trace.py",
                             "C:\\Python\\Lib\\site-packages\\torch\\nn\\modules\\module.py"}) {
        EXPECT_FALSE(isUserFrame({file, 1, 0, "forward"})) << file;
    }
    for (const char *file : {"promptseg.py", "/home/me/mytorch/nn/modules/net.py",
                             "/tmp/ipykernel_6181/3806684016.py", "C:\\work\\net.py"}) {
        EXPECT_TRUE(isUserFrame({file, 1, 0, "forward"})) << file;
    }
}

} // namespace syncpoint::test
