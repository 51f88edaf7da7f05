#include "compare/metric/measurement.h"
#include "compare/metric/pair_distribution.h"
#include "compare/metric/pair_pass.h"
#include "compare/metric/summary_pair.h"
#include "compare/metric/tensor_pair_plan.h"

#include <cmath>
#include <new>

namespace syncpoint {
namespace {

/// Up to here the relative errors get a pass of their own with the exact τ: the data is in the
/// cache.
constexpr std::uint64_t kLargeElements = std::uint64_t{1} << 20;
/// Both relative metrics change by at most the relative change of τ.
constexpr double kTauTolerance = 0.01;
/// The histogram of a large tensor leaves out what is certainly below the 99th percentile.
constexpr double kFloorShare = 0.97;
constexpr double kNeededTail = 0.01;
constexpr double kTauOfRms = 1e-3;

double tauOf(const PairStatistics &statistics)
{
    return statistics.count == 0
               ? 0.0
               : kTauOfRms * std::sqrt(statistics.sumRR / static_cast<double>(statistics.count));
}

std::optional<double> usableTau(double tau)
{
    return tau > 0.0 && std::isfinite(tau) ? std::optional(tau) : std::nullopt;
}

std::uint64_t histogramTotal(const std::vector<std::uint64_t> &histogram)
{
    std::uint64_t total = 0;
    for (const std::uint64_t count : histogram) {
        total += count;
    }
    return total;
}

/// The bin below which `kFloorShare` of the pilot's errors lie; at least 1, so that zeros are not
/// counted one by one.
std::uint32_t floorBin(const PairStatistics &pilot)
{
    const auto limit = kFloorShare * static_cast<double>(pilot.count);
    std::uint64_t below = 0;
    std::uint32_t bin = 0;
    while (bin < pilot.absErrorHistogram.size() &&
           static_cast<double>(below + pilot.absErrorHistogram[bin]) <= limit) {
        below += pilot.absErrorHistogram[bin++];
    }
    return std::max(bin, 1U);
}

/// Spreads the errors that were not counted over the bins below the floor as the pilot's are.
void fillBelowFloor(std::vector<std::uint64_t> &histogram, std::uint64_t missing,
                    const std::vector<std::uint64_t> &pilot, std::uint32_t floor)
{
    const std::size_t bins = std::min<std::size_t>(floor, pilot.size());
    std::uint64_t pilotTotal = 0;
    for (std::size_t bin = 0; bin < bins; ++bin) {
        pilotTotal += pilot[bin];
    }
    histogram.resize(std::max<std::size_t>(histogram.size(), std::max(bins, std::size_t{1})));
    std::uint64_t spread = 0;
    for (std::size_t bin = 0; bin < bins && pilotTotal > 0; ++bin) {
        const auto share = static_cast<double>(pilot[bin]) / static_cast<double>(pilotTotal);
        const auto count = std::min(
            missing - spread, static_cast<std::uint64_t>(share * static_cast<double>(missing)));
        histogram[bin] += count;
        spread += count;
    }
    histogram[0] += missing - spread;
}

PassOptions optionsFor(const TensorPairPlan &plan, const MetricSettings &settings)
{
    PassOptions options;
    options.accumulate.tolerance = {settings.atol, settings.rtol};
    options.accumulate.ulp = plan.ulp;
    options.accumulate.channels = plan.channels;
    options.accumulate.withHistogram = !plan.exactTypes;
    return options;
}

/// A pass that only takes relative errors, or only the histogram.
PassOptions extraPass(std::optional<double> tau, bool withHistogram)
{
    PassOptions options;
    options.accumulate.tau = tau;
    options.accumulate.exactRelative = true;
    options.accumulate.withHistogram = withHistogram;
    options.sumsOnly = true;
    return options;
}

Result<void> addRelative(const TensorPairPlan &plan, PassResult &result, const JobContext &job)
{
    const auto tau = usableTau(tauOf(result.total));
    if (!tau) {
        result.total.tau = 0.0;
        return {};
    }
    const auto relative = runPass(plan, extraPass(tau, false), job);
    if (!relative) {
        return relative.error();
    }
    result.total.sumRel = relative->total.sumRel;
    result.total.maxRel = relative->total.maxRel;
    result.total.tau = *tau;
    return {};
}

Result<PassResult> measureSmall(const TensorPairPlan &plan, const MetricSettings &settings,
                                const JobContext &job)
{
    auto result = runPass(plan, optionsFor(plan, settings), job);
    if (!result || plan.exactTypes) {
        return result;
    }
    const auto added = addRelative(plan, *result, job);
    return added ? std::move(result) : Result<PassResult>(added.error());
}

/// One pass whose τ and histogram floor come from a look at spread parts; what the full sums
/// then show to be off is measured again.
Result<PassResult> measureLarge(const TensorPairPlan &plan, const MetricSettings &settings,
                                const JobContext &job)
{
    PassOptions options = optionsFor(plan, settings);
    const auto pilot = runPilot(plan, job);
    if (!pilot) {
        return pilot.error();
    }
    options.accumulate.tau = usableTau(tauOf(pilot->total));
    options.accumulate.histogramFloor = floorBin(pilot->total);
    auto result = runPass(plan, options, job);
    if (!result) {
        return result;
    }
    PairStatistics &total = result->total;
    const double tau = tauOf(total);
    if (std::abs(total.tau - tau) > kTauTolerance * tau) {
        const auto added = addRelative(plan, *result, job);
        if (!added) {
            return added.error();
        }
    }
    const std::uint64_t counted = histogramTotal(total.absErrorHistogram);
    const auto needed = static_cast<std::uint64_t>(kNeededTail * static_cast<double>(total.count));
    if (counted > needed) {
        fillBelowFloor(total.absErrorHistogram, total.count - counted,
                       pilot->total.absErrorHistogram, options.accumulate.histogramFloor);
        return result;
    }
    auto full = runPass(plan, extraPass(std::nullopt, true), job);
    if (!full) {
        return full.error();
    }
    total.absErrorHistogram = std::move(full->total.absErrorHistogram);
    return result;
}

/// e/scale, where one scale applies to each channel or to all.
void addQuantizationError(const TensorPairPlan &plan, PassResult &result)
{
    const Quantization *quantization = plan.candidate->info().quantization.get();
    if (quantization == nullptr || quantization->blockSize > 0) {
        return;
    }
    PairStatistics &total = result.total;
    const std::vector<double> &scales = quantization->scales;
    double sum = 0.0;
    double scaleSum = 0.0;
    if (!quantization->axis) {
        sum = total.sumEE / (scales.front() * scales.front());
        scaleSum = std::abs(scales.front());
    } else if (scales.size() == result.channels.size() &&
               plan.candidate->info().shape == plan.reference->info().shape) {
        for (std::size_t i = 0; i < scales.size(); ++i) {
            sum += result.channels[i].sumEE / (scales[i] * scales[i]);
            scaleSum += std::abs(scales[i]) / static_cast<double>(scales.size());
        }
    }
    if (scaleSum > 0.0 && std::isfinite(sum)) {
        total.sumLsb2 = sum;
        total.meanScale = scaleSum;
    }
}

Result<Measured> measurePlanned(const TensorPairPlan &plan, bool isModelOutput,
                                const MetricSettings &settings, const JobContext &job)
{
    auto result = plan.elements > kLargeElements && !plan.exactTypes
                      ? measureLarge(plan, settings, job)
                      : measureSmall(plan, settings, job);
    if (!result) {
        return result.error();
    }
    addQuantizationError(plan, *result);
    PairStatistics &total = result->total;
    total.exactTypes = plan.exactTypes;
    if (isModelOutput && !plan.exactTypes) {
        const auto agreement = topAgreement(plan, job);
        if (!agreement) {
            return agreement.error();
        }
        total.top1Agreement = agreement->top1;
        total.top5Agreement = agreement->top5;
    }
    if (settings.withKl && !plan.exactTypes) {
        const auto divergence = klDivergence(plan, total, job);
        if (!divergence) {
            return divergence.error();
        }
        total.klDivergence = *divergence;
    }
    Measured measured;
    for (const ChannelSums &channel : result->channels) {
        measured.channels.push_back(channel.toStatistics());
    }
    measured.channelAxis = plan.channels.axis;
    measured.total = std::move(total);
    return measured;
}

} // namespace

Result<Measured> measurePair(const TensorPair &pair, const MetricSettings &settings,
                             const JobContext &job)
{
    try {
        if (hasSummary(pair)) {
            return measureSummaries(pair, settings, job);
        }
        const auto plan = planPair(pair);
        if (!plan) {
            return plan.error();
        }
        if (plan->state) {
            Measured measured;
            measured.state = plan->state;
            return measured;
        }
        return measurePlanned(*plan, pair.isModelOutput, settings, job);
    } catch (const std::bad_alloc &) {
        return Error{ErrorCode::Limit, "not enough memory to compare the tensors"};
    }
}

} // namespace syncpoint
