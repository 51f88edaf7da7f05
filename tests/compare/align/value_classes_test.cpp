#include "compare/align/value_classes.h"
#include "graphs.h"

namespace syncpoint {
namespace {

using testing::GraphMaker;

TEST(ValueClassesTest, QuantizeReshapeAndTransposeStayInOneClass)
{
    GraphMaker maker;
    maker.input("x")
        .op("Relu", {"x"}, "y", {2, 3})
        .op("QuantizeLinear", {"y"}, "q", {2, 3})
        .op("DequantizeLinear", {"q"}, "dq", {2, 3})
        .op("Transpose", {"dq"}, "t", {3, 2})
        .op("Reshape", {"t"}, "r", {6})
        .op("Tanh", {"r"}, "z")
        .output("z");
    const auto graph = maker.build();
    const ValueClasses classes(*graph);
    const auto member = [&](const char *name) { return classes.member(*graph->findValue(name)); };

    EXPECT_EQ(classes.classOf(*graph->findValue("y")), classes.classOf(*graph->findValue("r")));
    EXPECT_NE(classes.classOf(*graph->findValue("y")), classes.classOf(*graph->findValue("z")));
    EXPECT_EQ(member("y").role, MemberRole::Raw);
    EXPECT_EQ(member("q").role, MemberRole::Quantized);
    EXPECT_EQ(member("t").role, MemberRole::Dequantized);
    EXPECT_EQ(member("t").fromRoot->permutation, (std::vector<std::size_t>{1, 0}));
    EXPECT_TRUE(member("r").isRelayout);
    EXPECT_EQ(member("r").fromRoot->reshape, (Shape{6}));
}

TEST(ValueClassesTest, CastThatCutsNumbersOffComputes)
{
    GraphMaker maker;
    maker.input("x").op("Cast", {"x"}, "half").op("Cast", {"x"}, "whole");
    maker.edit("half").dtype = DType::Float16;
    maker.edit("whole").dtype = DType::Int64;
    const auto graph = maker.output("half").output("whole").build();
    const ValueClasses classes(*graph);

    EXPECT_EQ(classes.classOf(*graph->findValue("x")), classes.classOf(*graph->findValue("half")));
    EXPECT_NE(classes.classOf(*graph->findValue("x")), classes.classOf(*graph->findValue("whole")));
}

TEST(ValueClassesTest, DequantizedWeightIsConstantNotAView)
{
    const auto graph = GraphMaker()
                           .input("x")
                           .constant("w", {1, 2})
                           .op("DequantizeLinear", {"w"}, "w_dq")
                           .op("MatMul", {"x", "w_dq"}, "y")
                           .output("y")
                           .build();
    const ValueClasses classes(*graph);

    EXPECT_EQ(classes[classes.classOf(*graph->findValue("w_dq"))].kind, ValueClass::Kind::Constant);
}

} // namespace
} // namespace syncpoint
