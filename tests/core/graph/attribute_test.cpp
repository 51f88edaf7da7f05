#include "core/graph/attribute.h"

#include <gtest/gtest.h>

namespace syncpoint::test {

TEST(AttributeTest, ShowsEveryKind)
{
    EXPECT_EQ(toText({"a", std::int64_t{3}}), "3");
    EXPECT_EQ(toText({"a", 0.5}), "0.5");
    EXPECT_EQ(toText({"a", std::string("SAME_UPPER")}), "\"SAME_UPPER\"");
    EXPECT_EQ(toText({"a", std::vector<std::int64_t>{1, -1}}), "[1, -1]");
    EXPECT_EQ(toText({"a", std::vector<double>{0.25}}), "[0.25]");
    EXPECT_EQ(toText({"a", std::vector<std::string>{"x", "y"}}), "[\"x\", \"y\"]");
    EXPECT_EQ(toText({"a", std::monostate{}}), "…");
    EXPECT_EQ(toText({"a", ScopeId{1}}), "subgraph");
    const float values[] = {1.0F, 2.5F};
    EXPECT_EQ(toText({"a", Tensor::fromFloats({2}, values)}), "float32 2 [1, 2.5]");
}

TEST(AttributeTest, LongContentIsShortened)
{
    const std::string text = toText({"a", std::vector<std::int64_t>(1'000'000, 12345)}, 40);
    EXPECT_LT(text.size(), 64U);
    EXPECT_NE(text.find("…"), std::string::npos);
    EXPECT_LT(toText({"a", std::string(1'000'000, 'x')}, 40).size(), 64U);
}

TEST(AttributeTest, ControlCharactersAreEscaped)
{
    EXPECT_EQ(toText({"a", std::string("x\n\x01")}), "\"x\\n\\x01\"");
}

} // namespace syncpoint::test
