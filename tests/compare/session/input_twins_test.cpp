#include "compare/session/input_twins.h"
#include "core/graph/graph_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

struct Input
{
    std::string name;
    DType dtype = DType::Float32;
    Shape shape{1, 3};
};

std::shared_ptr<const Graph> graphOf(const std::vector<Input> &inputs)
{
    GraphBuilder builder;
    for (const Input &input : inputs) {
        const ValueId id = builder.localValue(builder.mainScope(), input.name);
        builder.edit(id).dtype = input.dtype;
        builder.edit(id).shape = input.shape;
        builder.addInput(builder.mainScope(), id);
    }
    return builder.build().value();
}

InputTwins twinsOf(const std::vector<Input> &baseline, const std::vector<Input> &candidate,
                   const ManualMap &map = {})
{
    return twinInputs(*graphOf(baseline), *graphOf(candidate), map);
}

TEST(InputTwinsTest, EqualNamesAtEqualPlacesNeedNoWord)
{
    const auto result = twinsOf({{"x"}, {"y"}}, {{"x"}, {"y"}});

    EXPECT_THAT(result.twins, IsEmpty());
    EXPECT_THAT(result.diagnostics, IsEmpty());
}

TEST(InputTwinsTest, EqualNamesAtOtherPlacesGetTheSameRandomNumbersSilently)
{
    const auto result = twinsOf({{"x"}, {"y"}}, {{"y"}, {"x"}});

    EXPECT_THAT(result.twins,
                ElementsAre(Pair("x", InputTwin{"x", 0}), Pair("y", InputTwin{"y", 1})));
    EXPECT_THAT(result.diagnostics, IsEmpty());
}

TEST(InputTwinsTest, RenamedInputsArePairedByOrderTypeAndShapeWithAWarning)
{
    const auto result = twinsOf({{"image", DType::Float32, {1, -1}}, {"ids", DType::Int64}},
                                {{"tokens", DType::Int64}, {"pixels", DType::Float32, {1, 8}}});

    EXPECT_THAT(result.twins, ElementsAre(Pair("pixels", InputTwin{"image", 0}),
                                          Pair("tokens", InputTwin{"ids", 1})));
    ASSERT_EQ(result.diagnostics.size(), 2U);
    EXPECT_EQ(result.diagnostics[0].where, "tokens");
    EXPECT_THAT(result.diagnostics[0].text, HasSubstr("baseline's input 'ids'"));
}

TEST(InputTwinsTest, AMapDecidesWithoutAWarning)
{
    ManualMap map;
    map.pairs = {{"a", "q"}, {"b", "p"}, {"a", "some value"}};
    const auto result = twinsOf({{"a"}, {"b"}}, {{"p"}, {"q"}}, map);

    EXPECT_THAT(result.twins,
                ElementsAre(Pair("p", InputTwin{"b", 1}), Pair("q", InputTwin{"a", 0})));
    EXPECT_THAT(result.diagnostics, IsEmpty());
}

TEST(InputTwinsTest, AnInputThatFitsNoneIsWarnedOf)
{
    const auto result = twinsOf({{"x"}}, {{"y", DType::UInt8}});

    EXPECT_THAT(result.twins, IsEmpty());
    ASSERT_EQ(result.diagnostics.size(), 1U);
    EXPECT_THAT(result.diagnostics[0].text, HasSubstr("no counterpart"));
}
} // namespace
} // namespace syncpoint
