#include "core/formats/pytorch/program_files.h"
#include "tests/core/formats/test_files.h"
#include "tests/core/formats/zip_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint::test {

using ::testing::ElementsAre;

namespace {
std::vector<std::string> namesOf(const ZipArchive &archive, const std::vector<std::size_t> &members)
{
    std::vector<std::string> names;
    for (const std::size_t member : members) {
        names.push_back(archive.members()[member].name);
    }
    return names;
}
} // namespace

TEST(ProgramFilesTest, WeightsOfAProgramWithALongerNameAreNotTaken)
{
    const TemporaryFolder folder;
    writeZip(folder / "a.pt2", {{"a/archive_format", "pt2"},
                                {"a/models/model.json", "{}"},
                                {"a/models/model_2.json", "{}"},
                                {"a/data/weights/model_weights_config.json", "{}"},
                                {"a/data/weights/model_2_weights_config.json", "{}"},
                                {"a/data/constants/model_constants_config.json", "{}"},
                                {"a/data/constants/model_2.pt", "x"},
                                {"a/data/constants/model.pt", "x"}});
    const auto archive = ZipArchive::open(folder / "a.pt2");
    ASSERT_TRUE(archive);
    const auto files = pytorch::findProgram(**archive);
    ASSERT_TRUE(files) << files.error().message;
    EXPECT_THAT(namesOf(**archive, files->weightConfigs),
                ElementsAre("a/data/weights/model_weights_config.json",
                            "a/data/constants/model_constants_config.json"));
    EXPECT_THAT(namesOf(**archive, files->savedTensors), ElementsAre("a/data/constants/model.pt"));
}

} // namespace syncpoint::test
