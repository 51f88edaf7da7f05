#include "compare/attribute/replay_attribution.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace syncpoint {
namespace {

// The estimate of noise that is not measured – of weights without counterpart, of a form of an
// input that was not compared – takes the op for a random sum; real ones are off by a factor.
constexpr double kEstimateFactor = 4.0;
constexpr double kClippedShare = 0.01;

double perElement(double sum, const ReplayEnergies &of)
{
    return of.count > 0 ? sum / static_cast<double>(of.count) : 0.0;
}

/// Mean square error that the formats promise (docs/attribution.md, "Excess").
double expectedSquare(std::span<const ReplayedPoint> all, const ReplayedPoint &point,
                      const ReplayEnergies &sums)
{
    const double signal = perElement(std::max(sums.baseline, sums.candidate), sums);
    double expected = point.promise.stepSquare / 12.0 + point.promise.floor * signal +
                      perElement(sums.weights, sums) / std::max(1.0, point.weightExcess) +
                      kEstimateFactor * point.unpairedNoise * signal;
    for (const auto &[input, square] : point.promise.unseenInputs) {
        const ReplayEnergies &read = all[input.index()].all;
        const double size = perElement(read.baseline, read);
        expected += size > 0.0 ? kEstimateFactor * square / size * signal : 0.0;
    }
    return expected;
}

void addHints(const ReplayedPoint &point, PointAttribution &out)
{
    const ReplayEnergies &sums = point.all;
    const auto &range = point.promise.range;
    const double clipped = perElement(static_cast<double>(sums.clipped), sums);
    if (range && clipped > kClippedShare) {
        out.hints.push_back(fmt::format(
            "clipped: {:.1f} % of the baseline's values lie outside {:.4g} … {:.4g}, all that the "
            "candidate's integers hold",
            100.0 * clipped, range->low, range->high));
    }
    if (!out.excess || *out.excess <= kExcessLimit) {
        return;
    }
    out.hints.push_back(fmt::format(
        "it introduces {:.3g} times the error that its number formats promise", *out.excess));
    if (sums.hasWeights && sums.weights > 0.9 * sums.introduced) {
        out.hints.emplace_back("nearly all of that comes from its weights");
    }
}

} // namespace

void applyReplay(std::span<const ReplayedPoint> replayed, std::span<PointAttribution> attributions)
{
    for (std::size_t i = 0; i < replayed.size(); ++i) {
        const ReplayedPoint &point = replayed[i];
        PointAttribution &out = attributions[i];
        out.faults = point.faults;
        out.faults.insert(out.faults.end(), point.promise.faults.begin(),
                          point.promise.faults.end());
        out.obstacle = point.obstacle;
        out.region.insert(out.region.end(), point.views.begin(), point.views.end());
        const ReplayEnergies &sums = point.all;
        if (!point.obstacle.empty() || sums.count == 0) {
            continue;
        }
        out.level = PointAttribution::Level::Replay;
        out.losesFinite = sums.nonfinite > 0;
        const auto excessOf = [&](const ReplayEnergies &of) {
            const double expected = expectedSquare(replayed, point, of);
            const double own = of.introduced - of.clippedInherited;
            return expected > 0.0 ? perElement(own, of) / expected : 0.0;
        };
        if (point.knowsWeights) {
            out.excess = excessOf(sums);
            std::transform(point.samples.begin(), point.samples.end(),
                           std::back_inserter(out.sampleExcess), excessOf);
        }
        addHints(point, out);
        if (!(sums.baseline > 0.0)) {
            continue;
        }
        out.introduced = sums.introduced / sums.baseline;
        out.propagated = sums.propagated / sums.baseline;
        out.cross = sums.cross / sums.baseline;
        if (sums.hasWeights) {
            out.weightPart = sums.weights / sums.baseline;
            out.kernelPart = sums.kernel / sums.baseline;
        }
    }
}

} // namespace syncpoint
