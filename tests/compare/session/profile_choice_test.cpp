#include "compare/session/profile_choice.h"

#include "core/graph/graph_builder.h"

#include <gtest/gtest.h>

namespace syncpoint {
namespace {

std::shared_ptr<const Graph> graphOf(DType dtype, bool quantized = false)
{
    GraphBuilder builder;
    const ValueId input = builder.localValue(builder.mainScope(), "x");
    builder.addInput(builder.mainScope(), input);
    builder.addNode("op", "Relu", {"x"}, {"y"});
    const ValueId output = builder.value(builder.mainScope(), "y");
    builder.edit(output).dtype = dtype;
    if (quantized) {
        builder.edit(output).quantization =
            std::make_shared<Quantization>(Quantization{{0.1}, {0}, std::nullopt, 0});
    }
    builder.addOutput(builder.mainScope(), output);
    return builder.build().value();
}

ComparedSide sideOf(std::shared_ptr<const Graph> graph, std::string runtime = {})
{
    ComparedSide side;
    side.graph = std::move(graph);
    auto dump = std::make_shared<TensorDump>();
    dump->runtime = std::move(runtime);
    side.dump = dump;
    return side;
}

std::string automatic(const ComparedSide &baseline, const ComparedSide &candidate)
{
    return chooseProfile(SessionConfig{}, baseline, candidate)->name;
}

TEST(ProfileChoiceTest, PlainBytesAreNotQuantization)
{
    EXPECT_EQ(precisionOf(*graphOf(DType::UInt8)), Precision::Float);
    EXPECT_EQ(precisionOf(*graphOf(DType::UInt8, true)), Precision::Int8);
}

TEST(ProfileChoiceTest, TheCoarserSideDecides)
{
    const auto real = sideOf(graphOf(DType::Float32));
    EXPECT_EQ(automatic(real, sideOf(graphOf(DType::Float16))), "half");
    EXPECT_EQ(automatic(real, sideOf(graphOf(DType::Int8, true))), "int8");
    EXPECT_EQ(automatic(sideOf(graphOf(DType::Int4)), real), "int4");
}

TEST(ProfileChoiceTest, FloatPairsAreExactOnlyOnTheSameEngine)
{
    const auto graph = graphOf(DType::Float32);
    EXPECT_EQ(automatic(sideOf(graph, "engine 1"), sideOf(graph, "engine 1")), "exact");
    EXPECT_EQ(automatic(sideOf(graph, "engine 1"), sideOf(graph, "engine 2")), "float");
    EXPECT_EQ(automatic(sideOf(graph), sideOf(graph)), "float");
}

TEST(ProfileChoiceTest, UnknownNamesAreRefused)
{
    SessionConfig config;
    config.profile = "int3";
    const auto side = sideOf(graphOf(DType::Float32));
    EXPECT_FALSE(chooseProfile(config, side, side));
}

} // namespace
} // namespace syncpoint
