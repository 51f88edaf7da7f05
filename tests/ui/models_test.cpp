#include "tests/ui/synthetic_result.h"
#include "ui/models/display_text.h"
#include "ui/models/hierarchy_model.h"
#include "ui/models/problem_model.h"
#include "ui/models/selection_state.h"
#include "ui/models/sync_point_filter.h"
#include "ui/models/sync_point_model.h"
#include "ui/theme/theme.h"

#include <QAbstractItemModelTester>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

constexpr auto kMode = QAbstractItemModelTester::FailureReportingMode::Fatal;

QString name(const QAbstractItemModel &model, int row)
{
    return model.index(row, 0).data().toString();
}

TEST(SyncPointModelTest, KeepsTheRulesOfItemModels)
{
    const Theme theme;
    SyncPointModel model(theme);
    SyncPointFilter filter(model);
    const QAbstractItemModelTester modelTester(&model, kMode);
    const QAbstractItemModelTester filterTester(&filter, kMode);
    model.setResult(makeSyntheticResult());
    filter.sort(SyncPointModel::ScoreColumn);
    filter.setSearch(QStringLiteral("decoder"));
    filter.setShowUnmatched(true);
    model.setResult(nullptr);
    EXPECT_EQ(model.rowCount(), 0);
}

TEST(SyncPointModelTest, SortsByIntroducedErrorAndKeepsAbsentNumbersLast)
{
    const Theme theme;
    SyncPointModel model(theme);
    SyncPointFilter filter(model);
    model.setResult(makeSyntheticResult());
    filter.setShowUnmatched(true);
    filter.sort(SyncPointModel::IntroducedColumn, Qt::DescendingOrder);
    EXPECT_EQ(name(filter, 0), QStringLiteral("/decoder/MatMul"));
    EXPECT_EQ(name(filter, 1), QStringLiteral("/encoder/block0/Relu"));
    EXPECT_EQ(name(filter, filter.rowCount() - 1), QStringLiteral("extra_out"));
    filter.sort(SyncPointModel::IntroducedColumn, Qt::AscendingOrder);
    EXPECT_EQ(name(filter, filter.rowCount() - 1), QStringLiteral("extra_out"));
}

TEST(SyncPointModelTest, ExactIsBetterThanAnyNumber)
{
    const Theme theme;
    SyncPointModel model(theme);
    SyncPointFilter filter(model);
    model.setResult(makeSyntheticResult());
    filter.sort(SyncPointModel::ScoreColumn, Qt::DescendingOrder);
    EXPECT_EQ(filter.index(0, SyncPointModel::ScoreColumn).data().toString(),
              QStringLiteral("exact"));
}

TEST(SyncPointModelTest, UnmatchedValuesHideUntilAskedForAndSayWhy)
{
    const Theme theme;
    SyncPointModel model(theme);
    SyncPointFilter filter(model);
    const auto result = makeSyntheticResult();
    model.setResult(result);
    EXPECT_EQ(filter.rowCount(), static_cast<int>(result->points.size()));
    filter.setSearch(QStringLiteral("status:unmatched"));
    ASSERT_EQ(filter.rowCount(), 1);
    EXPECT_TRUE(filter.index(0, SyncPointModel::StatusColumn)
                    .data()
                    .toString()
                    .contains(QStringLiteral("no op of the baseline")));
}

TEST(SyncPointModelTest, SearchFindsByScore)
{
    const Theme theme;
    SyncPointModel model(theme);
    SyncPointFilter filter(model);
    model.setResult(makeSyntheticResult());
    filter.setSearch(QStringLiteral("psnr<30 op:matmul"));
    ASSERT_EQ(filter.rowCount(), 1);
    EXPECT_EQ(name(filter, 0), QStringLiteral("/decoder/MatMul"));
}

TEST(SyncPointModelTest, RowsAndSelectionsLeadToEachOther)
{
    const Theme theme;
    SyncPointModel model(theme);
    model.setResult(makeSyntheticResult());
    for (int row = 0; row < model.rowCount(); ++row) {
        EXPECT_EQ(model.rowOf(model.itemAt(row)), row);
    }
}

TEST(HierarchyModelTest, KeepsTheRulesOfItemModels)
{
    const Theme theme;
    HierarchyModel model(theme);
    const QAbstractItemModelTester tester(&model, kMode);
    model.setResult(makeSyntheticResult());
    model.setResult(nullptr);
    EXPECT_EQ(model.rowCount(), 0);
}

TEST(HierarchyModelTest, ShowsModulesWithTheirOpsAndRollUp)
{
    const Theme theme;
    HierarchyModel model(theme);
    model.setResult(makeSyntheticResult());
    ASSERT_EQ(model.rowCount(), 2);
    const QModelIndex decoder = model.index(1, 0);
    EXPECT_EQ(decoder.data().toString(), QStringLiteral("decoder"));
    EXPECT_EQ(model.rowCount(decoder), 2);
    EXPECT_EQ(decoder.siblingAtColumn(HierarchyModel::IntroducedColumn).data().toString(),
              QStringLiteral("90 %"));
    EXPECT_EQ(decoder.siblingAtColumn(HierarchyModel::ParametersColumn).data().toString(),
              QStringLiteral("1.7 %"));
}

