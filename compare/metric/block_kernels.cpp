// Highway compiles this file once per instruction set and picks one at run time.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compare/metric/block_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

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
using DF = hn::ScalableTag<float>;

HWY_INLINE hn::Vec<DD> loadDouble(DD d, const float *p)
{
    return hn::PromoteTo(d, hn::LoadU(DFHalf(), p));
}
HWY_INLINE hn::Vec<DD> loadDouble(DD d, const double *p)
{
    return hn::LoadU(d, p);
}

/// One vector of every accumulator; two of them hide the latency of the additions.
struct SumLanes
{
    hn::Vec<DD> r, c, e, absE, rr, cc, rc, ee, minR, maxR, minC, maxC, maxAbsE;
    std::size_t violations, mismatches;
};

HWY_INLINE void clear(SumLanes &s)
{
    const DD d;
    const auto zero = hn::Zero(d);
    const auto inf = hn::Set(d, std::numeric_limits<double>::infinity());
    s.r = s.c = s.e = s.absE = s.rr = s.cc = s.rc = s.ee = s.maxAbsE = zero;
    s.minR = s.minC = inf;
    s.maxR = s.maxC = hn::Neg(inf);
    s.violations = s.mismatches = 0;
}

HWY_INLINE void add(SumLanes &s, hn::Vec<DD> r, hn::Vec<DD> c, hn::Vec<DD> atol, hn::Vec<DD> rtol)
{
    const DD d;
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
    s.minR = hn::Min(s.minR, r);
    s.maxR = hn::Max(s.maxR, r);
    s.minC = hn::Min(s.minC, c);
    s.maxC = hn::Max(s.maxC, c);
    s.maxAbsE = hn::Max(s.maxAbsE, absE);
    s.violations += hn::CountTrue(d, hn::Gt(absE, hn::MulAdd(rtol, hn::Abs(r), atol)));
    s.mismatches += hn::CountTrue(d, hn::Ne(r, c));
}

HWY_INLINE double sumOf(hn::Vec<DD> a, hn::Vec<DD> b)
{
    return hn::GetLane(hn::SumOfLanes(DD(), hn::Add(a, b)));
}

template <typename R, typename C>
HWY_INLINE BlockSums sumBlockImpl(const R *HWY_RESTRICT r, const C *HWY_RESTRICT c, std::size_t n,
                                  Tolerance tolerance)
{
    const DD d;
    const std::size_t lanes = hn::Lanes(d);
    const auto atol = hn::Set(d, tolerance.absolute);
    const auto rtol = hn::Set(d, tolerance.relative);
    SumLanes s0, s1;
    clear(s0);
    clear(s1);
    std::size_t i = 0;
    for (; i + 2 * lanes <= n; i += 2 * lanes) {
        add(s0, loadDouble(d, r + i), loadDouble(d, c + i), atol, rtol);
        add(s1, loadDouble(d, r + i + lanes), loadDouble(d, c + i + lanes), atol, rtol);
    }
    BlockSums out;
    if (i > 0) {
        out.minR = hn::GetLane(hn::MinOfLanes(d, hn::Min(s0.minR, s1.minR)));
        out.maxR = hn::GetLane(hn::MaxOfLanes(d, hn::Max(s0.maxR, s1.maxR)));
        out.minC = hn::GetLane(hn::MinOfLanes(d, hn::Min(s0.minC, s1.minC)));
        out.maxC = hn::GetLane(hn::MaxOfLanes(d, hn::Max(s0.maxC, s1.maxC)));
        out.maxAbsE = hn::GetLane(hn::MaxOfLanes(d, hn::Max(s0.maxAbsE, s1.maxAbsE)));
    }
    out.sumR = sumOf(s0.r, s1.r);
    out.sumC = sumOf(s0.c, s1.c);
    out.sumE = sumOf(s0.e, s1.e);
    out.sumAbsE = sumOf(s0.absE, s1.absE);
    out.sumRR = sumOf(s0.rr, s1.rr);
    out.sumCC = sumOf(s0.cc, s1.cc);
    out.sumRC = sumOf(s0.rc, s1.rc);
    out.sumEE = sumOf(s0.ee, s1.ee);
    out.violations = s0.violations + s1.violations;
    out.mismatches = s0.mismatches + s1.mismatches;
    for (; i < n; ++i) {
        const double rv = static_cast<double>(r[i]);
        const double cv = static_cast<double>(c[i]);
        const double e = cv - rv;
        out.sumR += rv;
        out.sumC += cv;
        out.sumE += e;
        out.sumAbsE += std::abs(e);
        out.sumRR += rv * rv;
        out.sumCC += cv * cv;
        out.sumRC += rv * cv;
        out.sumEE += e * e;
        out.minR = std::min(out.minR, rv);
        out.maxR = std::max(out.maxR, rv);
        out.minC = std::min(out.minC, cv);
        out.maxC = std::max(out.maxC, cv);
        out.maxAbsE = std::max(out.maxAbsE, std::abs(e));
        out.violations += std::abs(e) > tolerance.absolute + tolerance.relative * std::abs(rv);
        out.mismatches += e != 0.0;
    }
    return out;
}

