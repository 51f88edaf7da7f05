// Highway compiles this file once per instruction set and picks one at run time.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compare/metric/block_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <hwy/cache_control.h>

#include "compare/metric/block_kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>

HWY_BEFORE_NAMESPACE();
namespace syncpoint {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using DD = hn::ScalableTag<double>;
using DFHalf = hn::Rebind<float, DD>; // as many floats as a vector holds doubles
#if HWY_TARGET == HWY_SCALAR
using DF = DFHalf;
#else
using DF = hn::ScalableTag<float>;
#endif
constexpr std::size_t kPrefetchAhead = 1024; // elements

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

/// Sums of exact differences.
struct DoubleLanes
{
    hn::Vec<DD> r, c, e, absE, rr, cc, rc, ee, maxAbsE;
};

HWY_INLINE void clear(DoubleLanes &s)
{
    s.r = s.c = s.e = s.absE = s.rr = s.cc = s.rc = s.ee = s.maxAbsE = hn::Zero(DD());
}

HWY_INLINE void add(DoubleLanes &s, hn::Vec<DD> r, hn::Vec<DD> c)
{
    const auto e = hn::Sub(c, r);
    const auto absE = hn::Abs(e);
    s.r = hn::Add(s.r, r);
    s.c = hn::Add(s.c, c);
    s.e = hn::Add(s.e, e);
    s.absE = hn::Add(s.absE, absE);
    s.rr = hn::MulAdd(r, r, s.rr);
    s.cc = hn::MulAdd(c, c, s.cc);
    s.rc = hn::MulAdd(r, c, s.rc);
    s.ee = hn::MulAdd(e, e, s.ee);
    s.maxAbsE = hn::Max(s.maxAbsE, absE);
}

/// Extremes and comparisons in the type T of the operands: exact for float and for double.
template <class D>
struct CompareLanes
{
    hn::Vec<D> minR, maxR, minC, maxC;
    hn::Vec<D> atol, rtol;
    std::size_t violations, mismatches;
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
    s.violations = s.mismatches = 0;
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
    s.mismatches += hn::CountTrue(d, hn::Ne(r, c));
}

/// What needs no more than single precision.
template <class D>
struct FloatLanes
{
    hn::Vec<D> tau, sumRel, maxRel;
    hn::Vec<hn::RebindToUnsigned<D>> ulp;
    hn::Vec<hn::RebindToSigned<D>> belowFloor;
    std::size_t binCount;
};

template <class D>
HWY_INLINE void clear(FloatLanes<D> &s, const BlockRequest &request)
{
    const D d;
    s.tau = hn::Set(d, request.tau);
    s.sumRel = s.maxRel = hn::Zero(d);
    s.ulp = hn::Zero(hn::RebindToUnsigned<D>());
    s.belowFloor =
        hn::Set(hn::RebindToSigned<D>(), static_cast<std::int32_t>(request.binFloor) - 1);
    s.binCount = 0;
}

/// The encoding of a float as an integer that grows with the value.
template <class D>
HWY_INLINE hn::Vec<hn::RebindToSigned<D>> orderedKey(D, hn::Vec<D> value, hn::Vec<D> magnitude)
{
    const hn::RebindToSigned<D> di;
    const auto sign = hn::ShiftRight<31>(hn::BitCast(di, value));
    return hn::Sub(hn::Xor(hn::BitCast(di, magnitude), sign), sign);
}

template <class V>
HWY_INLINE V distance(V a, V b)
{
    return hn::Sub(hn::Max(a, b), hn::Min(a, b)); // wraps to the right uint32
}

template <class D>
HWY_INLINE void add(FloatLanes<D> &s, hn::Vec<D> r, hn::Vec<D> c, hn::Vec<D> absR, hn::Vec<D> absE,
                    const BlockRequest &request)
{
    const D d;
    const hn::RebindToSigned<D> di; // bins are below 2^15, and every target compares signed lanes
    const hn::RebindToUnsigned<D> du;
    if (request.bins != nullptr) {
        const auto bin = hn::ShiftRight<16>(hn::BitCast(di, absE));
        const auto isCounted = hn::RebindMask(du, hn::Gt(bin, s.belowFloor));
        // Faster than CompressStore, and the slack takes what is written too much.
        hn::StoreU(hn::Compress(hn::BitCast(du, bin), isCounted), du, request.bins + s.binCount);
        s.binCount += hn::CountTrue(du, isCounted);
    }
    if (request.tau > 0.0F) {
        const auto value = hn::Mul(absE, hn::ApproximateReciprocal(hn::Max(absR, s.tau)));
        s.sumRel = hn::Add(s.sumRel, value);
        s.maxRel = hn::Max(s.maxRel, value);
    }
    if (request.withUlp) {
        const auto steps = distance(orderedKey(d, r, absR), orderedKey(d, c, hn::Abs(c)));
        s.ulp = hn::Max(s.ulp, hn::BitCast(du, steps));
    }
}

template <typename R, typename C>
HWY_INLINE void addTail(const R *r, const C *c, std::size_t n, const BlockRequest &request,
                        BlockSums &out)
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
        const std::uint32_t bin = std::bit_cast<std::uint32_t>(static_cast<float>(absE)) >> 16;
        if (request.bins != nullptr && bin >= request.binFloor) {
            request.bins[out.binCount++] = bin;
        }
        if (request.tau > 0.0F) {
            const double value = absE / std::max(std::abs(rv), static_cast<double>(request.tau));
            out.sumRel += value;
            out.maxRel = std::max(out.maxRel, value);
        }
        if (request.withUlp) {
            const auto key = [](double value) {
                const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(value));
                return (bits >> 31) != 0 ? 0x80000000U - (bits & 0x7FFFFFFFU) : 0x80000000U + bits;
            };
            out.ulpMax =
                std::max(out.ulpMax, std::max(key(rv), key(cv)) - std::min(key(rv), key(cv)));
        }
    }
}

