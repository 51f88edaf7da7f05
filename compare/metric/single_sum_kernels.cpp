// Highway compiles this file once per instruction set and picks one at run time.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compare/metric/single_sum_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <hwy/cache_control.h>

#include "compare/metric/sum_kernels.h"
#include "compare/metric/vector_lanes-inl.h"

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace syncpoint {
namespace HWY_NAMESPACE {
// One lane per target cannot be split in halves; there sumDouble() does everything.
#if HWY_TARGET != HWY_SCALAR
using DF = hn::ScalableTag<float>;

constexpr std::size_t kPrefetchAhead = 512; // elements
/// Additions in single precision per lane before the lane goes into a sum in double.
constexpr std::size_t kVectorsPerPart = 32;

/// The eight sums, in single precision over a part and in double over the parts.
struct SumLanes
{
    hn::Vec<DF> r, c, e, absE, rr, cc, rc, ee;
};
struct PartLanes
{
    hn::Vec<DD> r, c, e, absE, rr, cc, rc, ee;
};

HWY_INLINE void clear(SumLanes &s)
{
    s.r = s.c = s.e = s.absE = s.rr = s.cc = s.rc = s.ee = hn::Zero(DF());
}
HWY_INLINE void clear(PartLanes &s)
{
    s.r = s.c = s.e = s.absE = s.rr = s.cc = s.rc = s.ee = hn::Zero(DD());
}

HWY_INLINE void add(SumLanes &s, hn::Vec<DF> r, hn::Vec<DF> c, hn::Vec<DF> e, hn::Vec<DF> absE)
{
    s.r = hn::Add(s.r, r);
    s.c = hn::Add(s.c, c);
    s.e = hn::Add(s.e, e);
    s.absE = hn::Add(s.absE, absE);
    s.rr = hn::MulAdd(r, r, s.rr);
    s.cc = hn::MulAdd(c, c, s.cc);
    s.rc = hn::MulAdd(r, c, s.rc);
    s.ee = hn::MulAdd(e, e, s.ee);
}

HWY_INLINE void widen(hn::Vec<DD> &sum, hn::Vec<DF> part)
{
    const DD dd;
    const auto lower = hn::PromoteTo(dd, hn::LowerHalf(DFHalf(), part));
    const auto upper = hn::PromoteTo(dd, hn::UpperHalf(DFHalf(), part));
    sum = hn::Add(sum, hn::Add(lower, upper));
}

HWY_INLINE void add(PartLanes &s, const SumLanes &part)
{
    widen(s.r, part.r);
    widen(s.c, part.c);
    widen(s.e, part.e);
    widen(s.absE, part.absE);
    widen(s.rr, part.rr);
    widen(s.cc, part.cc);
    widen(s.rc, part.rc);
    widen(s.ee, part.ee);
}

HWY_INLINE void store(const PartLanes &s, BlockSums &out)
{
    out.sumR = total(s.r);
    out.sumC = total(s.c);
    out.sumE = total(s.e);
    out.sumAbsE = total(s.absE);
    out.sumRR = total(s.rr);
    out.sumCC = total(s.cc);
    out.sumRC = total(s.rc);
    out.sumEE = total(s.ee);
}

struct Loaded
{
    hn::Vec<DF> r, c, e;
    std::size_t mismatches;
};

HWY_INLINE hn::Vec<DF> rounded(hn::Vec<DD> lower, hn::Vec<DD> upper)
{
    const DFHalf half;
    return hn::Combine(DF(), hn::DemoteTo(half, upper), hn::DemoteTo(half, lower));
}
HWY_INLINE hn::Vec<DF> loadFloat(const float *p)
{
    return hn::LoadU(DF(), p);
}
HWY_INLINE hn::Vec<DF> loadFloat(const double *p)
{
    const DD dd;
    return rounded(hn::LoadU(dd, p), hn::LoadU(dd, p + hn::Lanes(dd)));
}

/// The difference of floats is exact when they are close and else off by 2^-24 of itself.
HWY_INLINE Loaded load(const float *r, const float *c)
{
    const DF d;
    const auto rv = hn::LoadU(d, r);
    const auto cv = hn::LoadU(d, c);
    return {rv, cv, hn::Sub(cv, rv), hn::CountTrue(d, hn::Ne(rv, cv))};
}
/// With doubles the difference is taken first and rounded then, so that small ones stay right.
template <typename R, typename C>
HWY_INLINE Loaded load(const R *r, const C *c)
{
    const DD dd;
    const std::size_t half = hn::Lanes(dd);
    const auto r0 = loadDouble(dd, r);
    const auto r1 = loadDouble(dd, r + half);
    const auto c0 = loadDouble(dd, c);
    const auto c1 = loadDouble(dd, c + half);
    return {loadFloat(r), loadFloat(c), rounded(hn::Sub(c0, r0), hn::Sub(c1, r1)),
            hn::CountTrue(dd, hn::Ne(r0, c0)) + hn::CountTrue(dd, hn::Ne(r1, c1))};
}

template <typename R, typename C>
HWY_INLINE std::size_t sumImpl(const R *HWY_RESTRICT r, const C *HWY_RESTRICT c, std::size_t n,
                               const BlockRequest &request, BlockSums &out)
{
    const DF d;
    const std::size_t lanes = hn::Lanes(d);
    const std::size_t whole = n - n % lanes;
    PartLanes sums;
    CompareLanes<DF> compared;
    FloatLanes<DF> floats;
    clear(sums);
    clear(compared, request.tolerance);
    clear(floats, request);
    auto maxAbsE = hn::Zero(d);
    std::size_t mismatches = 0;
    for (std::size_t i = 0; i < whole;) {
        const std::size_t end = std::min(whole, i + kVectorsPerPart * lanes);
        SumLanes part;
        clear(part);
        for (; i < end; i += lanes) {
            // The hardware's own prefetching stops at pages, and two streams have many.
            hwy::Prefetch(r + i + kPrefetchAhead);
            hwy::Prefetch(c + i + kPrefetchAhead);
            const Loaded v = load(r + i, c + i);
            const auto absR = hn::Abs(v.r);
            const auto absE = hn::Abs(v.e);
            add(part, v.r, v.c, v.e, absE);
            add(compared, v.r, v.c, absR, absE);
            add(floats, v.r, v.c, absR, absE);
            maxAbsE = hn::Max(maxAbsE, absE);
            mismatches += v.mismatches;
        }
        add(sums, part);
    }
    if (whole > 0) {
        store(sums, out);
        store(compared, out);
        store(floats, out);
        out.maxAbsE = static_cast<double>(hn::GetLane(hn::MaxOfLanes(d, maxAbsE)));
        out.mismatches = mismatches;
    }
    return whole;
}
#else
template <typename R, typename C>
std::size_t sumImpl(const R *, const C *, std::size_t, const BlockRequest &, BlockSums &)
{
    return 0;
}
#endif

std::size_t sumSingleFloatFloat(const float *r, const float *c, std::size_t n,
                                const BlockRequest &request, BlockSums &out)
{
    return sumImpl(r, c, n, request, out);
}
std::size_t sumSingleFloatDouble(const float *r, const double *c, std::size_t n,
                                 const BlockRequest &request, BlockSums &out)
{
    return sumImpl(r, c, n, request, out);
}
std::size_t sumSingleDoubleFloat(const double *r, const float *c, std::size_t n,
                                 const BlockRequest &request, BlockSums &out)
{
    return sumImpl(r, c, n, request, out);
}
std::size_t sumSingleDoubleDouble(const double *r, const double *c, std::size_t n,
                                  const BlockRequest &request, BlockSums &out)
{
    return sumImpl(r, c, n, request, out);
}

} // namespace HWY_NAMESPACE
} // namespace syncpoint
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace syncpoint {
HWY_EXPORT(sumSingleFloatFloat);
HWY_EXPORT(sumSingleFloatDouble);
HWY_EXPORT(sumSingleDoubleFloat);
HWY_EXPORT(sumSingleDoubleDouble);

std::size_t sumSingle(const float *r, const float *c, std::size_t n, const BlockRequest &request,
                      BlockSums &out)
{
    return HWY_DYNAMIC_DISPATCH(sumSingleFloatFloat)(r, c, n, request, out);
}
std::size_t sumSingle(const float *r, const double *c, std::size_t n, const BlockRequest &request,
                      BlockSums &out)
{
    return HWY_DYNAMIC_DISPATCH(sumSingleFloatDouble)(r, c, n, request, out);
}
std::size_t sumSingle(const double *r, const float *c, std::size_t n, const BlockRequest &request,
                      BlockSums &out)
{
    return HWY_DYNAMIC_DISPATCH(sumSingleDoubleFloat)(r, c, n, request, out);
}
std::size_t sumSingle(const double *r, const double *c, std::size_t n, const BlockRequest &request,
                      BlockSums &out)
{
    return HWY_DYNAMIC_DISPATCH(sumSingleDoubleDouble)(r, c, n, request, out);
}
} // namespace syncpoint
#endif