BlockSums sumFF(const float *r, const float *c, std::size_t n, Tolerance t)
{
    return sumBlockImpl(r, c, n, t);
}
BlockSums sumFD(const float *r, const double *c, std::size_t n, Tolerance t)
{
    return sumBlockImpl(r, c, n, t);
}
BlockSums sumDF(const double *r, const float *c, std::size_t n, Tolerance t)
{
    return sumBlockImpl(r, c, n, t);
}
BlockSums sumDD(const double *r, const double *c, std::size_t n, Tolerance t)
{
    return sumBlockImpl(r, c, n, t);
}

/// e as float, from exact operands, in as many lanes as `r` and `c` allow.
HWY_INLINE hn::Vec<DF> loadError(DF d, const float *r, const float *c)
{
    return hn::Sub(hn::LoadU(d, c), hn::LoadU(d, r));
}
template <typename R, typename C>
HWY_INLINE hn::Vec<DFHalf> loadError(DFHalf d, const R *r, const C *c)
{
    return hn::DemoteTo(d, hn::Sub(loadDouble(DD(), c), loadDouble(DD(), r)));
}

template <class D>
HWY_INLINE hn::Vec<D> loadFloat(D d, const float *p)
{
    return hn::LoadU(d, p);
}
HWY_INLINE hn::Vec<DFHalf> loadFloat(DFHalf d, const double *p)
{
    return hn::DemoteTo(d, hn::LoadU(DD(), p));
}

inline float errorAt(double r, double c)
{
    return static_cast<float>(c - r);
}

template <class D, typename R, typename C>
HWY_INLINE std::size_t binsImpl(D d, const R *HWY_RESTRICT r, const C *HWY_RESTRICT c,
                                std::size_t n, std::uint32_t floor,
                                std::uint32_t *HWY_RESTRICT bins)
{
    const hn::RebindToUnsigned<D> du;
    const hn::RebindToSigned<D> di; // bins are below 2^15, and every target compares signed lanes
    const std::size_t lanes = hn::Lanes(d);
    const auto below = hn::Set(di, static_cast<std::int32_t>(floor) - 1);
    std::size_t count = 0;
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        const auto bits = hn::BitCast(du, loadError(d, r + i, c + i));
        const auto bin = hn::ShiftRight<17>(hn::ShiftLeft<1>(bits));
        if (floor == 0) {
            hn::StoreU(bin, du, bins + i);
            count += lanes;
        } else {
            const auto isCounted = hn::RebindMask(du, hn::Gt(hn::BitCast(di, bin), below));
            count += hn::CompressBlendedStore(bin, isCounted, du, bins + count);
        }
    }
    for (; i < n; ++i) {
        const float e = errorAt(static_cast<double>(r[i]), static_cast<double>(c[i]));
        const std::uint32_t bin = (std::bit_cast<std::uint32_t>(e) << 1) >> 17;
        if (bin >= floor) {
            bins[count++] = bin;
        }
    }
    return count;
}

template <class D, typename R, typename C>
HWY_INLINE RelativeSums relativeImpl(D d, const R *HWY_RESTRICT r, const C *HWY_RESTRICT c,
                                     std::size_t n, float tau)
{
    const std::size_t lanes = hn::Lanes(d);
    const auto floorR = hn::Set(d, tau);
    const auto two = hn::Set(d, 2.0F);
    auto sum = hn::Zero(d);
    auto max = hn::Zero(d);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        const auto divisor = hn::Max(hn::Abs(loadFloat(d, r + i)), floorR);
        const auto guess = hn::ApproximateReciprocal(divisor);
        // One Newton step takes the 12-bit guess to single precision; cheaper than a division.
        const auto inverse = hn::Mul(guess, hn::NegMulAdd(divisor, guess, two));
        const auto value = hn::Mul(hn::Abs(loadError(d, r + i, c + i)), inverse);
        sum = hn::Add(sum, value);
        max = hn::Max(max, value);
    }
    RelativeSums out;
    if (i > 0) {
        out.sum = static_cast<double>(hn::GetLane(hn::SumOfLanes(d, sum)));
        out.max = static_cast<double>(hn::GetLane(hn::MaxOfLanes(d, max)));
    }
    for (; i < n; ++i) {
        const auto rv = static_cast<double>(r[i]);
        const double value = std::abs(static_cast<double>(c[i]) - rv) /
                             std::max(std::abs(rv), static_cast<double>(tau));
        out.sum += value;
        out.max = std::max(out.max, value);
    }
    return out;
}

