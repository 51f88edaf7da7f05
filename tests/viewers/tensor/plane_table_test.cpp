#include "viewers/tensor/plane_table.h"

#include "tests/viewers/tensor/test_planes.h"
#include "ui/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QTest>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

struct PlaneTableTest : testing::Test
{
    Theme theme;
    Plane a = planeOf(2, 3, {0, 1, 2, 3, 4, 5});
    Plane b = planeOf(2, 3, {0, 1, 2, 3, 4.5F, 5});
    PlaneTable table{theme};
};

TEST_F(PlaneTableTest, ShowsTheSideThatIsChosen)
{
    QAbstractItemModelTester tester(&table.numbers());
    table.setPlanes(&a, &b);
    const auto text = [this] { return table.numbers().index(1, 1).data().toString(); };
    EXPECT_EQ(text(), QStringLiteral("4.5"));
    table.numbers().setShown(PlaneTableModel::Shown::Baseline);
    EXPECT_EQ(text(), QStringLiteral("4"));
    table.numbers().setShown(PlaneTableModel::Shown::Difference);
    EXPECT_EQ(text(), QStringLiteral("0.5"));
}

TEST_F(PlaneTableTest, ASingleRowStandsUprightWithBothSides)
{
    const Plane rowA = planeOf(1, 4, {1, 2, 3, 4});
    const Plane rowB = planeOf(1, 4, {1, 2, 5, 4});
    table.setPlanes(&rowA, &rowB);
    EXPECT_EQ(table.numbers().rowCount(), 4);
    EXPECT_EQ(table.numbers().columnCount(), 3);
    EXPECT_EQ(table.numbers().index(2, 2).data().toString(), QStringLiteral("2"));
    EXPECT_EQ(table.numbers().planeCell(table.numbers().index(2, 1)), QPoint(2, 0));
}

TEST_F(PlaneTableTest, CopiesTheSelectedCellsAsTabSeparatedText)
{
    table.setPlanes(&a, &b);
    table.selectAll();
    QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier);
    EXPECT_EQ(QGuiApplication::clipboard()->text(), QStringLiteral("0\t1\t2\n3\t4.5\t5"));
}

TEST_F(PlaneTableTest, TheKeyboardPicksCellsAndFollowingDoesNot)
{
    table.setPlanes(&a, &b);
    QSignalSpy clicked(&table, &PlaneTable::cellClicked);
    table.setCell(QPoint(1, 0));
    EXPECT_EQ(clicked.size(), 0);
    QTest::keyClick(&table, Qt::Key_Down);
    ASSERT_EQ(clicked.size(), 1);
    EXPECT_EQ(clicked[0][0].toPoint(), QPoint(1, 1));
}

TEST_F(PlaneTableTest, APlaneThatShrankMeanwhileIsNotReadBeyondItsEnd)
{
    table.setPlanes(&a, nullptr);
    const QModelIndex last = table.numbers().index(1, 2);
    table.numbers().setShown(PlaneTableModel::Shown::Baseline);
    a = planeOf(1, 1, {7});
    EXPECT_FALSE(last.data().isValid());
}

} // namespace
} // namespace syncpoint
