#include "compare/metric/metric_groups.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace syncpoint {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::optional<double> psnr(const PairStatistics &s, const MetricSettings &settings)
{
    if (!hasNumbers(s)) {
        return std::nullopt;
    }
    if (s.sumEE == 0.0) {
        return kInfinity;
    }
    const double peak = peakOf(s, settings.peak).value;
    if (!(peak > 0.0)) {
        return std::nullopt;
    }
    return 20.0 * std::log10(peak) - 10.0 * std::log10(s.sumEE / countOf(s));
}

std::optional<double> sqnr(const PairStatistics &s, const MetricSettings &)
{
    if (!hasNumbers(s)) {
        return std::nullopt;
    }
    if (s.sumEE == 0.0) {
        return kInfinity;
    }
    if (s.sumRR == 0.0) {
        return std::nullopt;
    }
    return 10.0 * (std::log10(s.sumRR) - std::log10(s.sumEE));
}

std::optional<double> relL2(const PairStatistics &s, const MetricSettings &)
{
    if (!hasNumbers(s) || s.sumRR == 0.0) {
        return std::nullopt;
    }
    return std::sqrt(s.sumEE) / std::sqrt(s.sumRR);
}

/// x / √(a·b) in [−1, 1]; nothing when a side has no length.
std::optional<double> normalised(double product, double a, double b)
{
    if (!(a > 0.0) || !(b > 0.0)) {
        return std::nullopt;
    }
    return std::clamp(product / (std::sqrt(a) * std::sqrt(b)), -1.0, 1.0);
}

std::optional<double> cosine(const PairStatistics &s, const MetricSettings &)
{
    if (!hasNumbers(s) || s.count < 2) {
        return std::nullopt;
    }
    return normalised(s.sumRC, s.sumRR, s.sumCC);
}

std::optional<double> pcc(const PairStatistics &s, const MetricSettings &)
{
    // A constant side has no correlation; its variance from sums is rounding noise, not zero.
    if (!hasNumbers(s) || s.count < 2 || s.minR == s.maxR || s.minC == s.maxC) {
        return std::nullopt;
    }
    const double n = countOf(s);
    const double meanR = s.sumR / n;
    const double meanC = s.sumC / n;
    return normalised(s.sumRC - s.sumR * meanC, s.sumRR - s.sumR * meanR, s.sumCC - s.sumC * meanC);
}

std::optional<double> gain(const PairStatistics &s, const MetricSettings &)
{
    if (!hasNumbers(s) || s.sumRR == 0.0) {
        return std::nullopt;
    }
    return s.sumRC / s.sumRR;
}

} // namespace

void addRatioMetrics(MetricList &metrics)
{
    const auto add = [&metrics](const MetricDescriptor &descriptor, FormulaMetric::Formula value) {
        metrics.push_back(std::make_unique<FormulaMetric>(descriptor, value));
    };
    add({"psnr", "PSNR", "dB", "10·log10(P²/mse)",
         "error against the range of the reference: comparable between layers of any scale; P is "
         "max r − min r unless another peak is chosen",
         true},
        psnr);
    add({"sqnr", "SQNR", "dB", "20·log10(‖r‖/‖e‖)", "signal power against error power", true},
        sqnr);
    add({"cosine", "Cosine similarity", "", "r·c/(‖r‖·‖c‖)",
         "direction only: blind to a wrong scale, see gain", true},
        cosine);
    add({"pcc", "Pearson correlation", "", "cosine of r and c after removing their means",
         "sees what a large common mean hides from cosine", true},
        pcc);
    add({"gain", "Gain", "", "r·c/‖r‖²",
         "1 is right; 0.9 is a candidate scaled by 0.9, which cosine cannot see", false, true, 1.0},
        gain);
    add({"rel_l2", "Relative L2 error", "", "‖e‖/‖r‖", "10^(−sqnr/20)"}, relL2);
}

} // namespace syncpoint