std::size_t binsFF(const float *r, const float *c, std::size_t n, std::uint32_t floor,
                   std::uint32_t *bins)
{
    return binsImpl(DF(), r, c, n, floor, bins);
}
RelativeSums relativeFF(const float *r, const float *c, std::size_t n, float tau)
{
    return relativeImpl(DF(), r, c, n, tau);
}
std::size_t binsFD(const float *r, const double *c, std::size_t n, std::uint32_t floor,
                   std::uint32_t *bins)
{
    return binsImpl(DFHalf(), r, c, n, floor, bins);
}
RelativeSums relativeFD(const float *r, const double *c, std::size_t n, float tau)
{
    return relativeImpl(DFHalf(), r, c, n, tau);
}
std::size_t binsDF(const double *r, const float *c, std::size_t n, std::uint32_t floor,
                   std::uint32_t *bins)
{
    return binsImpl(DFHalf(), r, c, n, floor, bins);
}
RelativeSums relativeDF(const double *r, const float *c, std::size_t n, float tau)
{
    return relativeImpl(DFHalf(), r, c, n, tau);
}
std::size_t binsDD(const double *r, const double *c, std::size_t n, std::uint32_t floor,
                   std::uint32_t *bins)
{
    return binsImpl(DFHalf(), r, c, n, floor, bins);
}
RelativeSums relativeDD(const double *r, const double *c, std::size_t n, float tau)
{
    return relativeImpl(DFHalf(), r, c, n, tau);
}

using DI = hn::RebindToSigned<DF>;
using VI = hn::Vec<DI>;

/// The encoding of each value in the type, ordered: negative numbers count down from zero.
template <UlpType type>
HWY_INLINE VI orderedKey(hn::Vec<DF> value)
{
    const DF d;
    const DI di;
    const hn::RebindToUnsigned<DF> du;
    const auto sign = hn::ShiftRight<31>(hn::BitCast(di, value));
    auto magnitude = hn::BitCast(du, hn::Abs(value));
    if constexpr (type == UlpType::BFloat16) {
        const auto odd = hn::And(hn::ShiftRight<16>(magnitude), hn::Set(du, 1U));
        magnitude = hn::ShiftRight<16>(hn::Add(hn::Add(magnitude, hn::Set(du, 0x7FFFU)), odd));
    } else if constexpr (type == UlpType::Float16) {
        const hn::Rebind<hwy::float16_t, DF> dh;
        const hn::Rebind<std::uint16_t, DF> dh16;
        magnitude = hn::PromoteTo(du, hn::BitCast(dh16, hn::DemoteTo(dh, hn::Abs(value))));
    }
    (void)d;
    return hn::Sub(hn::Xor(hn::BitCast(di, magnitude), sign), sign);
}

