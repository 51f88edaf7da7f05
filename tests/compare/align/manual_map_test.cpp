#include "compare/align/sync_navigation.h"
#include "graphs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace syncpoint {
namespace {

Result<ManualMap> readText(const std::string &text)
{
    const auto path = std::filesystem::path(::testing::TempDir()) / "syncpoint_map.json";
    std::ofstream(path) << text;
    auto map = readManualMap(path);
    std::filesystem::remove(path);
    return map;
}

TEST(ManualMapTest, ReadsPairsForbiddenAndRenames)
{
    const auto map = readText(R"({"pairs": [["a", "b"]], "forbid": [["c", "d"]],
                                  "rename": [["^x", "y"]]})");
    ASSERT_TRUE(map) << map.error().message;
    EXPECT_EQ(map->pairs.front(), std::pair(std::string("a"), std::string("b")));
    EXPECT_EQ(map->forbidden.size(), 1U);
    EXPECT_EQ(map->renames.front().first, "^x");
    EXPECT_TRUE(readText("{}")->empty());
}

TEST(ManualMapTest, SaysWhatIsWrongWithABadFile)
{
    const std::pair<const char *, const char *> cases[] = {
        {"[1, 2", "not a JSON object"},
        {"", "not a JSON object"},
        {R"({"pairs": [["a"]]})", "'pairs' must be a list"},
        {R"({"pairs": {"a": "b"}})", "'pairs' must be a list"},
        {R"({"mapping": {"a": 1}})", "'mapping' must be an object"},
        {R"({"mapping": []})", "'mapping' must be an object"},
        {R"({"pars": []})", "unknown key 'pars'"},
        {R"({"rename": [["(", "y"]]})", "not a regular expression"},
    };
    for (const auto &[text, message] : cases) {
        const auto map = readText(text);
        ASSERT_FALSE(map) << text;
        EXPECT_THAT(map.error().message, ::testing::HasSubstr(message));
        EXPECT_THAT(map.error().message, ::testing::HasSubstr("syncpoint_map.json"));
    }
    EXPECT_FALSE(readManualMap("/nowhere/map.json"));
}

TEST(SyncNavigationTest, WrittenPairsComeBackAsPins)
{
    const auto network = [](const std::string &prefix) {
        return testing::GraphMaker()
            .input(prefix + "x", {1, 8})
            .op("Tanh", {prefix + "x"}, prefix + "h", {1, 8})
            .op("Sigmoid", {prefix + "h"}, prefix + "y", {1, 8})
            .output(prefix + "y")
            .build();
    };
    const auto baseline = network("");
    const auto candidate = network("t");
    const Alignment found = testing::align(*baseline, *candidate);

    const auto map = readText(syncNavigationJson(*baseline, *candidate, found));

    ASSERT_TRUE(map) << map.error().message;
    EXPECT_THAT(map->pairs, ::testing::ElementsAre(std::pair("Sigmoid_of_y", "Sigmoid_of_ty"),
                                                   std::pair("Tanh_of_h", "Tanh_of_th")));
    const Alignment pinned = testing::align(*baseline, *candidate, *map);
    ASSERT_TRUE(testing::pointOf(pinned, *baseline, "h"));
    EXPECT_EQ(testing::pointOf(pinned, *baseline, "h")->match.rule, "manual");
}

} // namespace
} // namespace syncpoint
