#include "compare/metric/pair_accumulator.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace syncpoint {
namespace {

/// Consecutive elements go to different copies, so that equal errors in a row do not wait for one
/// another's increment.
constexpr std::size_t kSubHistograms = 4;
constexpr std::size_t kHistogramBins = 0x8000;
/// Channels with fewer neighbouring elements are added element by element.
constexpr std::uint64_t kMinChannelRun = 128;
constexpr double kMinTau = 1e-30;
constexpr double kMaxTau = 1e30;

template <typename R, typename C>
std::uint64_t indexOfError(const R *r, const C *c, std::size_t n, double absE)
{
    for (std::size_t i = 0; i < n; ++i) {
        if (std::abs(static_cast<double>(c[i]) - static_cast<double>(r[i])) == absE) {
            return i;
        }
    }
    return 0;
}

/// For a τ or quotients beyond float.
template <typename R, typename C>
RelativeSums relativeInDouble(const R *r, const C *c, std::size_t n, double tau)
{
    RelativeSums sums;
    for (std::size_t i = 0; i < n; ++i) {
        const auto rv = static_cast<double>(r[i]);
        const double value = std::abs(static_cast<double>(c[i]) - rv) / std::max(std::abs(rv), tau);
        sums.sum += value;
        sums.max = std::max(sums.max, value);
    }
    return sums;
}

void addSums(PairStatistics &total, const BlockSums &sums, std::size_t n)
{
    total.count += n;
    total.sumR += sums.sumR;
    total.sumC += sums.sumC;
    total.sumE += sums.sumE;
    total.sumAbsE += sums.sumAbsE;
    total.sumRR += sums.sumRR;
    total.sumCC += sums.sumCC;
    total.sumRC += sums.sumRC;
    total.sumEE += sums.sumEE;
    total.minR = std::min(total.minR, sums.minR);
    total.maxR = std::max(total.maxR, sums.maxR);
    total.minC = std::min(total.minC, sums.minC);
    total.maxC = std::max(total.maxC, sums.maxC);
    total.violations += sums.violations;
    total.mismatches += sums.mismatches;
}

void addSums(ChannelSums &channel, const BlockSums &sums, std::size_t n)
{
    channel.merge({n, sums.sumR, sums.sumC, sums.sumE, sums.sumAbsE, sums.sumRR, sums.sumCC,
                   sums.sumRC, sums.sumEE, sums.minR, sums.maxR, sums.minC, sums.maxC,
                   sums.maxAbsE});
}

void countKind(NonfiniteCounts &counts, double value)
{
    if (std::isnan(value)) {
        ++counts.nan;
    } else if (std::isinf(value)) {
        ++(value > 0.0 ? counts.positiveInf : counts.negativeInf);
    }
}

} // namespace

void ChannelSums::merge(const ChannelSums &other)
{
    count += other.count;
    sumR += other.sumR;
    sumC += other.sumC;
    sumE += other.sumE;
    sumAbsE += other.sumAbsE;
    sumRR += other.sumRR;
    sumCC += other.sumCC;
    sumRC += other.sumRC;
    sumEE += other.sumEE;
    minR = std::min(minR, other.minR);
    maxR = std::max(maxR, other.maxR);
    minC = std::min(minC, other.minC);
    maxC = std::max(maxC, other.maxC);
    maxAbsE = std::max(maxAbsE, other.maxAbsE);
}

PairStatistics ChannelSums::toStatistics() const
{
    PairStatistics result;
    addSums(result,
            {sumR, sumC, sumE, sumAbsE, sumRR, sumCC, sumRC, sumEE, minR, maxR, minC, maxC, maxAbsE,
             0, 0},
            count);
    result.total = count;
    result.maxAbsE = maxAbsE;
    result.mismatches = maxAbsE > 0.0 ? 1 : 0; // how many is not kept; that there are is
    return result;
}

PairAccumulator::PairAccumulator(const Options &options)
    : m_options(options), m_channels(options.channels.count)
{
    if (options.withHistogram) {
        m_bins.resize(kMaxRun);
        m_histogram.resize(kHistogramBins * kSubHistograms);
    }
}

template <typename R, typename C>
void PairAccumulator::add(std::uint64_t first, const R *r, const C *c, std::size_t n)
{
    m_total.total += n;
    const ChannelLayout &layout = m_options.channels;
    if (layout.count == 0) {
        addRun(first, r, c, n, nullptr);
        return;
    }
    if (layout.inner < kMinChannelRun) {
        addRun(first, r, c, n, nullptr);
        addToSmallChannels(first, r, c, n);
        return;
    }
    for (std::size_t done = 0; done < n;) {
        const std::uint64_t at = first + done;
        const auto run = std::min<std::uint64_t>(layout.inner - at % layout.inner, n - done);
        addRun(at, r + done, c + done, run, &m_channels[at / layout.inner % layout.count]);
        done += run;
    }
}

template <typename R, typename C>
void PairAccumulator::addRun(std::uint64_t first, const R *r, const C *c, std::size_t n,
                             ChannelSums *channel)
{
    const double worstBefore = m_total.maxAbsE;
    const BlockSums sums = sumBlock(r, c, n, m_options.tolerance);
    if (std::isfinite(sums.sumRR) && std::isfinite(sums.sumCC)) {
        addFinite(r, c, n, sums, channel);
    } else {
        addWithNonfinite(first, r, c, n, channel);
    }
    if (m_total.maxAbsE > worstBefore) {
        m_total.maxAbsIndex = first + indexOfError(r, c, n, m_total.maxAbsE);
    }
}