template <UlpType type>
HWY_INLINE std::uint32_t ulpMaxImpl(const float *HWY_RESTRICT r, const float *HWY_RESTRICT c,
                                    std::size_t n)
{
    const DF d;
    const DI di;
    const hn::RebindToUnsigned<DF> du;
    const std::size_t lanes = hn::Lanes(d);
    auto worst = hn::Zero(du);
    const auto step = [&](const float *rp, const float *cp) HWY_ATTR {
        const auto a = orderedKey<type>(hn::LoadU(d, rp));
        const auto b = orderedKey<type>(hn::LoadU(d, cp));
        // The distance of two int32 fits uint32, so the wrapping subtraction is right.
        worst = hn::Max(worst, hn::BitCast(du, hn::Sub(hn::Max(a, b), hn::Min(a, b))));
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
    (void)di;
    return hn::GetLane(hn::MaxOfLanes(du, worst));
}

std::uint32_t ulpFloat(const float *r, const float *c, std::size_t n)
{
    return ulpMaxImpl<UlpType::Float32>(r, c, n);
}
std::uint32_t ulpHalf(const float *r, const float *c, std::size_t n)
{
    return ulpMaxImpl<UlpType::Float16>(r, c, n);
}
std::uint32_t ulpBFloat16(const float *r, const float *c, std::size_t n)
{
    return ulpMaxImpl<UlpType::BFloat16>(r, c, n);
}

/// Widens whole vectors, the tail through a padded copy.
template <typename T, typename Convert>
HWY_INLINE void widenImpl(const std::uint16_t *HWY_RESTRICT in, std::size_t n,
                          float *HWY_RESTRICT out, T tag, Convert convert)
{
    const DF d;
    const hn::Rebind<std::uint16_t, DF> d16;
    const std::size_t lanes = hn::Lanes(d);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        hn::StoreU(convert(hn::BitCast(tag, hn::LoadU(d16, in + i))), d, out + i);
    }
    if (i < n) {
        HWY_ALIGN std::uint16_t tailIn[HWY_MAX_BYTES / sizeof(float)] = {};
        HWY_ALIGN float tailOut[HWY_MAX_BYTES / sizeof(float)];
        std::copy(in + i, in + n, tailIn);
        hn::StoreU(convert(hn::BitCast(tag, hn::LoadU(d16, tailIn))), d, tailOut);
        std::copy(tailOut, tailOut + (n - i), out + i);
    }
}

void widenHalfImpl(const std::uint16_t *in, std::size_t n, float *out)
{
    const hn::Rebind<hwy::float16_t, DF> tag;
    widenImpl(in, n, out, tag, [](auto v) HWY_ATTR { return hn::PromoteTo(DF(), v); });
}
void widenBFloat16Impl(const std::uint16_t *in, std::size_t n, float *out)
{
    const hn::Rebind<hwy::bfloat16_t, DF> tag;
    widenImpl(in, n, out, tag, [](auto v) HWY_ATTR { return hn::PromoteTo(DF(), v); });
}

template <typename Q>
HWY_INLINE void dequantizeImpl(const Q *HWY_RESTRICT in, std::size_t n, double scale,
                               double zeroPoint, double *HWY_RESTRICT out)
{
    const DD d;
    const hn::Rebind<std::int32_t, DD> d32;
    const hn::Rebind<Q, DD> dq;
    const std::size_t lanes = hn::Lanes(d);
    const auto s = hn::Set(d, scale);
    const auto z = hn::Set(d, zeroPoint);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        const auto q = hn::PromoteTo(d, hn::PromoteTo(d32, hn::LoadU(dq, in + i)));
        hn::StoreU(hn::Mul(hn::Sub(q, z), s), d, out + i);
    }
    for (; i < n; ++i) {
        out[i] = (static_cast<double>(in[i]) - zeroPoint) * scale;
    }
}

void dequantizeI8(const std::int8_t *in, std::size_t n, double scale, double zp, double *out)
{
    dequantizeImpl(in, n, scale, zp, out);
}
void dequantizeU8(const std::uint8_t *in, std::size_t n, double scale, double zp, double *out)
{
    dequantizeImpl(in, n, scale, zp, out);
}

