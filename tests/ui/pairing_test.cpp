#include "tests/ui/synthetic_result.h"
#include "ui/models/result_index.h"
#include "ui/pairing/counterpart_dialog.h"
#include "ui/pairing/edit_menu.h"
#include "ui/pairing/manual_pairing.h"
#include "ui/pairing/map_file.h"
#include "ui/pairing/pairing_edits.h"
#include "ui/session/session_controller.h"
#include "ui/theme/theme.h"

#include <QAction>
#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

const NamePair kPair{"matmul_out", "extra_out"};

Selection::Item itemNamed(const ComparisonResult &result, Side side, const char *value)
{
    const Graph &graph = *sideOf(result, side).graph;
    return itemForNode(result, ResultIndex(result), side,
                       graph.value(*graph.findValue(value)).producer);
}

TEST(MapEditsTest, APinReplacesOlderPinsOfEitherValueAndLiftsTheBan)
{
    ManualMap map;
    map.pairs = {{"a", "x"}, {"b", "y"}, {"c", "z"}};
    map.forbidden = {{"a", "y"}};
    const ManualMap edited = withPair(map, {"a", "y"});
    EXPECT_EQ(edited.pairs, (decltype(map.pairs){{"c", "z"}, {"a", "y"}}));
    EXPECT_TRUE(edited.forbidden.empty());
}

TEST(MapEditsTest, ABanTakesBackThePinAndStandsOnce)
{
    ManualMap map;
    map.pairs = {{"a", "x"}};
    const ManualMap edited = withBan(withBan(map, {"a", "x"}), {"a", "x"});
    EXPECT_TRUE(edited.pairs.empty());
    EXPECT_EQ(edited.forbidden.size(), 1U);
    EXPECT_TRUE(withoutBan(edited, {"a", "x"}).empty());
}

TEST(PairingStateTest, APairedOpNamesBothValues)
{
    const auto result = makeSyntheticResult();
    const PairingState state =
        pairingState(*result, {}, itemNamed(*result, Side::Candidate, "matmul_out"));
    EXPECT_EQ(state.names, (NamePair{"matmul_out", "matmul_out"}));
    EXPECT_FALSE(state.isPinned);
}

TEST(PairingStateTest, AnOpWithoutCounterpartNamesOnlyItself)
{
    const auto result = makeSyntheticResult();
    ManualMap map;
    map.forbidden = {{"masks", "extra_out"}};
    const PairingState state =
        pairingState(*result, map, itemNamed(*result, Side::Candidate, "extra_out"));
    EXPECT_EQ(state.names, (NamePair{"", "extra_out"}));
    EXPECT_FALSE(state.isPaired());
    ASSERT_EQ(state.forbidden.size(), 1U);
}

class ManualPairingTest : public testing::Test
{
protected:
    SessionController controller{CompareEnvironment{}};
    ManualPairing &pairing = controller.pairing();
    const ManualMap &map() const { return controller.config().map; }
};

TEST_F(ManualPairingTest, EveryEditIsUndoneAndRedone)
{
    pairing.pair(kPair);
    pairing.forbid(kPair);
    EXPECT_TRUE(map().pairs.empty());
    pairing.history().undo();
    EXPECT_EQ(map().pairs.size(), 1U);
    EXPECT_TRUE(map().forbidden.empty());
    pairing.history().undo();
    EXPECT_TRUE(map().empty());
    pairing.history().redo();
    EXPECT_EQ(map().pairs.front().second, "extra_out");
}

TEST_F(ManualPairingTest, AnEditComparesAgainInTheBackground)
{
    pairing.pair(kPair);
    EXPECT_TRUE(controller.jobs().isRunning());
    pairing.unpair(kPair); // newest wins: nothing queues up
    EXPECT_TRUE(controller.jobs().isRunning());
    controller.cancel();
}

TEST_F(ManualPairingTest, AnEditThatChangesNothingIsNoStep)
{
    pairing.unpair(kPair);
    EXPECT_EQ(pairing.history().count(), 0);
    EXPECT_FALSE(controller.jobs().isRunning());
}

TEST_F(ManualPairingTest, AMapFromElsewhereEndsTheHistory)
{
    pairing.pair(kPair);
    SessionConfig config = controller.config();
    config.map.pairs.clear();
    controller.setConfig(config);
    EXPECT_FALSE(pairing.history().canUndo());
}

TEST(MapFileTest, WhatIsWrittenIsReadBackByTheCommandLine)
{
    QTemporaryDir folder;
    ManualMap map;
    map.pairs = {{"a/\"quoted\"", "b"}};
    map.forbidden = {{"c", "d"}};
    map.renames = {{"^x\\.", "y."}};
    const QString file = folder.filePath(QStringLiteral("map.json"));
    ASSERT_TRUE(writeManualMap(map, file));
    const auto read = readManualMap(file.toStdString());
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, map);
    EXPECT_FALSE(writeManualMap(map, QStringLiteral("/nowhere/map.json")));
}

