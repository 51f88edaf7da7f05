#include "tests/ui/synthetic_result.h"
#include "ui/models/result_index.h"
#include "ui/theme/theme.h"
#include "viewers/source/frame_model.h"
#include "viewers/source/line_index.h"
#include "viewers/source/source_finder.h"

#include <QAbstractItemModelTester>
#include <QTemporaryDir>
#include <fstream>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

TEST(SourceFinderTest, DropsLeadingFoldersUntilTheFileIsFound)
{
    const QTemporaryDir root;
    const std::filesystem::path folder = root.path().toStdString();
    std::filesystem::create_directories(folder / "pkg");
    std::ofstream(folder / "pkg/net.py") << "x = 1\n";
    EXPECT_EQ(findSource("/home/someone/pkg/net.py", {folder}), folder / "pkg/net.py");
    EXPECT_EQ(findSource("C:\\work\\pkg\\net.py", {folder}), folder / "pkg/net.py");
    EXPECT_EQ(findSource("/home/someone/other.py", {folder}), std::nullopt);
}

TEST(SourceFinderTest, OnlyRegularFilesAreRead)
{
    EXPECT_FALSE(readSource("/dev/zero"));
    EXPECT_FALSE(readSource("/"));
    EXPECT_EQ(findSource("/dev/zero", {}), std::nullopt);
}

TEST(LineIndexTest, LinesKnowTheOpsBornThereAndTheirWorstError)
{
    const auto result = makeSyntheticResult();
    const LineIndex lines(*result, ResultIndex(*result));
    const auto &marks = lines.lines("net.py");
    ASSERT_TRUE(marks.contains(8));
    EXPECT_EQ(marks.at(8).worst, SyncPointId{3});
    EXPECT_DOUBLE_EQ(marks.at(8).introduced, 0.2);
    EXPECT_DOUBLE_EQ(lines.highest(), 0.2);
    EXPECT_TRUE(lines.lines("unknown.py").empty());
}

TEST(FrameModelTest, KeepsTheRulesOfItemModels)
{
    const Theme theme;
    FrameModel model(theme);
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::Fatal);
    model.setFrames({{"net.py", 3, 0, "forward"}, {"site-packages/torch/a.py", 9, 0, "call"}});
    EXPECT_EQ(model.rowCount(), 2);
    model.toggleFramework();
    EXPECT_EQ(model.rowCount(), 3);
    model.setFrames({});
    EXPECT_EQ(model.rowCount(), 0);
}

} // namespace
} // namespace syncpoint
