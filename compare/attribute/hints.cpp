#include "compare/attribute/hints.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace syncpoint {
namespace {

using Hint = std::optional<std::string>;

constexpr double kHalfMax = 65504.0; // largest finite float16

double decibel(double nsr)
{
    return nsr > 0.0 ? -10.0 * std::log10(nsr) : 0.0;
}

Hint nonfinite(const Measurement &m)
{
    const PairStatistics &s = m.statistics;
    if (s.nonfiniteMismatch == 0) {
        return std::nullopt;
    }
    const double largest = std::max(std::abs(s.minR), std::abs(s.maxR));
    const std::string reach = std::isfinite(largest) && largest > 0.5 * kHalfMax
                                  ? fmt::format("; the baseline reaches {:.4g} and float16 ends at "
                                                "65504, so this is an overflow",
                                                largest)
                                  : "";
    return fmt::format(
        "{} of {} values are NaN or infinite on one side only (candidate: {} NaN, {} "
        "infinite){}",
        s.nonfiniteMismatch, s.total, s.candidate.nan,
        s.candidate.positiveInf + s.candidate.negativeInf, reach);
}

Hint saturation(const Measurement &m)
{
    const auto share = m.value("sat_ratio");
    if (!share || *share <= 0.01) {
        return std::nullopt;
    }
    return fmt::format("{:.1f} % of the values sit at the end of the integer range: the range is "
                       "clipped",
                       100.0 * *share);
}

Hint offset(const Measurement &m)
{
    const auto bias = m.value("bias");
    const auto rmse = m.value("rmse");
    if (!bias || !rmse || !(*rmse > 0.0) || std::abs(*bias) < 0.5 * *rmse) {
        return std::nullopt;
    }
    return fmt::format("the mean error is {:.3g}, {:.0f} % of the rms error: an offset, as from a "
                       "wrong zero point or bias",
                       *bias, 100.0 * std::abs(*bias) / *rmse);
}

Hint scaling(const Measurement &m)
{
    const auto gain = m.value("gain");
    const auto pcc = m.value("pcc");
    if (!gain || !pcc || *pcc < 0.9 || std::abs(*gain - 1.0) < 0.05) {
        return std::nullopt;
    }
    return fmt::format(
        "the candidate is the baseline times {:.3f} (correlation {:.3f}): a scale is "
        "wrong",
        *gain, *pcc);
}

Hint channels(const HintInput &input)
{
    const std::size_t count = input.channelNsr.size();
    constexpr std::size_t kFew = 4;
    if (count < kFew) {
        return std::nullopt;
    }
    std::vector<double> sorted(input.channelNsr.begin(), input.channelNsr.end());
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(count / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    const double median = *middle;
    constexpr double kTimes = 10.0;
    const auto isBad = [&](double nsr) { return nsr > kTimes * median && nsr > 1e-6; };
    const auto bad = static_cast<std::size_t>(
        std::count_if(input.channelNsr.begin(), input.channelNsr.end(), isBad));
    if (bad == 0 || bad * 4 > count || !(median >= 0.0)) {
        return std::nullopt;
    }
    const auto worst = std::max_element(input.channelNsr.begin(), input.channelNsr.end());
    return fmt::format("{} of {} channels along axis {} are 10 times worse than the median channel "
                       "(worst: channel {} with {:.1f} dB against {:.1f} dB): per-channel scale or "
                       "axis",
                       bad, count, input.channelAxis, worst - input.channelNsr.begin(),
                       decibel(*worst), decibel(median));
}

Hint layout(const Measurement &m)
{
    const PairStatistics &s = m.statistics;
    const auto cosine = m.value("pcc");
    constexpr std::uint64_t kEnough = 64;
    if (!cosine || *cosine > 0.5 || s.count < kEnough) {
        return std::nullopt;
    }
    const auto n = static_cast<double>(s.count);
    const double spreadR = std::sqrt(std::max(0.0, s.sumRR / n - (s.sumR / n) * (s.sumR / n)));
    const double spreadC = std::sqrt(std::max(0.0, s.sumCC / n - (s.sumC / n) * (s.sumC / n)));
    constexpr double kClose = 0.03; // of the spread; mean, spread and both ends must agree
    const auto close = [&](double a, double b) { return std::abs(a - b) <= kClose * spreadR; };
    if (!(spreadR > 0.0) || !close(spreadR, spreadC) || !close(s.sumR / n, s.sumC / n) ||
        !close(s.minR, s.minC) || !close(s.maxR, s.maxC)) {
        return std::nullopt;
    }
    return fmt::format("mean, spread and range agree, but the correlation is {:.2f}: the same "
                       "numbers in another order, a layout or axis is wrong",
                       *cosine);
}

Hint stretchedRange(const Measurement &m)
{
    const auto steps = m.value("lsb_rmse");
    const auto sqnr = m.value("sqnr");
    if (!steps || !sqnr || *steps > 0.5 || *sqnr > 20.0) {
        return std::nullopt;
    }
    return fmt::format("the error is only {:.2f} quantization steps, yet SQNR is {:.1f} dB: the "
                       "steps are too large, outliers stretch the range",
                       *steps, *sqnr);
}

} // namespace

std::vector<std::string> hintsFor(const HintInput &input)
{
    std::vector<std::string> hints;
    if (input.measurement == nullptr) {
        return hints;
    }
    const Measurement &m = *input.measurement;
    for (Hint &hint : std::vector<Hint>{nonfinite(m), saturation(m), offset(m), scaling(m),
                                        channels(input), layout(m), stretchedRange(m)}) {
        if (hint) {
            hints.push_back(std::move(*hint));
        }
    }
    return hints;
}

} // namespace syncpoint
