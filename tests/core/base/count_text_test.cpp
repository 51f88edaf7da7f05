#include "core/base/count_text.h"

#include <gtest/gtest.h>

namespace syncpoint {
namespace {

TEST(CountTextTest, OnlyOneThingHasNoPlural)
{
    EXPECT_EQ(countText(0, "tensor"), "0 tensors");
    EXPECT_EQ(countText(1, "tensor"), "1 tensor");
    EXPECT_EQ(countText(2, "tensor"), "2 tensors");
}

} // namespace
} // namespace syncpoint
