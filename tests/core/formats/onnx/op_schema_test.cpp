#include "core/formats/onnx/op_schema.h"

#include <gtest/gtest.h>

namespace syncpoint::test {

TEST(OpSchemaTest, DescribesAnOp)
{
    const auto conv = describeOp("", "Conv", 17);
    ASSERT_TRUE(conv);
    EXPECT_NE(conv->text.find("convolution"), std::string::npos);
    ASSERT_GE(conv->inputs.size(), 2U);
    EXPECT_EQ(conv->inputs[1].name, "W");
    EXPECT_FALSE(conv->inputs[1].text.empty());
    EXPECT_FALSE(conv->attributes.empty());
}

TEST(OpSchemaTest, NewerOpsetsGetTheNewestKnownDefinition)
{
    const auto known = describeOp("", "Softmax", 12);
    const auto newer = describeOp("", "Softmax", 999);
    ASSERT_TRUE(known && newer);
    EXPECT_LT(known->sinceOpset, newer->sinceOpset);
}

TEST(OpSchemaTest, UnknownOpsHaveNoDescription)
{
    EXPECT_FALSE(describeOp("", "NoSuchOp", 17));
    EXPECT_FALSE(describeOp("com.microsoft", "QLinearAdd", 1));
    EXPECT_FALSE(describeOp("", "LayerNormalization", 1));
}

} // namespace syncpoint::test