template <class D>
HWY_INLINE void store(const DoubleLanes &sums, const CompareLanes<D> &compared, BlockSums &out)
{
    const D d;
    out.sumR = total(sums.r);
    out.sumC = total(sums.c);
    out.sumE = total(sums.e);
    out.sumAbsE = total(sums.absE);
    out.sumRR = total(sums.rr);
    out.sumCC = total(sums.cc);
    out.sumRC = total(sums.rc);
    out.sumEE = total(sums.ee);
    out.maxAbsE = hn::GetLane(hn::MaxOfLanes(DD(), sums.maxAbsE));
    out.minR = static_cast<double>(hn::GetLane(hn::MinOfLanes(d, compared.minR)));
    out.maxR = static_cast<double>(hn::GetLane(hn::MaxOfLanes(d, compared.maxR)));
    out.minC = static_cast<double>(hn::GetLane(hn::MinOfLanes(d, compared.minC)));
    out.maxC = static_cast<double>(hn::GetLane(hn::MaxOfLanes(d, compared.maxC)));
    out.violations = compared.violations;
    out.mismatches = compared.mismatches;
}

template <class D>
HWY_INLINE void store(const FloatLanes<D> &lanes, BlockSums &out)
{
    const D d;
    const hn::RebindToUnsigned<D> du;
    out.sumRel = static_cast<double>(hn::GetLane(hn::SumOfLanes(d, lanes.sumRel)));
    out.maxRel = static_cast<double>(hn::GetLane(hn::MaxOfLanes(d, lanes.maxRel)));
    out.ulpMax = hn::GetLane(hn::MaxOfLanes(du, lanes.ulp));
    out.binCount = lanes.binCount;
}

/// Whole vectors of floats against floats: sums in double, two halves per step, the rest in single
/// precision, as numpy does with such arrays.
HWY_INLINE std::size_t addVectors(const float *HWY_RESTRICT r, const float *HWY_RESTRICT c,
                                  std::size_t n, const BlockRequest &request, BlockSums &out)
{
    const DD dd;
    const DF d;
    const std::size_t lanes = hn::Lanes(d);
    const std::size_t half = hn::Lanes(dd);
    DoubleLanes sums;
    CompareLanes<DF> compared;
    FloatLanes<DF> floats;
    clear(sums);
    clear(compared, request.tolerance);
    clear(floats, request);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
#pragma GCC unroll 2
        for (std::size_t k = 0; k < lanes; k += half) {
            add(sums, loadDouble(dd, r + i + k), loadDouble(dd, c + i + k));
        }
        // The hardware's own prefetching stops at pages, and two streams have many.
        hwy::Prefetch(r + i + kPrefetchAhead);
        hwy::Prefetch(c + i + kPrefetchAhead);
        const auto rv = hn::LoadU(d, r + i);
        const auto cv = hn::LoadU(d, c + i);
        const auto absR = hn::Abs(rv);
        const auto absE = hn::Abs(hn::Sub(cv, rv));
        add(compared, rv, cv, absR, absE);
        add(floats, rv, cv, absR, absE, request);
    }
    if (i > 0) {
        store(sums, compared, out);
        store(floats, out);
    }
    return i;
}

