// Highway compiles this file once per instruction set and picks one at run time.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compare/metric/double_sum_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "compare/metric/sum_kernels.h"
#include "compare/metric/vector_lanes-inl.h"

#include <algorithm>
#include <cmath>

HWY_BEFORE_NAMESPACE();
namespace syncpoint {
namespace HWY_NAMESPACE {
/// Sums of exact differences.
struct DoubleLanes
{
    hn::Vec<DD> r, c, e, absE, rr, cc, rc, ee, maxAbsE;
    std::size_t mismatches;
};

HWY_INLINE void clear(DoubleLanes &s)
{
    s.r = s.c = s.e = s.absE = s.rr = s.cc = s.rc = s.ee = s.maxAbsE = hn::Zero(DD());
    s.mismatches = 0;
}

HWY_INLINE void add(DoubleLanes &s, hn::Vec<DD> r, hn::Vec<DD> c, hn::Vec<DD> e, hn::Vec<DD> absE)
{
    s.r = hn::Add(s.r, r);
    s.c = hn::Add(s.c, c);
    s.e = hn::Add(s.e, e);
    s.absE = hn::Add(s.absE, absE);
    s.rr = hn::MulAdd(r, r, s.rr);
    s.cc = hn::MulAdd(c, c, s.cc);
    s.rc = hn::MulAdd(r, c, s.rc);
    s.ee = hn::MulAdd(e, e, s.ee);
    s.maxAbsE = hn::Max(s.maxAbsE, absE);
    s.mismatches += hn::CountTrue(DD(), hn::Ne(r, c));
}

HWY_INLINE void store(const DoubleLanes &s, BlockSums &out)
{
    out.sumR = total(s.r);
    out.sumC = total(s.c);
    out.sumE = total(s.e);
    out.sumAbsE = total(s.absE);
    out.sumRR = total(s.rr);
    out.sumCC = total(s.cc);
    out.sumRC = total(s.rc);
    out.sumEE = total(s.ee);
    out.maxAbsE = hn::GetLane(hn::MaxOfLanes(DD(), s.maxAbsE));
    out.mismatches = s.mismatches;
}

template <typename R, typename C>
HWY_INLINE std::size_t sumImpl(const R *HWY_RESTRICT r, const C *HWY_RESTRICT c, std::size_t n,
                               const BlockRequest &request, BlockSums &out)
{
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
        const auto e = hn::Sub(cv, rv);
        const auto absR = hn::Abs(rv);
        const auto absE = hn::Abs(e);
        add(sums, rv, cv, e, absE);
        add(compared, rv, cv, absR, absE);
        const auto rf = hn::DemoteTo(d, rv);
        add(floats, rf, hn::DemoteTo(d, cv), hn::Abs(rf), hn::DemoteTo(d, absE));
    }
    if (i > 0) {
        store(sums, out);
        store(compared, out);
        store(floats, out);
    }
    return i;
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

std::size_t sumDoubleFloatFloat(const float *r, const float *c, std::size_t n,
                                const BlockRequest &request, BlockSums &out)
{
    return sumImpl(r, c, n, request, out);
}
std::size_t sumDoubleFloatDouble(const float *r, const double *c, std::size_t n,
                                 const BlockRequest &request, BlockSums &out)
{
    return sumImpl(r, c, n, request, out);
}
std::size_t sumDoubleDoubleFloat(const double *r, const float *c, std::size_t n,
                                 const BlockRequest &request, BlockSums &out)
{
    return sumImpl(r, c, n, request, out);
}
std::size_t sumDoubleDoubleDouble(const double *r, const double *c, std::size_t n,
                                  const BlockRequest &request, BlockSums &out)
{
    return sumImpl(r, c, n, request, out);
}
RelativeSums relativeFloatFloat(const float *r, const float *c, std::size_t n, double tau)
{
    return relativeImpl(r, c, n, tau);
}
RelativeSums relativeFloatDouble(const float *r, const double *c, std::size_t n, double tau)
{
    return relativeImpl(r, c, n, tau);
}
RelativeSums relativeDoubleFloat(const double *r, const float *c, std::size_t n, double tau)
{
    return relativeImpl(r, c, n, tau);
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
HWY_EXPORT(sumDoubleFloatFloat);
HWY_EXPORT(sumDoubleFloatDouble);
HWY_EXPORT(sumDoubleDoubleFloat);
HWY_EXPORT(sumDoubleDoubleDouble);

HWY_EXPORT(relativeFloatFloat);
HWY_EXPORT(relativeFloatDouble);
HWY_EXPORT(relativeDoubleFloat);
HWY_EXPORT(relativeDoubleDouble);

std::size_t sumDouble(const float *r, const float *c, std::size_t n, const BlockRequest &request,
                      BlockSums &out)
{
    return HWY_DYNAMIC_DISPATCH(sumDoubleFloatFloat)(r, c, n, request, out);
}
std::size_t sumDouble(const float *r, const double *c, std::size_t n, const BlockRequest &request,
                      BlockSums &out)
{
    return HWY_DYNAMIC_DISPATCH(sumDoubleFloatDouble)(r, c, n, request, out);
}
std::size_t sumDouble(const double *r, const float *c, std::size_t n, const BlockRequest &request,
                      BlockSums &out)
{
    return HWY_DYNAMIC_DISPATCH(sumDoubleDoubleFloat)(r, c, n, request, out);
}
std::size_t sumDouble(const double *r, const double *c, std::size_t n, const BlockRequest &request,
                      BlockSums &out)
{
    return HWY_DYNAMIC_DISPATCH(sumDoubleDoubleDouble)(r, c, n, request, out);
}
RelativeSums relativeSums(const float *r, const float *c, std::size_t n, double tau)
{
    return HWY_DYNAMIC_DISPATCH(relativeFloatFloat)(r, c, n, tau);
}
RelativeSums relativeSums(const float *r, const double *c, std::size_t n, double tau)
{
    return HWY_DYNAMIC_DISPATCH(relativeFloatDouble)(r, c, n, tau);
}
RelativeSums relativeSums(const double *r, const float *c, std::size_t n, double tau)
{
    return HWY_DYNAMIC_DISPATCH(relativeDoubleFloat)(r, c, n, tau);
}
RelativeSums relativeSums(const double *r, const double *c, std::size_t n, double tau)
{
    return HWY_DYNAMIC_DISPATCH(relativeDoubleDouble)(r, c, n, tau);
}
} // namespace syncpoint
#endif