TEST(HierarchyModelTest, RowsAndSelectionsLeadToEachOther)
{
    const Theme theme;
    HierarchyModel model(theme);
    model.setResult(makeSyntheticResult());
    const QModelIndex decoder = model.index(1, 0);
    const QModelIndex op = model.index(0, 0, decoder);
    EXPECT_EQ(model.indexOf(model.itemAt(decoder)), decoder);
    EXPECT_EQ(model.indexOf(model.itemAt(op)), op);
}

TEST(ProblemModelTest, KeepsTheRulesOfItemModelsAndListsTheWorstFirst)
{
    const Theme theme;
    ProblemModel model(theme);
    const QAbstractItemModelTester tester(&model, kMode);
    model.setResultDiagnostics(makeSyntheticResult()->diagnostics);
    EXPECT_EQ(name(model, 0), QStringLiteral("values are clipped"));
    model.addError(QStringLiteral("loading a.onnx: it is empty"));
    EXPECT_EQ(name(model, 0), QStringLiteral("loading a.onnx: it is empty"));
    EXPECT_EQ(model.errorCount(), 2);
    model.clearErrors();
    EXPECT_EQ(model.rowCount(), 2);
}

TEST(HierarchyModelTest, AFusedOpShowsWhereItsRegionEnds)
{
    const Theme theme;
    HierarchyModel model(theme);
    auto result = std::make_shared<ComparisonResult>(*makeSyntheticResult());
    const ValueId conv = *result->baseline.graph->findValue("conv_out");
    result->alignment.reference[conv.index()] = {ValueStatus::Absorbed, SyncPointId{2}, {}};
    result->alignment.points[1].referenceNode = NodeId{};
    result->alignment.points[2].absorbedReference = {result->baseline.graph->value(conv).producer};
    model.setResult(result);
    const QModelIndex block = model.index(0, 0, model.index(0, 0));
    const QModelIndex op = model.index(0, 0, block);
    EXPECT_EQ(op.data().toString(), QStringLiteral("Conv in Relu"));
    EXPECT_EQ(op.siblingAtColumn(HierarchyModel::WorstColumn).data().toString(),
              QStringLiteral("45.0 dB"));
}

TEST(SyncPointModelTest, IntroducedIsAShareOfAllAndDeltaStandsBeside)
{
    const Theme theme;
    SyncPointModel model(theme);
    model.setResult(makeSyntheticResult());
    EXPECT_EQ(model.index(3, SyncPointModel::IntroducedColumn).data().toString(),
              QStringLiteral("94.8 %"));
    EXPECT_EQ(model.index(3, SyncPointModel::DeltaColumn).data().toString(),
              QStringLiteral("20.000 %"));
}

TEST(SelectionStateTest, SelectionAndSampleComeBackByName)
{
    const auto result = makeSyntheticResult();
    Selection selection;
    selection.select(itemForPoint(*result, SyncPointId{3}), nullptr);
    const QJsonObject state = selectionState(*result, selection);
    EXPECT_EQ(selectionFromState(*result, state), selection.current());

    Selection::Item module;
    module.module = ModuleId{1};
    selection.select(module, nullptr);
    EXPECT_EQ(selectionFromState(*result, selectionState(*result, selection)), module);
}

TEST(SelectionStateTest, WhatIsGoneIsNotSelected)
{
    const auto result = makeSyntheticResult();
    const QJsonObject state{{QStringLiteral("value"), QStringLiteral("no such value")},
                            {QStringLiteral("sample"), 99}};
    EXPECT_EQ(selectionFromState(*result, state), Selection::Item{});
    EXPECT_LE(sampleFromState(*result, state), result->samples);
    EXPECT_EQ(selectionFromState(*result, {}), Selection::Item{});
}

TEST(DisplayTextTest, NumbersCarryUnitsAndAbsentOnesAreDashes)
{
    EXPECT_EQ(metricText(27.664, "psnr"), QStringLiteral("27.7 dB"));
    EXPECT_EQ(metricText(std::nullopt, "psnr"), QStringLiteral("–"));
    EXPECT_EQ(energyText(0.0021), QStringLiteral("0.210 %"));
    EXPECT_EQ(energyText(1e-9), QStringLiteral("< 0.001 %"));
    EXPECT_EQ(energyText(2.5e75), QStringLiteral("2.5e+77 %"));
    EXPECT_EQ(durationText(1234.5), QStringLiteral("1.23 ms"));
    EXPECT_EQ(byteText(2048), QStringLiteral("2.0 KiB"));
}

} // namespace
} // namespace syncpoint
