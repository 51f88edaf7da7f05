// Highway compiles this file once per instruction set and picks one at run time.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compare/metric/ulp_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "compare/metric/block_kernels.h"

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace syncpoint {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using DF = hn::ScalableTag<float>;

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

} // namespace HWY_NAMESPACE
} // namespace syncpoint
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace syncpoint {
HWY_EXPORT(ulpHalf);
HWY_EXPORT(ulpBFloat16);

std::uint32_t ulpMax(const float *r, const float *c, std::size_t n, UlpType type)
{
    return type == UlpType::Float16 ? HWY_DYNAMIC_DISPATCH(ulpHalf)(r, c, n)
                                    : HWY_DYNAMIC_DISPATCH(ulpBFloat16)(r, c, n);
}
} // namespace syncpoint
#endif
