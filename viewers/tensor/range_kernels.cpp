// Highway compiles this file once per instruction set and picks one at run time.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "viewers/tensor/range_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "viewers/tensor/range_kernels.h"

#include <algorithm>
#include <limits>

HWY_BEFORE_NAMESPACE();
namespace syncpoint {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using DF = hn::ScalableTag<float>;

void widenExtremesImpl(const float *HWY_RESTRICT values, std::size_t n, float &low, float &high)
{
    const DF d;
    const std::size_t lanes = hn::Lanes(d);
    const auto largest = hn::Set(d, std::numeric_limits<float>::max());
    auto lows = hn::Set(d, low);
    auto highs = hn::Set(d, high);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        const auto value = hn::LoadU(d, values + i);
        const auto isFinite = hn::Le(hn::Abs(value), largest); // false for NaN
        lows = hn::Min(lows, hn::IfThenElse(isFinite, value, lows));
        highs = hn::Max(highs, hn::IfThenElse(isFinite, value, highs));
    }
    low = hn::GetLane(hn::MinOfLanes(d, lows));
    high = hn::GetLane(hn::MaxOfLanes(d, highs));
    for (; i < n; ++i) {
        if (values[i] - values[i] == 0.0F) {
            low = std::min(low, values[i]);
            high = std::max(high, values[i]);
        }
    }
}

void findBinsImpl(const float *HWY_RESTRICT values, std::size_t n, double low, double scale,
                  std::int32_t bins, std::int32_t *HWY_RESTRICT places)
{
    constexpr double kShrink = 0.25; // the difference of two large numbers stays finite
    const DF d;
    const std::size_t lanes = hn::Lanes(d);
    const auto shrink = hn::Set(d, static_cast<float>(kShrink));
    const auto start = hn::Set(d, static_cast<float>(low * kShrink));
    const auto factor = hn::Set(d, static_cast<float>(scale / kShrink));
    const auto end = hn::Set(d, static_cast<float>(bins));
    const auto outside = hn::Set(d, static_cast<float>(bins + 1));
    const auto binOf = [&](auto value) HWY_ATTR {
        const auto place = hn::Mul(hn::Sub(hn::Mul(value, shrink), start), factor);
        const auto isInside = hn::And(hn::Ge(place, hn::Zero(d)), hn::Le(place, end));
        return hn::ConvertTo(hn::RebindToSigned<DF>(), hn::IfThenElse(isInside, place, outside));
    };
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        hn::StoreU(binOf(hn::LoadU(d, values + i)), hn::RebindToSigned<DF>(), places + i);
    }
    if (i < n) {
        HWY_ALIGN float tail[HWY_MAX_BYTES / sizeof(float)] = {};
        HWY_ALIGN std::int32_t found[HWY_MAX_BYTES / sizeof(float)];
        std::copy(values + i, values + n, tail);
        hn::StoreU(binOf(hn::LoadU(d, tail)), hn::RebindToSigned<DF>(), found);
        std::copy(found, found + (n - i), places + i);
    }
}

} // namespace HWY_NAMESPACE
} // namespace syncpoint
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace syncpoint {
HWY_EXPORT(widenExtremesImpl);
HWY_EXPORT(findBinsImpl);

void widenExtremes(const float *values, std::size_t n, float &low, float &high)
{
    HWY_DYNAMIC_DISPATCH(widenExtremesImpl)(values, n, low, high);
}
void findBins(const float *values, std::size_t n, double low, double scale, std::int32_t bins,
              std::int32_t *places)
{
    HWY_DYNAMIC_DISPATCH(findBinsImpl)(values, n, low, scale, bins, places);
}
} // namespace syncpoint
#endif