std::size_t countEitherImpl(const std::uint8_t *HWY_RESTRICT in, std::size_t n, std::uint8_t a,
                            std::uint8_t b)
{
    const hn::ScalableTag<std::uint8_t> d;
    const std::size_t lanes = hn::Lanes(d);
    const auto va = hn::Set(d, a);
    const auto vb = hn::Set(d, b);
    std::size_t count = 0;
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        const auto v = hn::LoadU(d, in + i);
        count += hn::CountTrue(d, hn::Or(hn::Eq(v, va), hn::Eq(v, vb)));
    }
    for (; i < n; ++i) {
        count += in[i] == a || in[i] == b;
    }
    return count;
}

} // namespace HWY_NAMESPACE
} // namespace syncpoint
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace syncpoint {
HWY_EXPORT(sumFF);
HWY_EXPORT(sumFD);
HWY_EXPORT(sumDF);
HWY_EXPORT(sumDD);
HWY_EXPORT(binsFF);
HWY_EXPORT(binsFD);
HWY_EXPORT(binsDF);
HWY_EXPORT(binsDD);
HWY_EXPORT(relativeFF);
HWY_EXPORT(relativeFD);
HWY_EXPORT(relativeDF);
HWY_EXPORT(relativeDD);
HWY_EXPORT(ulpFloat);
HWY_EXPORT(ulpHalf);
HWY_EXPORT(ulpBFloat16);
HWY_EXPORT(widenHalfImpl);
HWY_EXPORT(widenBFloat16Impl);
HWY_EXPORT(countEitherImpl);
HWY_EXPORT(dequantizeI8);
HWY_EXPORT(dequantizeU8);

BlockSums sumBlock(const float *r, const float *c, std::size_t n, Tolerance t)
{
    return HWY_DYNAMIC_DISPATCH(sumFF)(r, c, n, t);
}
BlockSums sumBlock(const float *r, const double *c, std::size_t n, Tolerance t)
{
    return HWY_DYNAMIC_DISPATCH(sumFD)(r, c, n, t);
}
BlockSums sumBlock(const double *r, const float *c, std::size_t n, Tolerance t)
{
    return HWY_DYNAMIC_DISPATCH(sumDF)(r, c, n, t);
}
BlockSums sumBlock(const double *r, const double *c, std::size_t n, Tolerance t)
{
    return HWY_DYNAMIC_DISPATCH(sumDD)(r, c, n, t);
}

std::size_t absErrorBinsFrom(const float *r, const float *c, std::size_t n, std::uint32_t floor,
                             std::uint32_t *bins)
{
    return HWY_DYNAMIC_DISPATCH(binsFF)(r, c, n, floor, bins);
}
RelativeSums relativeSums(const float *r, const float *c, std::size_t n, float tau)
{
    return HWY_DYNAMIC_DISPATCH(relativeFF)(r, c, n, tau);
}
std::size_t absErrorBinsFrom(const float *r, const double *c, std::size_t n, std::uint32_t floor,
                             std::uint32_t *bins)
{
    return HWY_DYNAMIC_DISPATCH(binsFD)(r, c, n, floor, bins);
}
RelativeSums relativeSums(const float *r, const double *c, std::size_t n, float tau)
{
    return HWY_DYNAMIC_DISPATCH(relativeFD)(r, c, n, tau);
}
std::size_t absErrorBinsFrom(const double *r, const float *c, std::size_t n, std::uint32_t floor,
                             std::uint32_t *bins)
{
    return HWY_DYNAMIC_DISPATCH(binsDF)(r, c, n, floor, bins);
}
RelativeSums relativeSums(const double *r, const float *c, std::size_t n, float tau)
{
    return HWY_DYNAMIC_DISPATCH(relativeDF)(r, c, n, tau);
}
std::size_t absErrorBinsFrom(const double *r, const double *c, std::size_t n, std::uint32_t floor,
                             std::uint32_t *bins)
{
    return HWY_DYNAMIC_DISPATCH(binsDD)(r, c, n, floor, bins);
}
RelativeSums relativeSums(const double *r, const double *c, std::size_t n, float tau)
{
    return HWY_DYNAMIC_DISPATCH(relativeDD)(r, c, n, tau);
}

std::uint32_t ulpMax(const float *r, const float *c, std::size_t n, UlpType type)
{
    switch (type) {
    case UlpType::Float32:
        return HWY_DYNAMIC_DISPATCH(ulpFloat)(r, c, n);
    case UlpType::Float16:
        return HWY_DYNAMIC_DISPATCH(ulpHalf)(r, c, n);
    case UlpType::BFloat16:
        return HWY_DYNAMIC_DISPATCH(ulpBFloat16)(r, c, n);
    case UlpType::None:
        break;
    }
    return 0;
}

void widenHalf(const std::uint16_t *in, std::size_t n, float *out)
{
    HWY_DYNAMIC_DISPATCH(widenHalfImpl)(in, n, out);
}
void widenBFloat16(const std::uint16_t *in, std::size_t n, float *out)
{
    HWY_DYNAMIC_DISPATCH(widenBFloat16Impl)(in, n, out);
}
std::size_t countEither(const std::uint8_t *in, std::size_t n, std::uint8_t a, std::uint8_t b)
{
    return HWY_DYNAMIC_DISPATCH(countEitherImpl)(in, n, a, b);
}
void dequantizeRun(const std::int8_t *in, std::size_t n, double scale, double zp, double *out)
{
    HWY_DYNAMIC_DISPATCH(dequantizeI8)(in, n, scale, zp, out);
}
void dequantizeRun(const std::uint8_t *in, std::size_t n, double scale, double zp, double *out)
{
    HWY_DYNAMIC_DISPATCH(dequantizeU8)(in, n, scale, zp, out);
}
} // namespace syncpoint
#endif