/// At least one side in double: all in double but what is rounded anyway.
template <typename R, typename C>
HWY_INLINE std::size_t addVectors(const R *HWY_RESTRICT r, const C *HWY_RESTRICT c, std::size_t n,
                                  const BlockRequest &options, BlockSums &out)
{
    const BlockRequest request = options; // a copy, which stores to bins cannot change
    const DD dd;
    const DFHalf d;
    const std::size_t lanes = hn::Lanes(dd);
    DoubleLanes sums;
    CompareLanes<DD> compared;
    FloatLanes<DFHalf> floats;
    clear(sums);
    clear(compared, request.tolerance);
    clear(floats, request);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        const auto rv = loadDouble(dd, r + i);
        const auto cv = loadDouble(dd, c + i);
        const auto absR = hn::Abs(rv);
        const auto absE = hn::Abs(hn::Sub(cv, rv));
        add(sums, rv, cv);
        add(compared, rv, cv, absR, absE);
        const auto rf = hn::DemoteTo(d, rv);
        add(floats, rf, rf, hn::Abs(rf), hn::DemoteTo(d, absE), request);
    }
    if (i > 0) {
        store(sums, compared, out);
        store(floats, out);
    }
    return i;
}

template <typename R, typename C>
HWY_INLINE BlockSums sumBlockImpl(const R *r, const C *c, std::size_t n,
                                  const BlockRequest &request)
{
    BlockSums out;
    const std::size_t done = addVectors(r, c, n, request, out);
    addTail(r + done, c + done, n - done, request, out);
    return out;
}

template <typename R, typename C>
HWY_INLINE RelativeSums relativeImpl(const R *HWY_RESTRICT r, const C *HWY_RESTRICT c,
                                     std::size_t n, double tau)
{
    const DD d;
    const std::size_t lanes = hn::Lanes(d);
    const auto floorR = hn::Set(d, tau);
    auto sum = hn::Zero(d);
    auto max = hn::Zero(d);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        const auto rv = loadDouble(d, r + i);
        const auto value =
            hn::Div(hn::Abs(hn::Sub(loadDouble(d, c + i), rv)), hn::Max(hn::Abs(rv), floorR));
        sum = hn::Add(sum, value);
        max = hn::Max(max, value);
    }
    RelativeSums out{total(sum), hn::GetLane(hn::MaxOfLanes(d, max))};
    for (; i < n; ++i) {
        const auto rv = static_cast<double>(r[i]);
        const double value = std::abs(static_cast<double>(c[i]) - rv) / std::max(std::abs(rv), tau);
        out.sum += value;
        out.max = std::max(out.max, value);
    }
    return out;
}

/// Rounds to the 16-bit type; the encodings are ordered as those of float32 are.
template <UlpType type>
HWY_INLINE hn::Vec<hn::RebindToSigned<DF>> orderedKey16(hn::Vec<DF> value)
{
    const DF d;
    const hn::RebindToUnsigned<DF> du;
    auto magnitude = hn::BitCast(du, hn::Abs(value));
    if constexpr (type == UlpType::BFloat16) {
        const auto odd = hn::And(hn::ShiftRight<16>(magnitude), hn::Set(du, 1U));
        magnitude = hn::ShiftRight<16>(hn::Add(hn::Add(magnitude, hn::Set(du, 0x7FFFU)), odd));
    } else {
        const hn::Rebind<hwy::float16_t, DF> dh;
        const hn::Rebind<std::uint16_t, DF> dh16;
        magnitude = hn::PromoteTo(du, hn::BitCast(dh16, hn::DemoteTo(dh, hn::Abs(value))));
    }
    return orderedKey(d, value, hn::BitCast(d, magnitude));
}

template <UlpType type>
HWY_INLINE std::uint32_t ulpMaxImpl(const float *HWY_RESTRICT r, const float *HWY_RESTRICT c,
                                    std::size_t n)
{
    const DF d;
    const hn::RebindToUnsigned<DF> du;
    const std::size_t lanes = hn::Lanes(d);
    auto worst = hn::Zero(du);
    const auto step = [&](const float *rp, const float *cp) HWY_ATTR {
        const auto steps =
            distance(orderedKey16<type>(hn::LoadU(d, rp)), orderedKey16<type>(hn::LoadU(d, cp)));
        worst = hn::Max(worst, hn::BitCast(du, steps));
    };
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        step(r + i, c + i);
    }
    if (i < n) {
        HWY_ALIGN float tailR[HWY_MAX_BYTES / sizeof(float)] = {};
        HWY_ALIGN float tailC[HWY_MAX_BYTES / sizeof(float)] = {};
        std::copy(r + i, r + n, tailR);
        std::copy(c + i, c + n, tailC);
        step(tailR, tailC);
    }
    return hn::GetLane(hn::MaxOfLanes(du, worst));
}

