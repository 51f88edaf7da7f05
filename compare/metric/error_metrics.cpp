#include "compare/metric/metric_groups.h"

#include <cmath>

namespace syncpoint {
namespace {

std::optional<double> perElement(const PairStatistics &s, double sum)
{
    if (!hasNumbers(s)) {
        return std::nullopt;
    }
    return sum / countOf(s);
}

std::optional<double> quantile(const PairStatistics &s, double share)
{
    return hasNumbers(s) ? s.absErrorQuantile(share) : std::nullopt;
}

} // namespace

void addErrorMetrics(MetricList &metrics)
{
    const auto add = [&metrics](const MetricDescriptor &descriptor, FormulaMetric::Formula value) {
        metrics.push_back(std::make_unique<FormulaMetric>(descriptor, value));
    };
    using Statistics = const PairStatistics &;
    using Settings = const MetricSettings &;
    add({"mse", "Mean squared error", "", "Σe²/N", "in the reference's unit, squared"},
        [](Statistics s, Settings) { return perElement(s, s.sumEE); });
    add({"rmse", "Root mean squared error", "", "√mse", "in the reference's unit"},
        [](Statistics s, Settings) {
            const auto mse = perElement(s, s.sumEE);
            return mse ? std::optional(std::sqrt(*mse)) : mse;
        });
    add({"mae", "Mean absolute error", "", "Σ|e|/N", "less ruled by outliers than rmse"},
        [](Statistics s, Settings) { return perElement(s, s.sumAbsE); });
    add({"bias", "Bias", "", "Σe/N", "far from 0 for a wrong zero point or a missing bias"},
        [](Statistics s, Settings) { return perElement(s, s.sumE); });
    add({"max_abs", "Largest error", "", "max |e|", "one bad element shows here first"},
        [](Statistics s, Settings) {
            return hasNumbers(s) ? std::optional(s.maxAbsE) : std::nullopt;
        });
    add({"p99_abs", "99th percentile of the error", "", "smallest x with |e| ≤ x for 99 % of V",
         "what max_abs is without outliers; to 1 %"},
        [](Statistics s, Settings) { return quantile(s, 0.99); });
    add({"p999_abs", "99.9th percentile of the error", "",
         "smallest x with |e| ≤ x for 99.9 % of V", "to 1 %"},
        [](Statistics s, Settings) { return quantile(s, 0.999); });
    add({"max_rel", "Largest relative error", "", "max |e|/max(|r|, τ), τ = 1e-3·rms(r)",
         "τ keeps references near zero from blowing it up, without dropping them"},
        [](Statistics s, Settings) {
            return hasNumbers(s) && s.tau > 0.0 ? std::optional(s.maxRel) : std::nullopt;
        });
    add({"mean_rel", "Mean relative error", "", "Σ(|e|/max(|r|, τ))/N, τ = 1e-3·rms(r)",
         "weighs small references as much as large ones"},
        [](Statistics s, Settings) {
            return s.tau > 0.0 ? perElement(s, s.sumRel) : std::nullopt;
        });
}

} // namespace syncpoint
