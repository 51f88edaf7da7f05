#include "compare/metric/pair_accumulator.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace syncpoint {
namespace {

/// Consecutive elements go to different copies of the histogram, so that equal errors in a row do
/// not wait for one another's increment. Clearing them is only worth it for long runs.
constexpr std::size_t kHistogramCopies = 4;
constexpr std::uint64_t kLongRun = 1U << 16;
constexpr std::size_t kHistogramBins = 0x8000;
/// Channels with fewer neighbouring elements are added element by element.
constexpr std::uint64_t kMinChannelRun = 128;
constexpr double kMinTau = 1e-30;
constexpr double kMaxTau = 1e30;

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
    result.count = result.total = count;
    result.sumR = sumR;
    result.sumC = sumC;
    result.sumE = sumE;
    result.sumAbsE = sumAbsE;
    result.sumRR = sumRR;
    result.sumCC = sumCC;
    result.sumRC = sumRC;
    result.sumEE = sumEE;
    result.minR = minR;
    result.maxR = maxR;
    result.minC = minC;
    result.maxC = maxC;
    result.maxAbsE = maxAbsE;
    result.mismatches = maxAbsE > 0.0 ? 1 : 0; // that there are is known, how many is not
    return result;
}

PairAccumulator::PairAccumulator(const Options &options)
    : m_options(options), m_channels(options.channels.count)
{
    m_request.tolerance = options.tolerance;
    m_request.withUlp = options.ulp == UlpType::Float32;
    if (options.tau && !options.exactRelative && *options.tau >= kMinTau &&
        *options.tau <= kMaxTau) {
        m_request.tau = static_cast<float>(*options.tau);
    }
    if (options.withHistogram) {
        m_errors.resize(kMaxRun + BlockRequest::kErrorSlack);
        m_copies =
            options.histogramFloor == 0 && options.expected >= kLongRun ? kHistogramCopies : 1;
        m_histogram.resize((kHistogramBins - options.histogramFloor) * m_copies);
        m_request.errors = m_errors.data();
        m_request.errorFloor = std::bit_cast<float>(options.histogramFloor << 16);
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
    BlockSums sums = sumBlock(r, c, n, m_request);
    if (std::isfinite(sums.sumRR) && std::isfinite(sums.sumCC)) {
        addFinite(r, c, n, sums, channel);
    } else {
        sums = addWithNonfinite(first, r, c, n, channel);
    }
    updateLargest(first, r, c, n, sums);
}

/// Where the run has a larger error than those before it is found exactly, and its index.
template <typename R, typename C>
void PairAccumulator::updateLargest(std::uint64_t first, const R *r, const C *c, std::size_t n,
                                    const BlockSums &sums)
{
    // Rounded values are compared with rounded ones: equal errors in many runs are common.
    const double before =
        sums.isSingle ? static_cast<double>(static_cast<float>(m_total.maxAbsE)) : m_total.maxAbsE;
    if (!(sums.maxAbsE > before)) {
        return;
    }
    for (std::size_t i = 0; i < n; ++i) {
        if (std::isfinite(r[i]) && std::isfinite(c[i])) {
            const double absE = std::abs(static_cast<double>(c[i]) - static_cast<double>(r[i]));
            if (absE > m_total.maxAbsE) {
                m_total.maxAbsE = absE;
                m_total.maxAbsIndex = first + i;
            }
        }
    }
}

template <typename R, typename C>
void PairAccumulator::addFinite(const R *r, const C *c, std::size_t n, const BlockSums &sums,
                                ChannelSums *channel)
{
    addSums(m_total, sums, n);
    if (channel != nullptr) {
        addSums(*channel, sums, n);
    }
    countErrors(std::span(m_errors).first(sums.errorCount));
    if (m_options.tau) {
        addRelative(r, c, n, sums);
    }
    std::uint32_t ulp = sums.ulpMax;
    if constexpr (std::is_same_v<R, float> && std::is_same_v<C, float>) {
        const bool is16Bit =
            m_options.ulp == UlpType::Float16 || m_options.ulp == UlpType::BFloat16;
        if (is16Bit && sums.mismatches > 0) {
            ulp = ulpMax(r, c, n, m_options.ulp);
        }
    }
    m_total.ulpMax = std::max(m_total.ulpMax, static_cast<double>(ulp));
}

template <typename R, typename C>
BlockSums PairAccumulator::addWithNonfinite(std::uint64_t first, const R *r, const C *c,
                                            std::size_t n, ChannelSums *channel)
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
    const BlockSums sums = sumBlock(finiteR.data(), finiteC.data(), count, m_request);
    addFinite(finiteR.data(), finiteC.data(), count, sums, channel);
    return sums;
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
void PairAccumulator::addRelative(const R *r, const C *c, std::size_t n, const BlockSums &sums)
{
    RelativeSums relative{sums.sumRel, sums.maxRel};
    if (m_request.tau == 0.0F || !std::isfinite(relative.sum)) {
        relative = relativeSums(r, c, n, *m_options.tau);
    }
    m_total.sumRel += relative.sum;
    m_total.maxRel = std::max(m_total.maxRel, relative.max);
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

/// A bin is the upper 16 bits of |e| as float32: exponent and 7 bits of mantissa.
void PairAccumulator::countErrors(std::span<const float> errors)
{
    std::uint32_t *histogram = m_histogram.data();
    const std::size_t copies = m_copies;
    const std::size_t floor = m_options.histogramFloor;
    for (std::size_t i = 0; i < errors.size(); ++i) {
        const std::uint32_t bin = std::bit_cast<std::uint32_t>(errors[i]) >> 16;
        ++histogram[(bin - floor) * copies + (i & (copies - 1))];
    }
}

std::vector<std::uint64_t> PairAccumulator::histogram() const
{
    std::size_t used = m_histogram.size();
    while (used > 0 && m_histogram[used - 1] == 0) {
        --used;
    }
    const std::size_t floor = m_options.histogramFloor;
    std::vector<std::uint64_t> result(used == 0 ? 0 : floor + (used - 1) / m_copies + 1);
    for (std::size_t i = 0; i < used; ++i) {
        result[floor + i / m_copies] += m_histogram[i];
    }
    return result;
}

PairStatistics PairAccumulator::take()
{
    m_total.tau = m_options.tau.value_or(0.0);
    m_total.hasUlp = m_options.ulp != UlpType::None;
    if (m_exactMismatches) {
        m_total.mismatches = *m_exactMismatches;
    }
    m_total.absErrorHistogram = histogram();
    return std::move(m_total);
}

template void PairAccumulator::add(std::uint64_t, const float *, const float *, std::size_t);
template void PairAccumulator::add(std::uint64_t, const float *, const double *, std::size_t);
template void PairAccumulator::add(std::uint64_t, const double *, const float *, std::size_t);
template void PairAccumulator::add(std::uint64_t, const double *, const double *, std::size_t);

} // namespace syncpoint
