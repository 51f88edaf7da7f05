#include "tests/ui/synthetic_result.h"
#include "ui/models/alert_model.h"
#include "ui/theme/theme.h"

#include <QAbstractItemModelTester>
#include <algorithm>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

std::shared_ptr<ComparisonResult> editableResult()
{
    return std::make_shared<ComparisonResult>(*makeSyntheticResult());
}

std::vector<Alert> ofKind(const ComparisonResult &result, Alert::Kind kind)
{
    std::vector<Alert> found = findAlerts(result);
    std::erase_if(found, [kind](const Alert &alert) { return alert.kind != kind; });
    return found;
}

TEST(AlertListTest, TheStartOfDivergenceComesFirst)
{
    const auto alerts = findAlerts(*makeSyntheticResult());
    ASSERT_FALSE(alerts.empty());
    EXPECT_EQ(alerts.front().kind, Alert::Kind::Start);
    EXPECT_EQ(alerts.front().name, QStringLiteral("/decoder/MatMul"));
}

TEST(AlertListTest, OnlyTheFirstOverflowCounts)
{
    const auto result = editableResult();
    for (const std::size_t point : {2U, 3U}) {
        PairStatistics &statistics = result->points[point].overall.statistics;
        statistics.total = 8;
        statistics.candidate.positiveInf = 3;
        statistics.nonfiniteMismatch = 3;
        statistics.minR = -7.0;
        statistics.maxR = 5.0;
    }
    const auto overflows = ofKind(*result, Alert::Kind::Overflow);
    ASSERT_EQ(overflows.size(), 1U);
    EXPECT_EQ(overflows[0].item.point, SyncPointId{2});
    EXPECT_EQ(overflows[0].detail,
              QStringLiteral("3 values became infinite; the baseline reaches 7"));
    EXPECT_EQ(ofKind(*result, Alert::Kind::NonFinite).size(), 1U);
}

TEST(AlertListTest, SaturationCountsOnlyWhereItCosts)
{
    const auto result = editableResult();
    for (const std::size_t point : {1U, 3U}) { // ok and bad
        PairStatistics &statistics = result->points[point].overall.statistics;
        statistics.hasSaturation = true;
        statistics.total = 100;
        statistics.saturated = 30;
    }
    const auto saturated = ofKind(*result, Alert::Kind::Saturated);
    ASSERT_EQ(saturated.size(), 1U);
    EXPECT_EQ(saturated[0].detail, QStringLiteral("30.0 % of the integers sit at their limits"));
}

TEST(AlertListTest, ABadPairWhoseReadersAreOkIsSuspicious)
{
    const auto result = editableResult();
    EXPECT_TRUE(ofKind(*result, Alert::Kind::SuspiciousMatch).empty());
    result->points[1].severity = Severity::Bad;
    result->points[2].severity = Severity::Ok;
    result->points[2].attribution.inputs = {SyncPointId{1}};
    const auto suspicious = ofKind(*result, Alert::Kind::SuspiciousMatch);
    ASSERT_EQ(suspicious.size(), 1U);
    EXPECT_EQ(suspicious[0].item.point, SyncPointId{1});
    result->alignment.points[1].match.rule = "manual";
    EXPECT_TRUE(ofKind(*result, Alert::Kind::SuspiciousMatch).empty());
}

TEST(AlertListTest, OpsWithoutCounterpartSayWhy)
{
    const auto unmatched = ofKind(*makeSyntheticResult(), Alert::Kind::Unmatched);
    ASSERT_EQ(unmatched.size(), 1U);
    EXPECT_EQ(unmatched[0].name, QStringLiteral("/decoder/Extra"));
    EXPECT_EQ(unmatched[0].item.side, Side::Candidate);
    EXPECT_TRUE(unmatched[0].detail.contains(QStringLiteral("no op of the baseline computes it")));
}

TEST(AlertListTest, OpsThatOnlyOneModelHasAreToldAsWell)
{
    const auto result = editableResult();
    const auto extra = result->candidate.graph->findValue("extra_out");
    ASSERT_TRUE(extra);
    result->alignment.candidate[extra->index()] = {
        ValueStatus::OneSided, {}, "inserted: the baseline reads x directly"};
    const auto unmatched = ofKind(*result, Alert::Kind::Unmatched);
    ASSERT_EQ(unmatched.size(), 1U);
    EXPECT_EQ(unmatched[0].name, QStringLiteral("/decoder/Extra"));
    EXPECT_TRUE(unmatched[0].detail.contains(QStringLiteral("inserted")));
}

TEST(AlertModelTest, AlertsStandUnderTheirKinds)
{
    const Theme theme;
    AlertModel model(theme);
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::Fatal);
    model.setAlerts(findAlerts(*makeSyntheticResult()));
    ASSERT_EQ(model.rowCount(), 2);
    EXPECT_EQ(model.index(0, 0).data().toString(), QStringLiteral("Start of divergence"));
    EXPECT_EQ(model.alertAt(model.index(0, 0)), nullptr);
    const QModelIndex first = model.index(0, 0, model.index(0, 0));
    EXPECT_EQ(model.alertAt(first), model.alerts().data());
    EXPECT_EQ(model.indexOf(1), model.index(0, 0, model.index(1, 0)));
    model.setAlerts({});
    EXPECT_EQ(model.rowCount(), 0);
}

} // namespace
} // namespace syncpoint
