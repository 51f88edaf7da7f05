#include "compare/attribute/weight_faults.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <span>
#include <vector>

namespace syncpoint {
namespace {

constexpr std::size_t kMostChannels = 1024;
constexpr std::size_t kMostCompared = 256; // elements per channel, for the order only
constexpr double kNear = 0.05;             // NSR within which a rounded channel is the same

/// The channels of a tensor along its first or last axis.
struct Channels
{
    std::span<const float> values;
    std::size_t count;
    std::size_t length;
    bool isLast;

    double at(std::size_t channel, std::size_t i) const
    {
        return values[isLast ? i * count + channel : channel * length + i];
    }
};

struct Products
{
    double own = 0.0, both = 0.0, apart = 0.0;
};

Products compare(const Channels &a, std::size_t i, const Channels &b, std::size_t j,
                 std::size_t most)
{
    Products sums;
    for (std::size_t k = 0; k < std::min(a.length, most); ++k) {
        const double x = a.at(i, k);
        const double y = b.at(j, k);
        sums.own += x * x;
        sums.both += x * y;
        sums.apart += (x - y) * (x - y);
    }
    return sums;
}

std::optional<std::string> findOrder(const Channels &baseline, const Channels &candidate)
{
    std::size_t moved = 0;
    std::size_t example = 0;
    std::size_t source = 0;
    for (std::size_t i = 0; i < baseline.count; ++i) {
        const Products same = compare(baseline, i, candidate, i, kMostCompared);
        if (same.apart <= kNear * same.own) {
            continue;
        }
        bool found = false;
        for (std::size_t j = 0; j < baseline.count && !found; ++j) {
            const Products other = compare(baseline, j, candidate, i, kMostCompared);
            if (j != i && other.own > 0.0 && other.apart <= kNear * other.own) {
                found = true;
                example = i;
                source = j;
                ++moved;
            }
        }
        if (!found) {
            return std::nullopt;
        }
    }
    constexpr std::size_t kLeast = 2; // one channel in place of another is a copy, not an order
    if (moved < kLeast) {
        return std::nullopt;
    }
    return fmt::format("{} channels are in another order: its channel {} is the baseline's {}",
                       moved, example, source);
}

std::optional<std::string> findScales(const Channels &baseline, const Channels &candidate)
{
    std::size_t scaled = 0;
    double worst = 1.0;
    for (std::size_t i = 0; i < baseline.count; ++i) {
        const Products sums = compare(baseline, i, candidate, i, baseline.length);
        const double gain = sums.own > 0.0 ? sums.both / sums.own : 1.0;
        const double left = sums.apart - (gain - 1.0) * (gain - 1.0) * sums.own;
        if (gain != 0.0 && left > kNear * gain * gain * sums.own) {
            return std::nullopt;
        }
        if (std::abs(gain - 1.0) > kNear) {
            ++scaled;
            worst = std::abs(gain - 1.0) > std::abs(worst - 1.0) ? gain : worst;
        }
    }
    if (scaled == 0) {
        return std::nullopt;
    }
    return fmt::format("{} of {} channels are scaled, by up to a factor of {:.3g}", scaled,
                       baseline.count, worst);
}

} // namespace

std::optional<std::string> describeWeightFault(const Tensor &baseline, const Tensor &candidate)
{
    const Shape &shape = baseline.info().shape;
    const auto count = baseline.elements();
    if (shape.empty() || count < 2) {
        return std::nullopt;
    }
    const auto floats = [&](const Tensor &tensor) {
        return std::span(reinterpret_cast<const float *>(tensor.bytes().data()), count);
    };
    const auto isLost = [](float number) { return !std::isfinite(number); };
    const auto numbers = floats(candidate);
    if (const auto lost = std::count_if(numbers.begin(), numbers.end(), isLost); lost > 0) {
        return fmt::format("{} of {} numbers are NaN or Inf", lost, count);
    }
    const auto find = [&](auto search, bool isLast) -> std::optional<std::string> {
        const auto channels = static_cast<std::size_t>(isLast ? shape.back() : shape.front());
        if (channels == 0 || channels > kMostChannels) {
            return std::nullopt;
        }
        return search(Channels{floats(baseline), channels, count / channels, isLast},
                      Channels{floats(candidate), channels, count / channels, isLast});
    };
    for (const bool isLast : {false, true}) {
        if (auto order = find(findOrder, isLast)) {
            return order;
        }
    }
    for (const bool isLast : {false, true}) {
        if (auto scales = find(findScales, isLast)) {
            return scales;
        }
    }
    return std::nullopt;
}

} // namespace syncpoint
