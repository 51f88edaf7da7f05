#include "core/formats/npy/npy_writer.h"
#include "tests/viewers/tensor/test_planes.h"
#include "ui/theme/theme.h"
#include "viewers/tensor/line_plot.h"
#include "viewers/tensor/scatter_plot.h"
#include "viewers/tensor/tensor_details.h"
#include "viewers/tensor/tensor_export.h"
#include "viewers/tensor/tensor_pane.h"
#include "viewers/tensor/top_classes.h"
#include "viewers/tensor/value_statistics.h"

#include <QComboBox>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <numeric>

namespace syncpoint {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();

TEST(ValueStatisticsTest, CountsWhatIsNotFiniteAndLeavesItOutOfTheMoments)
{
    const std::vector<float> values{0.0F, 2.0F, std::nanf(""), -2.0F, kInf};
    const ValueStatistics s = statisticsOf(values);
    EXPECT_EQ(s.nans, 1U);
    EXPECT_EQ(s.infinities, 1U);
    EXPECT_EQ(s.zeros, 1U);
    EXPECT_EQ(s.least, -2.0);
    EXPECT_EQ(s.largest, 2.0);
    EXPECT_EQ(s.mean, 0.0);
    EXPECT_NEAR(s.deviation, std::sqrt(8.0 / 3.0), 1e-12);
}

TEST(TopClassesTest, RanksLogitsByTheirProbability)
{
    const auto top = topClasses(std::vector<float>{0.0F, std::log(3.0F), 0.0F}, 2);
    ASSERT_EQ(top.size(), 2U);
    EXPECT_EQ(top[0].index, 1U);
    EXPECT_NEAR(top[0].probability, 0.6, 1e-6);
    EXPECT_EQ(top[1].index, 0U) << "equal ones stay in order";
}

TEST(TopClassesTest, TakesProbabilitiesAsTheyAreAndRefusesNan)
{
    EXPECT_NEAR(topClasses(std::vector<float>{0.25F, 0.75F}, 1).front().probability, 0.75, 1e-9);
    EXPECT_TRUE(topClasses(std::vector<float>{0.25F, std::nanf("")}, 1).empty());
    EXPECT_TRUE(mayBeLogits(Shape{1, 1000}));
    EXPECT_FALSE(mayBeLogits(Shape{1, 3, 8, 8}));
}

TEST(PairDensityTest, EqualPairsStandOnTheDiagonal)
{
    std::vector<float> values(1000);
    std::iota(values.begin(), values.end(), 0.0F);
    const PairDensity density = densityOf(values, values, {0.0, 999.0});
    std::uint32_t onDiagonal = 0;
    for (int i = 0; i < PairDensity::kSide; ++i) {
        onDiagonal += density.counts[static_cast<std::size_t>(
            (PairDensity::kSide - 1 - i) * PairDensity::kSide + i)];
    }
    EXPECT_EQ(onDiagonal, 1000U);
}

TEST(NpyWriterTest, HeaderIsAlignedAndNamesTypeAndShape)
{
    const std::vector<float> values{1.0F, 2.0F};
    const std::string file = npyOf(values, Shape{2});
    EXPECT_EQ(file.substr(1, 5), "NUMPY");
    EXPECT_EQ((file.size() - 2 * sizeof(float)) % 64, 0U);
    EXPECT_NE(file.find("'descr': '<f4'"), std::string::npos);
    EXPECT_NE(file.find("'shape': (2,)"), std::string::npos);
}

TEST(NpyWriterTest, RefusesElementTypesThatNumpyDoesNotKnow)
{
    const auto tensor =
        Tensor::fromBytes({DType::BFloat16, {1}, nullptr}, {std::byte{0}, std::byte{0}});
    ASSERT_TRUE(tensor);
    const auto file = npyOf(*tensor);
    ASSERT_FALSE(file);
    EXPECT_NE(file.error().message.find("bfloat16"), std::string::npos);
}

TEST(LinePlotTest, TellsWhichIndexWasClicked)
{
    Theme theme;
    LinePlot plot(theme, QStringLiteral("profile"));
    plot.resize(300, 120);
    plot.setLines({{QStringLiteral("A"), std::vector<float>(11, 1.0F), false}});
    const QSignalSpy clicked(&plot, &LinePlot::indexClicked);
    QTest::mouseClick(&plot, Qt::LeftButton, {}, {plot.width() - 9, 60});
    ASSERT_EQ(clicked.count(), 1);
    EXPECT_EQ(clicked.front().front().value<std::size_t>(), 10U);
}

TEST(TensorDetailsTest, ShowsStatisticsOfBothSidesAndClassesOfLogitsOnly)
{
    Theme theme;
    TensorContent content;
    content.shape = {1, 3};
    content.reference.values = {1.0F, 5.0F, 2.0F};
    content.candidate.values = {1.0F, 2.0F, 5.0F};
    TensorDetails details(theme);
    details.show();
    details.setContent(&content);
    const auto says = [&details](const QString &text) {
        const auto labels = details.findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(),
                           [&text](const QLabel *label) { return label->text().contains(text); });
    };
    EXPECT_TRUE(says(QStringLiteral("RMS")));
    EXPECT_FALSE(details.isTabVisible(5));