template <typename R, typename C>
void PairAccumulator::addFinite(const R *r, const C *c, std::size_t n, const BlockSums &sums,
                                ChannelSums *channel)
{
    addSums(m_total, sums, n);
    m_total.maxAbsE = std::max(m_total.maxAbsE, sums.maxAbsE);
    if (channel != nullptr) {
        addSums(*channel, sums, n);
    }
    if (m_options.withHistogram) {
        const std::size_t counted =
            absErrorBinsFrom(r, c, n, m_options.histogramFloor, m_bins.data());
        countBins(std::span(m_bins).first(counted));
    }
    if (m_options.tau) {
        addRelative(r, c, n);
    }
    if constexpr (std::is_same_v<R, float> && std::is_same_v<C, float>) {
        if (m_options.ulp != UlpType::None && sums.mismatches > 0) {
            const auto ulp = static_cast<double>(ulpMax(r, c, n, m_options.ulp));
            m_total.ulpMax = std::max(m_total.ulpMax, ulp);
        }
    }
}

template <typename R, typename C>
void PairAccumulator::addWithNonfinite(std::uint64_t first, const R *r, const C *c, std::size_t n,
                                       ChannelSums *channel)
{
    std::array<R, kMaxRun> finiteR;
    std::array<C, kMaxRun> finiteC;
    std::size_t count = 0;
    for (std::size_t i = 0; i < n; ++i) {
        if (std::isfinite(r[i]) && std::isfinite(c[i])) {
            finiteR[count] = r[i];
            finiteC[count] = c[i];
            ++count;
        } else {
            classifyNonfinite(first + i, static_cast<double>(r[i]), static_cast<double>(c[i]));
        }
    }
    const BlockSums sums = sumBlock(finiteR.data(), finiteC.data(), count, m_options.tolerance);
    addFinite(finiteR.data(), finiteC.data(), count, sums, channel);
}

void PairAccumulator::classifyNonfinite(std::uint64_t index, double r, double c)
{
    countKind(m_total.reference, r);
    countKind(m_total.candidate, c);
    if ((std::isnan(r) && std::isnan(c)) || r == c) {
        ++m_total.nonfiniteEqual;
        return;
    }
    ++m_total.nonfiniteMismatch;
    ++m_total.mismatches;
    if (!m_total.firstMismatchIndex) {
        m_total.firstMismatchIndex = index;
    }
}

template <typename R, typename C>
void PairAccumulator::addRelative(const R *r, const C *c, std::size_t n)
{
    const double tau = *m_options.tau;
    RelativeSums sums;
    sums.sum = std::numeric_limits<double>::infinity();
    if (tau >= kMinTau && tau <= kMaxTau) {
        sums = relativeSums(r, c, n, static_cast<float>(tau));
    }
    if (!std::isfinite(sums.sum)) {
        sums = relativeInDouble(r, c, n, tau);
    }
    m_total.sumRel += sums.sum;
    m_total.maxRel = std::max(m_total.maxRel, sums.max);
}

template <typename R, typename C>
void PairAccumulator::addToSmallChannels(std::uint64_t first, const R *r, const C *c, std::size_t n)
{
    const std::uint64_t inner = m_options.channels.inner;
    std::size_t channel = first / inner % m_channels.size();
    std::uint64_t left = inner - first % inner;
    for (std::size_t i = 0; i < n; ++i) {
        const auto rv = static_cast<double>(r[i]);
        const auto cv = static_cast<double>(c[i]);
        const double e = cv - rv;
        if (std::isfinite(e)) {
            m_channels[channel].merge({1, rv, cv, e, std::abs(e), rv * rv, cv * cv, rv * cv, e * e,
                                       rv, rv, cv, cv, std::abs(e)});
        }
        if (--left == 0) {
            left = inner;
            channel = channel + 1 == m_channels.size() ? 0 : channel + 1;
        }
    }
}

void PairAccumulator::countBins(std::span<const std::uint32_t> bins)
{
    std::uint32_t *histogram = m_histogram.data();
    std::size_t i = 0;
    for (; i + kSubHistograms <= bins.size(); i += kSubHistograms) {
        ++histogram[bins[i] * kSubHistograms];
        ++histogram[bins[i + 1] * kSubHistograms + 1];
        ++histogram[bins[i + 2] * kSubHistograms + 2];
        ++histogram[bins[i + 3] * kSubHistograms + 3];
    }
    for (; i < bins.size(); ++i) {
        ++histogram[bins[i] * kSubHistograms];
    }
}

PairStatistics PairAccumulator::take()
{
    m_total.tau = m_options.tau.value_or(0.0);
    m_total.hasUlp = m_options.ulp != UlpType::None;
    if (m_exactMismatches) {
        m_total.mismatches = *m_exactMismatches;
    }
    if (m_options.withHistogram && m_total.count > 0) {
        auto &histogram = m_total.absErrorHistogram;
        histogram.resize(kHistogramBins);
        for (std::size_t i = 0; i < m_histogram.size(); ++i) {
            histogram[i / kSubHistograms] += m_histogram[i];
        }
        while (!histogram.empty() && histogram.back() == 0) {
            histogram.pop_back();
        }
    }
    return std::move(m_total);
}

template void PairAccumulator::add(std::uint64_t, const float *, const float *, std::size_t);
template void PairAccumulator::add(std::uint64_t, const float *, const double *, std::size_t);
template void PairAccumulator::add(std::uint64_t, const double *, const float *, std::size_t);
template void PairAccumulator::add(std::uint64_t, const double *, const double *, std::size_t);

} // namespace syncpoint