TEST(CounterpartDialogTest, OffersFreeValuesFirstAndTellsThePair)
{
    const auto result = makeSyntheticResult();
    auto *dialog =
        new CounterpartDialog(result, itemNamed(*result, Side::Baseline, "matmul_out"), nullptr);
    dialog->show();
    EXPECT_TRUE(dialog->findChild<QListView *>()->model()->index(0, 0).data().toString().contains(
        QStringLiteral("extra_out")));
    NamePair chosen;
    QObject::connect(dialog, &CounterpartDialog::chosen, dialog,
                     [&chosen](const NamePair &pair) { chosen = pair; });
    QTest::keyClicks(dialog->findChild<QLineEdit *>(), QStringLiteral("erf extra"));
    QTest::keyClick(dialog->findChild<QLineEdit *>(), Qt::Key_Return);
    EXPECT_EQ(chosen, kPair);
}

TEST(EditMenuTest, WithoutAComparisonNothingCanBeEdited)
{
    Theme theme;
    Selection selection;
    SessionController controller{CompareEnvironment{}};
    QWidget window;
    const EditMenu menu({selection, controller, theme}, &window);
    for (const QAction *action : menu.keyActions()) {
        EXPECT_FALSE(action->isEnabled()) << action->objectName().toStdString();
    }
}

TEST(PairingSessionTest, PairsStayInTheSessionFile)
{
    SessionController controller{CompareEnvironment{}};
    SessionConfig config;
    config.baseline.model = "a.onnx";
    config.candidate.model = "b.onnx";
    controller.setConfig(config);
    controller.pairing().forbid(kPair);
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath(QStringLiteral("s.syncpoint")).toStdString();
    ASSERT_TRUE(controller.save(file, QStringLiteral("{}")));
    SessionController other{CompareEnvironment{}};
    ASSERT_TRUE(other.open(file));
    EXPECT_EQ(other.config().map.forbidden.size(), 1U);
    EXPECT_FALSE(other.pairing().history().canUndo());
}

#ifdef RUNNER
/// A small residual network against itself, really run.
class RealModelPairingTest : public testing::Test
{
protected:
    RealModelPairingTest()
    {
        SessionConfig config;
        config.baseline.model = config.candidate.model =
            SYNCPOINT_TEST_DATA "/onnx/residual_block.onnx";
        config.inputs.useFallback = true;
        config.attribution = AttributionLevel::Tensors;
        controller.setConfig(config);
        controller.compare();
        wait();
    }

    void wait()
    {
        QSignalSpy done(&controller, &SessionController::resultChanged);
        QSignalSpy failed(&controller, &SessionController::failed);
        ASSERT_TRUE(QTest::qWaitFor([&] { return done.count() + failed.count() > 0; }, 60'000));
        ASSERT_EQ(failed.count(), 0) << failed.front().front().toString().toStdString();
    }
    ValueStatus statusOf(const std::string &name) const
    {
        const ComparisonResult &result = *controller.result();
        return result.alignment.reference[result.baseline.graph->findValue(name)->index()].status;
    }
    /// A value in the middle that is paired with its namesake.
    std::string pairedValue() const
    {
        const ComparisonResult &result = *controller.result();
        const SyncPoint &point = result.alignment.points[result.alignment.points.size() / 2];
        return result.baseline.graph->qualifiedName(point.reference);
    }

    SessionController controller{CompareEnvironment{RUNNER, {}, 0}};
};

TEST_F(RealModelPairingTest, ABanAndItsUndoCompareAgainWithoutRunningTheModelsAgain)
{
    ASSERT_NE(controller.result(), nullptr);
    const auto captured = controller.result()->baseline.dump;
    const std::string value = pairedValue();

    controller.pairing().forbid({value, value});
    wait();
    EXPECT_NE(statusOf(value), ValueStatus::Paired);
    EXPECT_EQ(controller.result()->baseline.dump, captured);

    controller.pairing().history().undo();
    wait();
    EXPECT_EQ(statusOf(value), ValueStatus::Paired);
    EXPECT_EQ(controller.result()->baseline.dump, captured);

    controller.compare();
    wait();
    EXPECT_NE(controller.result()->baseline.dump, captured) << "asked for, models run again";
}

TEST_F(RealModelPairingTest, APairByHandIsPinnedAndScored)
{
    ASSERT_NE(controller.result(), nullptr);
    const std::string value = pairedValue();
    controller.pairing().pair({value, value});
    wait();

    const ComparisonResult &result = *controller.result();
    const auto id = *result.baseline.graph->findValue(value);
    const SyncPointId point = result.alignment.reference[id.index()].point;
    ASSERT_TRUE(point.isValid());
    EXPECT_EQ(result.point(point).status, PointStatus::Compared);
    Selection::Item item = itemForPoint(result, point);
    EXPECT_TRUE(pairingState(result, controller.config().map, item).isPinned);
}
#endif

} // namespace
} // namespace syncpoint
