#include "compare/metric/summary_pair.h"
#include "core/tensor/decode.h"
#include "tests/compare/metric/pair_fixture.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <random>

namespace syncpoint {
namespace {

using testing::floats;

TensorSummary summaryOf(const std::vector<float> &values)
{
    TensorSummary out{values[0], values[0], 0, 0};
    double squares = 0.0;
    for (const double value : values) {
        out.min = std::min(out.min, value);
        out.max = std::max(out.max, value);
        out.mean += value / static_cast<double>(values.size());
        squares += value * value;
    }
    out.norm = std::sqrt(squares);
    return out;
}

/// A store with one summary.
class OneSummary final : public SummaryStore
{
public:
    explicit OneSummary(const std::vector<float> &values)
    {
        TensorEntry entry;
        entry.name = "x";
        entry.info = {DType::Float32, {static_cast<std::int64_t>(values.size())}, nullptr};
        m_summary = summaryOf(values);
        m_entries.push_back(std::move(entry));
        buildIndex();
    }
    std::span<const TensorEntry> entries() const override { return m_entries; }
    Result<Tensor> read(TensorId) const override { return Error{ErrorCode::BadInput, "no"}; }
    Result<Tensor> readRange(TensorId, std::uint64_t, std::uint64_t) const override
    {
        return Error{ErrorCode::BadInput, "no"};
    }

    std::optional<TensorSummary> summary(TensorId) const override { return m_summary; }

private:
    TensorSummary m_summary;
    std::vector<TensorEntry> m_entries;
};

TEST(SummaryPairTest, ScoresAreNeverWorseThanThoseOfTheElements)
{
    std::mt19937 random(3);
    std::normal_distribution<float> normal(0.3F, 2.0F);
    for (int round = 0; round < 200; ++round) {
        std::vector<float> reference(50);
        std::vector<float> candidate(50);
        for (std::size_t i = 0; i < reference.size(); ++i) {
            reference[i] = normal(random);
            candidate[i] = reference[i] * (1.0F + 0.01F * static_cast<float>(round % 7)) +
                           0.1F * normal(random);
        }
        const auto exact = testing::Pair(floats(reference), floats(candidate)).evaluated();
        const auto bound =
            evaluate(boundsOf(summaryOf(reference), summaryOf(candidate), 50), MetricSettings());
        EXPECT_EQ(bound.state, PairState::StatisticsOnly);
        const double slack = 1.0 + 1e-6;
        for (const char *metric : {"psnr", "sqnr", "cosine"}) {
            EXPECT_GE(*bound.value(metric) * slack + 1e-9, *exact.value(metric)) << metric;
        }
        for (const char *metric : {"mse", "mae", "max_abs", "rel_l2"}) {
            EXPECT_LE(*bound.value(metric), *exact.value(metric) * slack) << metric;
        }
        EXPECT_NEAR(*bound.value("bias"), *exact.value("bias"), 1e-6);
    }
}

TEST(SummaryPairTest, CountsAndQuantilesDoNotExist)
{
    const auto bound =
        evaluate(boundsOf(summaryOf({1, 2}), summaryOf({1, 3}), 2), MetricSettings());
    for (const char *metric : {"viol_ratio", "mismatch_ratio", "nonfinite", "p99_abs", "ulp_max"}) {
        EXPECT_FALSE(bound.value(metric)) << metric;
    }
}

TEST(SummaryPairTest, ASummaryAgainstElementsIsComparedByTheSummaryOfTheElements)
{
    const OneSummary summary({1, 2, 3});
    testing::Pair pair(floats({1, 2, 3}), floats({1, 2, 3}));
    pair.pair.candidateStore = &summary;
    const auto measured = pair.measure();
    ASSERT_FALSE(measured.state);
    const auto same = evaluate(measured.total, MetricSettings());
    EXPECT_EQ(same.state, PairState::StatisticsOnly); // agreeing statistics prove no equality
    EXPECT_LT(measured.total.sumEE, 1e-12);
    const OneSummary longer({1, 2, 3, 4});
    pair.pair.candidateStore = &longer;
    EXPECT_EQ(pair.measure().state, PairState::ShapeMismatch);
}

TEST(SummaryPairTest, StatisticsThatAreNotFiniteOnOneSideAreAMismatch)
{
    TensorSummary broken = summaryOf({1, 2});
    broken.mean = std::nan("");
    const auto one = evaluate(boundsOf(summaryOf({1, 2}), broken, 2), MetricSettings());
    EXPECT_EQ(one.state, PairState::NonfiniteMismatch);
    const auto both = evaluate(boundsOf(broken, broken, 2), MetricSettings());
    EXPECT_EQ(both.state, PairState::StatisticsOnly);
    EXPECT_FALSE(both.value("psnr"));
}

} // namespace
} // namespace syncpoint