    content.isOutput = true;
    details.setContent(&content);
    ASSERT_TRUE(details.isTabVisible(5));
    details.setCurrentIndex(5);
    EXPECT_TRUE(says(QStringLiteral("≠")));
}

TEST(TensorDetailsTest, ProfileRunsAlongTheRowOrTheColumnOfThePickedCell)
{
    Theme theme;
    TensorContent content;
    content.shape = {3, 2};
    TensorDetails details(theme);
    details.resize(300, 200);
    details.show();
    details.setCurrentIndex(2);
    details.setContent(&content);
    const Plane plane = planeOf(3, 2, counting(6));
    details.setPlace(plane, plane, QPoint(1, 0));
    auto *profile = details.currentWidget()->findChild<LinePlot *>();
    auto *direction = details.currentWidget()->findChild<QComboBox *>();
    ASSERT_TRUE(profile != nullptr && direction != nullptr);
    const QSignalSpy clicked(&details, &TensorDetails::cellClicked);
    const auto clickTheEnd = [&] {
        QTest::mouseClick(profile, Qt::LeftButton, {}, {profile->width() - 9, 40});
        return clicked.back().front().toPoint();
    };

    EXPECT_EQ(clickTheEnd(), QPoint(1, 0)) << "the last of two columns";
    direction->setCurrentIndex(1);
    EXPECT_EQ(clickTheEnd(), QPoint(1, 2)) << "the last of three rows";
}

TEST(TensorExportTest, WritesValuesDifferenceAndSliceOrSaysWhyNot)
{
    Theme theme;
    TensorPane pane(theme);
    pane.resize(600, 300);
    TensorContent content;
    content.shape = {1, 2};
    content.reference.values = {1.0F, 2.0F};
    content.candidate.values = {1.5F, 2.0F};
    content.candidate.captured = Tensor::fromFloats(content.shape, content.candidate.values);
    summarize(content);
    pane.setContent(std::move(content));
    const auto bytesOf = [&pane](const QString &filter) {
        for (const TensorExport &kind : tensorExports()) {
            if (kind.filter.contains(filter)) {
                return kind.bytes(pane);
            }
        }
        return Result<std::string>(Error{ErrorCode::BadInput, "no such export"});
    };

    const auto difference = bytesOf(QStringLiteral("−"));
    ASSERT_TRUE(difference);
    float first = 0.0F;
    std::memcpy(&first, difference->data() + difference->size() - 2 * sizeof(float), sizeof first);
    EXPECT_EQ(first, 0.5F);
    const auto slice = bytesOf(QStringLiteral("csv"));
    ASSERT_TRUE(slice);
    EXPECT_EQ(*slice, "axis 0,axis 1,A,B,B-A\n0,0,1,1.5,0.5\n0,1,2,2,0\n");
    EXPECT_TRUE(bytesOf(QStringLiteral("png"))->starts_with("\x89PNG"));
    const auto stored = bytesOf(QStringLiteral("Baseline, as stored"));
    EXPECT_FALSE(stored) << "nothing is behind these values";
}

} // namespace
} // namespace syncpoint
