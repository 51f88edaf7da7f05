#include "core/formats/registry.h"
#include "core/placement/importer.h"
#include "tests/core/formats/test_files.h"
#include "tests/fuzz/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

namespace syncpoint::test {
namespace {

template <typename Each>
std::set<std::string> idsOf(const std::vector<std::unique_ptr<Each>> &all)
{
    std::set<std::string> ids;
    for (const auto &each : all) {
        ids.emplace(each->format().id);
    }
    return ids;
}

/// Ids of the targets of this kind in tests/fuzz/targets.txt.
std::set<std::string> fuzzed(std::string_view kind)
{
    std::set<std::string> ids;
    std::ifstream file(dataFile("../fuzz/targets.txt"));
    for (std::string line; std::getline(file, line);) {
        const fuzz::Target target = fuzz::targetOf(line);
        if (!line.starts_with('#') && target.kind == kind) {
            ids.insert(target.id);
        }
    }
    return ids;
}

TEST(FuzzTargetsTest, EveryLoaderAndImporterIsFuzzed)
{
    EXPECT_THAT(fuzzed("model"), testing::ContainerEq(idsOf(builtinGraphLoaders())));
    EXPECT_THAT(fuzzed("dump"), testing::ContainerEq(idsOf(builtinTensorLoaders())));
    EXPECT_THAT(fuzzed("report"), testing::ContainerEq(idsOf(builtinPlacementImporters())));
}

} // namespace
} // namespace syncpoint::test
