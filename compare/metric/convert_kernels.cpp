// Highway compiles this file once per instruction set and picks one at run time.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compare/metric/convert_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "compare/metric/convert_kernels.h"

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace syncpoint {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using DD = hn::ScalableTag<double>;
using DF = hn::ScalableTag<float>;

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
HWY_EXPORT(widenHalfImpl);
HWY_EXPORT(widenBFloat16Impl);
HWY_EXPORT(countEitherImpl);
HWY_EXPORT(dequantizeI8);
HWY_EXPORT(dequantizeU8);

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