std::uint32_t ulpHalf(const float *r, const float *c, std::size_t n)
{
    return ulpMaxImpl<UlpType::Float16>(r, c, n);
}
std::uint32_t ulpBFloat16(const float *r, const float *c, std::size_t n)
{
    return ulpMaxImpl<UlpType::BFloat16>(r, c, n);
}

BlockSums sumFloatFloat(const float *r, const float *c, std::size_t n, const BlockRequest &request)
{
    return sumBlockImpl(r, c, n, request);
}
RelativeSums relativeFloatFloat(const float *r, const float *c, std::size_t n, double tau)
{
    return relativeImpl(r, c, n, tau);
}

BlockSums sumFloatDouble(const float *r, const double *c, std::size_t n,
                         const BlockRequest &request)
{
    return sumBlockImpl(r, c, n, request);
}
RelativeSums relativeFloatDouble(const float *r, const double *c, std::size_t n, double tau)
{
    return relativeImpl(r, c, n, tau);
}

BlockSums sumDoubleFloat(const double *r, const float *c, std::size_t n,
                         const BlockRequest &request)
{
    return sumBlockImpl(r, c, n, request);
}
RelativeSums relativeDoubleFloat(const double *r, const float *c, std::size_t n, double tau)
{
    return relativeImpl(r, c, n, tau);
}

BlockSums sumDoubleDouble(const double *r, const double *c, std::size_t n,
                          const BlockRequest &request)
{
    return sumBlockImpl(r, c, n, request);
}
RelativeSums relativeDoubleDouble(const double *r, const double *c, std::size_t n, double tau)
{
    return relativeImpl(r, c, n, tau);
}

} // namespace HWY_NAMESPACE
} // namespace syncpoint
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace syncpoint {
HWY_EXPORT(sumFloatFloat);
HWY_EXPORT(relativeFloatFloat);
HWY_EXPORT(sumFloatDouble);
HWY_EXPORT(relativeFloatDouble);
HWY_EXPORT(sumDoubleFloat);
HWY_EXPORT(relativeDoubleFloat);
HWY_EXPORT(sumDoubleDouble);
HWY_EXPORT(relativeDoubleDouble);
HWY_EXPORT(ulpHalf);
HWY_EXPORT(ulpBFloat16);

BlockSums sumBlock(const float *r, const float *c, std::size_t n, const BlockRequest &request)
{
    return HWY_DYNAMIC_DISPATCH(sumFloatFloat)(r, c, n, request);
}
RelativeSums relativeSums(const float *r, const float *c, std::size_t n, double tau)
{
    return HWY_DYNAMIC_DISPATCH(relativeFloatFloat)(r, c, n, tau);
}

BlockSums sumBlock(const float *r, const double *c, std::size_t n, const BlockRequest &request)
{
    return HWY_DYNAMIC_DISPATCH(sumFloatDouble)(r, c, n, request);
}
RelativeSums relativeSums(const float *r, const double *c, std::size_t n, double tau)
{
    return HWY_DYNAMIC_DISPATCH(relativeFloatDouble)(r, c, n, tau);
}

BlockSums sumBlock(const double *r, const float *c, std::size_t n, const BlockRequest &request)
{
    return HWY_DYNAMIC_DISPATCH(sumDoubleFloat)(r, c, n, request);
}
RelativeSums relativeSums(const double *r, const float *c, std::size_t n, double tau)
{
    return HWY_DYNAMIC_DISPATCH(relativeDoubleFloat)(r, c, n, tau);
}

BlockSums sumBlock(const double *r, const double *c, std::size_t n, const BlockRequest &request)
{
    return HWY_DYNAMIC_DISPATCH(sumDoubleDouble)(r, c, n, request);
}
RelativeSums relativeSums(const double *r, const double *c, std::size_t n, double tau)
{
    return HWY_DYNAMIC_DISPATCH(relativeDoubleDouble)(r, c, n, tau);
}

std::uint32_t ulpMax(const float *r, const float *c, std::size_t n, UlpType type)
{
    return type == UlpType::Float16 ? HWY_DYNAMIC_DISPATCH(ulpHalf)(r, c, n)
                                    : HWY_DYNAMIC_DISPATCH(ulpBFloat16)(r, c, n);
}
} // namespace syncpoint
#endif
