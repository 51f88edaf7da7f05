#include "graphs.h"

#include <cstring>

namespace syncpoint::testing {
namespace {

GraphMaker start(const std::string &op = "Exp")
{
    GraphMaker maker;
    maker.input("x", {1, 8}).op(op, {"x"}, "a", {1, 8});
    return maker;
}

/// What a graph of Exp, `edit` and Log pairs the named value with.
std::string partner(GraphMaker baseline, GraphMaker candidate, const std::string &name)
{
    const auto own = baseline.build();
    const auto other = candidate.build();
    return partnerOf(align(*own, *other), *own, *other, name);
}

TEST(RewrittenFormsTest, ReluIsClipFromZero)
{
    const auto tail = [](GraphMaker maker, const std::string &value) {
        return maker.op("Neg", {value}, "end_" + value, {1, 8}).output("end_" + value);
    };
    GraphMaker own = start().op("Relu", {"a"}, "r", {1, 8});
    GraphMaker fromZero = start().constant("low", {0.0F}).op("Clip", {"a", "low"}, "c", {1, 8});
    GraphMaker fromOne = start().constant("low", {1.0F}).op("Clip", {"a", "low"}, "c", {1, 8});

    EXPECT_EQ(partner(tail(own, "r"), tail(fromZero, "c"), "r"), "c");
    EXPECT_NE(partner(tail(own, "r"), tail(fromOne, "c"), "r"), "c");
}

TEST(RewrittenFormsTest, DivisionIsAProductWithTheReciprocal)
{
    const auto scaled = [](const std::string &type, float number, const std::string &made) {
        return start()
            .constant("number", {number})
            .op(type, {"a", "number"}, made, {1, 8})
            .op("Neg", {made}, made + "_end", {1, 8})
            .output(made + "_end");
    };

    EXPECT_EQ(partner(scaled("Div", 4.0F, "d"), scaled("Mul", 0.25F, "m"), "d"), "m");
    EXPECT_EQ(partner(scaled("Div", 4.0F, "d"), scaled("Mul", 0.5F, "m"), "d"), "");
    EXPECT_EQ(partner(scaled("Mul", 4.0F, "d"), scaled("Mul", 0.5F, "m"), "d"), "");
}

TEST(RewrittenFormsTest, AbsentOperandsAreNoNumbers)
{
    const auto broken = [] {
        return start().op("Mul", {"", "a"}, "m", {1, 8}).op("Neg", {"m"}, "n").output("n");
    };

    EXPECT_EQ(partner(broken(), broken(), "m"), "m");
}

TEST(RewrittenFormsTest, ASquareIsAPower)
{
    GraphMaker own = start().constant("two", {2.0F}).op("Pow", {"a", "two"}, "p").output("p");
    GraphMaker other = start().op("Mul", {"a", "a"}, "m").output("m");

    EXPECT_EQ(partner(own, other, "p"), "m");
}

TEST(RewrittenFormsTest, ResultsOfSplitAreSlicesInOrder)
{
    const auto numbers = [](GraphMaker &maker, const std::string &name, std::int64_t number) {
        TensorInfo info;
        info.dtype = DType::Int64;
        info.shape = {1};
        std::vector<std::byte> bytes(sizeof number);
        std::memcpy(bytes.data(), &number, sizeof number);
        maker.builder().setConstant(maker.builder().localValue(maker.builder().mainScope(), name),
                                    Tensor::fromBytes(info, bytes).value());
    };
    GraphMaker own = start();
    own.builder().addNode("split", "Split", {"a"}, {"first", "second"});
    own.op("Neg", {"first"}, "n").op("Abs", {"second"}, "m").output("n").output("m");
    GraphMaker other = start();
    numbers(other, "zero", 0);
    numbers(other, "four", 4);
    numbers(other, "eight", 8);
    other.op("Slice", {"a", "four", "eight"}, "late").op("Slice", {"a", "zero", "four"}, "early");
    other.op("Neg", {"early"}, "q").op("Abs", {"late"}, "p").output("q").output("p");

    EXPECT_EQ(partner(own, other, "first"), "early");
    EXPECT_EQ(partner(own, other, "second"), "late");
}

TEST(RewrittenFormsTest, ConcatsStepByStepEndWhereOneConcatEnds)
{
    const auto joined = [](bool isNested) {
        GraphMaker maker = start();
        maker.op("Neg", {"a"}, "b").op("Abs", {"a"}, "c");
        if (isNested) {
            maker.op("Concat", {"a", "b"}, "inner").op("Concat", {"inner", "c"}, "outer");
        } else {
            maker.op("Concat", {"a", "b", "c"}, "outer");
        }
        return maker.op("Log", {"outer"}, "end").output("end");
    };
    const auto own = joined(false).build();
    GraphMaker nested = joined(true);
    const auto other = nested.build();

    EXPECT_EQ(partnerOf(align(*own, *other), *own, *other, "outer"), "outer");
}

TEST(RewrittenFormsTest, InputsOfOneShapeAreToldApartByWhatReadsThem)
{
    const auto difference = [](GraphMaker maker, const std::string &a, const std::string &b) {
        return maker.op("Exp", {a}, "e").op("Sin", {b}, "s").op("Sub", {"e", "s"}, "d").output("d");
    };
    GraphMaker own = GraphMaker().input("l", {1, 8}).input("r", {1, 8});
    GraphMaker other = GraphMaker().input("right", {1, 8}).input("left", {1, 8});

    own = difference(own, "l", "r");
    other = difference(other, "left", "right");

    EXPECT_EQ(partner(own, other, "l"), "left");
    EXPECT_EQ(partner(own, other, "r"), "right");
}

} // namespace
} // namespace syncpoint::testing
