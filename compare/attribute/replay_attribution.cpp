#include "compare/attribute/replay_attribution.h"

#include <algorithm>

namespace syncpoint {
namespace {

// The estimate of noise that is not measured – of weights without counterpart, of a form of an
// input that was not compared – takes the op for a random sum; real ones are off by a factor.
constexpr double kEstimateFactor = 4.0;

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
        const ReplayEnergies &sums = point.all;
        if (!point.obstacle.empty() || sums.count == 0) {
            continue;
        }
        out.level = PointAttribution::Level::Replay;
        const auto excessOf = [&](const ReplayEnergies &of) {
            const double expected = expectedSquare(replayed, point, of);
            return expected > 0.0 ? perElement(of.introduced, of) / expected : 0.0;
        };
        out.excess = excessOf(sums);
        std::transform(point.samples.begin(), point.samples.end(),
                       std::back_inserter(out.sampleExcess), excessOf);
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
