#include "compare/metric/block_kernels.h"

#include "compare/metric/sum_kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <type_traits>

namespace syncpoint {
namespace {

/// Shorter runs are too quick to matter and get the exact sums.
constexpr std::size_t kMinSingle = 512;
/// Between these all squares and sums of a run fit float, but for what is 1e-7 of them at most.
constexpr double kLargestSingle = 1e18;
constexpr double kLeastSingle = 1e-14;
/// Mean² over variance. Formulas of the variance lose as much of the precision of the sums.
constexpr double kMaxMeanShare = 32.0;

std::uint32_t orderedKey(double value)
{
    const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(value));
    return (bits >> 31) != 0 ? 0x80000000U - (bits & 0x7FFFFFFFU) : 0x80000000U + bits;
}

template <typename R, typename C>
void addTail(const R *r, const C *c, std::size_t n, const BlockRequest &request, BlockSums &out)
{
    for (std::size_t i = 0; i < n; ++i) {
        const auto rv = static_cast<double>(r[i]);
        const auto cv = static_cast<double>(c[i]);
        const double e = cv - rv;
        const double absE = std::abs(e);
        out.sumR += rv;
        out.sumC += cv;
        out.sumE += e;
        out.sumAbsE += absE;
        out.sumRR += rv * rv;
        out.sumCC += cv * cv;
        out.sumRC += rv * cv;
        out.sumEE += e * e;
        out.minR = std::min(out.minR, rv);
        out.maxR = std::max(out.maxR, rv);
        out.minC = std::min(out.minC, cv);
        out.maxC = std::max(out.maxC, cv);
        out.maxAbsE = std::max(out.maxAbsE, absE);
        out.violations +=
            absE > request.tolerance.absolute + request.tolerance.relative * std::abs(rv);
        out.mismatches += rv != cv;
        const auto single = static_cast<float>(absE);
        if (request.errors != nullptr && single >= request.errorFloor) {
            request.errors[out.errorCount++] = single;
        }
        if (request.tau > 0.0F) {
            const double value = absE / std::max(std::abs(rv), static_cast<double>(request.tau));
            out.sumRel += value;
            out.maxRel = std::max(out.maxRel, value);
        }
        if (request.withUlp) {
            const std::uint32_t rKey = orderedKey(rv);
            const std::uint32_t cKey = orderedKey(cv);
            out.ulpMax = std::max(out.ulpMax, rKey > cKey ? rKey - cKey : cKey - rKey);
        }
    }
}

bool isSpread(double sum, double squares, std::size_t n)
{
    return static_cast<double>(n) * squares >= sum * sum * (1.0 + 1.0 / kMaxMeanShare);
}

/// Whether single precision was enough for these sums of `n` elements.
bool isAccurate(const BlockSums &s, std::size_t n, bool areFloats)
{
    if (!std::isfinite(s.sumRR) || !std::isfinite(s.sumCC)) {
        return false;
    }
    const double absR = std::max(-s.minR, s.maxR);
    const double absC = std::max(-s.minC, s.maxC);
    // Rounding a double to float can make a zero of it.
    const auto isInRange = [&](double largest, bool isZeroExact) {
        return largest == 0.0 ? isZeroExact : largest >= kLeastSingle && largest <= kLargestSingle;
    };
    return isInRange(absR, areFloats) && isInRange(absC, areFloats) &&
           isInRange(s.maxAbsE, s.mismatches == 0) && isSpread(s.sumR, s.sumRR, n) &&
           isSpread(s.sumC, s.sumCC, n);
}

template <typename R, typename C>
BlockSums sumAnyBlock(const R *r, const C *c, std::size_t n, const BlockRequest &request)
{
    constexpr bool areFloats = std::is_same_v<R, float> && std::is_same_v<C, float>;
    BlockSums out;
    std::size_t done = n >= kMinSingle ? sumSingle(r, c, n, request, out) : 0;
    out.isSingle = done > 0 && isAccurate(out, done, areFloats);
    if (!out.isSingle) {
        out = {};
        done = sumDouble(r, c, n, request, out);
    }
    addTail(r + done, c + done, n - done, request, out);
    return out;
}

} // namespace

BlockSums sumBlock(const float *r, const float *c, std::size_t n, const BlockRequest &request)
{
    return sumAnyBlock(r, c, n, request);
}
BlockSums sumBlock(const float *r, const double *c, std::size_t n, const BlockRequest &request)
{
    return sumAnyBlock(r, c, n, request);
}
BlockSums sumBlock(const double *r, const float *c, std::size_t n, const BlockRequest &request)
{
    return sumAnyBlock(r, c, n, request);
}
BlockSums sumBlock(const double *r, const double *c, std::size_t n, const BlockRequest &request)
{
    return sumAnyBlock(r, c, n, request);
}

} // namespace syncpoint
