#include "compare/metric/metric_groups.h"

namespace syncpoint {
namespace {

std::optional<double> share(std::uint64_t part, std::uint64_t whole)
{
    if (whole == 0) {
        return std::nullopt;
    }
    return static_cast<double>(part) / static_cast<double>(whole);
}

} // namespace

void addCountMetrics(MetricList &metrics)
{
    const auto add = [&metrics](const MetricDescriptor &descriptor, FormulaMetric::Formula value) {
        metrics.push_back(std::make_unique<FormulaMetric>(descriptor, value));
    };
    using Statistics = const PairStatistics &;
    using Settings = const MetricSettings &;
    add({"viol_ratio", "Share out of tolerance", "", "share of |e| > atol + rtol·|r|",
         "the rule of numpy.allclose"},
        [](Statistics s, Settings) {
            return hasNumbers(s) && !s.isBound ? share(s.violations, s.count) : std::nullopt;
        });
    add({"mismatch_ratio", "Share of unequal elements", "", "share of r ≠ c",
         "the only score of integer, bool and index tensors; NaN equals NaN"},
        [](Statistics s, Settings) {
            return s.isBound ? std::nullopt : share(s.mismatches, s.total);
        });
    add({"nonfinite", "NaN and infinities", "", "number of NaN and ±Inf on both sides",
         "0 for a healthy pair"},
        [](Statistics s, Settings) {
            return s.total > 0 && !s.isBound ? std::optional(static_cast<double>(
                                                   s.reference.total() + s.candidate.total()))
                                             : std::nullopt;
        });
    add({"topk_agree", "Argmax agreement", "", "share of rows of the last axis with equal argmax",
         "what a classifier's user sees; model outputs only", true},
        [](Statistics s, Settings) { return s.top1Agreement; });
    add({"top5_agree", "Top-5 agreement", "",
         "mean share of the reference's five largest that are among the candidate's five",
         "model outputs with more than five classes only", true},
        [](Statistics s, Settings) { return s.top5Agreement; });
    add({"kl", "KL divergence", "nat",
         "Σ p·ln(p/q), 256 bins over the union range, q at least half a count",
         "whether the distribution moved; off by default", false, false},
        [](Statistics s, Settings) { return s.klDivergence; });
}

} // namespace syncpoint
