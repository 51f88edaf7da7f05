#include "compare/attribute/replay_energies.h"

#include "core/tensor/decode.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace syncpoint {

void ReplayEnergies::merge(const ReplayEnergies &other)
{
    count += other.count;
    baseline += other.baseline;
    candidate += other.candidate;
    total += other.total;
    introduced += other.introduced;
    propagated += other.propagated;
    cross += other.cross;
    weights += other.weights;
    kernel += other.kernel;
    hasWeights = hasWeights || other.hasWeights;
    nonfinite += other.nonfinite;
    clipped += other.clipped;
    clippedInherited += other.clippedInherited;
}

ReplayEnergies splitError(const Tensor &baseline, const Tensor &candidate, const Tensor &replayed,
                          const Tensor *withWeights, const std::optional<QuantizedRange> &range)
{
    constexpr std::uint64_t kBlock = 4096;
    ReplayEnergies sums;
    sums.hasWeights = withWeights != nullptr;
    std::vector<double> r(kBlock);
    std::vector<double> c(kBlock);
    std::vector<double> f(kBlock);
    std::vector<double> g(kBlock);
    for (std::uint64_t first = 0; first < baseline.elements(); first += kBlock) {
        const auto length = static_cast<std::size_t>(std::min(kBlock, baseline.elements() - first));
        const auto read = [&](const Tensor &tensor, std::vector<double> &out) {
            decode(tensor.view(), first, std::span(out).first(length));
        };
        read(baseline, r);
        read(candidate, c);
        read(replayed, f);
        read(withWeights != nullptr ? *withWeights : replayed, g);
        for (std::size_t i = 0; i < length; ++i) {
            sums.nonfinite += !std::isfinite(c[i]) && std::isfinite(f[i]) ? 1U : 0U;
            if (!std::isfinite(r[i]) || !std::isfinite(c[i]) || !std::isfinite(f[i]) ||
                !std::isfinite(g[i])) {
                continue;
            }
            const double own = c[i] - f[i];
            const double passed = f[i] - r[i];
            ++sums.count;
            sums.baseline += r[i] * r[i];
            sums.candidate += c[i] * c[i];
            sums.total += (c[i] - r[i]) * (c[i] - r[i]);
            sums.introduced += own * own;
            sums.propagated += passed * passed;
            sums.cross += 2.0 * own * passed;
            sums.weights += (g[i] - f[i]) * (g[i] - f[i]);
            sums.kernel += (c[i] - g[i]) * (c[i] - g[i]);
            if (range && !range->holds(f[i])) {
                const bool isInherited = range->isMeantFor(r[i]);
                sums.clipped += isInherited ? 0U : 1U;
                sums.clippedInherited += isInherited ? own * own : 0.0;
            }
        }
    }
    return sums;
}

} // namespace syncpoint
