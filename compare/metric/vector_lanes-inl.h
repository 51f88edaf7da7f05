// What the summing kernels share; compiled once per instruction set, hence the guard of Highway.
#if defined(SYNCPOINT_COMPARE_METRIC_VECTOR_LANES_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef SYNCPOINT_COMPARE_METRIC_VECTOR_LANES_INL_H
#undef SYNCPOINT_COMPARE_METRIC_VECTOR_LANES_INL_H
#else
#define SYNCPOINT_COMPARE_METRIC_VECTOR_LANES_INL_H
#endif

#include <hwy/highway.h>

#include "compare/metric/block_kernels.h"

HWY_BEFORE_NAMESPACE();
namespace syncpoint {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using DD = hn::ScalableTag<double>;
using DFHalf = hn::Rebind<float, DD>; // as many floats as a vector holds doubles

HWY_INLINE hn::Vec<DD> loadDouble(DD d, const float *p)
{
    return hn::PromoteTo(d, hn::LoadU(DFHalf(), p));
}
HWY_INLINE hn::Vec<DD> loadDouble(DD d, const double *p)
{
    return hn::LoadU(d, p);
}

HWY_INLINE double total(hn::Vec<DD> v)
{
    return hn::GetLane(hn::SumOfLanes(DD(), v));
}

/// Extremes and comparisons in the type T of the operands: exact for float and for double.
template <class D>
struct CompareLanes
{
    hn::Vec<D> minR, maxR, minC, maxC;
    hn::Vec<D> atol, rtol;
    std::size_t violations;
};

template <class D>
HWY_INLINE void clear(CompareLanes<D> &s, Tolerance tolerance)
{
    using T = hn::TFromD<D>;
    const D d;
    s.minR = s.minC = hn::Set(d, std::numeric_limits<T>::infinity());
    s.maxR = s.maxC = hn::Set(d, -std::numeric_limits<T>::infinity());
    s.atol = hn::Set(d, static_cast<T>(tolerance.absolute));
    s.rtol = hn::Set(d, static_cast<T>(tolerance.relative));
    s.violations = 0;
}

template <class D>
HWY_INLINE void add(CompareLanes<D> &s, hn::Vec<D> r, hn::Vec<D> c, hn::Vec<D> absR,
                    hn::Vec<D> absE)
{
    const D d;
    s.minR = hn::Min(s.minR, r);
    s.maxR = hn::Max(s.maxR, r);
    s.minC = hn::Min(s.minC, c);
    s.maxC = hn::Max(s.maxC, c);
    s.violations += hn::CountTrue(d, hn::Gt(absE, hn::MulAdd(s.rtol, absR, s.atol)));
}

template <class D>
HWY_INLINE void store(const CompareLanes<D> &s, BlockSums &out)
{
    const D d;
    out.minR = static_cast<double>(hn::GetLane(hn::MinOfLanes(d, s.minR)));
    out.maxR = static_cast<double>(hn::GetLane(hn::MaxOfLanes(d, s.maxR)));
    out.minC = static_cast<double>(hn::GetLane(hn::MinOfLanes(d, s.minC)));
    out.maxC = static_cast<double>(hn::GetLane(hn::MaxOfLanes(d, s.maxC)));
    out.violations = s.violations;
}

/// What needs no more than single precision.
template <class D>
struct FloatLanes
{
    hn::Vec<D> errorFloor, tau, sumRel, maxRel;
    hn::Vec<hn::RebindToSigned<D>> ulp;
    float *errors;
    std::size_t errorCount;
    bool withRelative, withUlp;
};

template <class D>
HWY_INLINE void clear(FloatLanes<D> &s, const BlockRequest &request)
{
    const D d;
    s.errorFloor = hn::Set(d, request.errorFloor);
    s.tau = hn::Set(d, request.tau);
    s.sumRel = s.maxRel = hn::Zero(d);
    s.ulp = hn::Set(hn::RebindToSigned<D>(), std::numeric_limits<std::int32_t>::min());
    s.errors = request.errors;
    s.errorCount = 0;
    s.withRelative = request.tau > 0.0F;
    s.withUlp = request.withUlp;
}

/// Distance of the encodings minus 2^31, so that a signed maximum finds the largest. Encodings of
/// equal signs differ by as much as their magnitudes; of unequal signs their magnitudes add up, and
/// the one sign bit in the sum is the 2^31.
template <class D>
HWY_INLINE hn::Vec<hn::RebindToSigned<D>> biasedUlps(D, hn::Vec<D> r, hn::Vec<D> c)
{
    const hn::RebindToSigned<D> di;
    const auto rBits = hn::BitCast(di, r);
    const auto cBits = hn::BitCast(di, c);
    const auto bias = hn::Set(di, std::numeric_limits<std::int32_t>::min());
    const auto sameSign = hn::Add(hn::Abs(hn::Sub(rBits, cBits)), bias);
    const auto signsDiffer = hn::Lt(hn::Xor(rBits, cBits), hn::Zero(di));
    return hn::IfThenElse(signsDiffer, hn::Add(rBits, cBits), sameSign);
}

template <class D>
HWY_INLINE void add(FloatLanes<D> &s, hn::Vec<D> r, hn::Vec<D> c, hn::Vec<D> absR, hn::Vec<D> absE)
{
    const D d;
    if (s.errors != nullptr) {
        const auto isCounted = hn::Ge(absE, s.errorFloor);
        // Faster than CompressStore, and the slack takes what is written too much.
        hn::StoreU(hn::Compress(absE, isCounted), d, s.errors + s.errorCount);
        s.errorCount += hn::CountTrue(d, isCounted);
    }
    if (s.withRelative) {
        const auto value = hn::Mul(absE, hn::ApproximateReciprocal(hn::Max(absR, s.tau)));
        s.sumRel = hn::Add(s.sumRel, value);
        s.maxRel = hn::Max(s.maxRel, value);
    }
    if (s.withUlp) {
        s.ulp = hn::Max(s.ulp, biasedUlps(d, r, c));
    }
}

template <class D>
HWY_INLINE void store(const FloatLanes<D> &s, BlockSums &out)
{
    const D d;
    out.sumRel = static_cast<double>(hn::GetLane(hn::SumOfLanes(d, s.sumRel)));
    out.maxRel = static_cast<double>(hn::GetLane(hn::MaxOfLanes(d, s.maxRel)));
    const auto biased = hn::GetLane(hn::MaxOfLanes(hn::RebindToSigned<D>(), s.ulp));
    out.ulpMax = static_cast<std::uint32_t>(biased) ^ 0x80000000U;
    out.errorCount = s.errorCount;
}

} // namespace HWY_NAMESPACE
} // namespace syncpoint
HWY_AFTER_NAMESPACE();
#endif
