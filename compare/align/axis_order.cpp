#include "compare/align/axis_order.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace syncpoint {
namespace {

using Order = std::vector<std::size_t>;
using Profile = std::vector<double>; ///< one number per index of an axis

constexpr std::size_t kMostAxes = 6;

/// Orders that move the same elements are one: axes of extent 1 stay in ascending order.
bool isCanonical(const Order &order, std::span<const std::int64_t> other)
{
    std::size_t last = 0;
    for (const std::size_t axis : order) {
        if (other[axis] == 1) {
            if (axis < last) {
                return false;
            }
            last = axis;
        }
    }
    return true;
}

std::vector<Order> ordersThatMap(std::span<const std::int64_t> own,
                                 std::span<const std::int64_t> other)
{
    std::vector<Order> orders;
    if (own.size() != other.size() || own.size() > kMostAxes) {
        return orders;
    }
    Order order(own.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    do {
        bool maps = isCanonical(order, other);
        for (std::size_t i = 0; maps && i < own.size(); ++i) {
            maps = own[i] == other[order[i]];
        }
        if (maps) {
            orders.push_back(order);
        }
    } while (std::next_permutation(order.begin(), order.end()));
    return orders;
}

double correlation(std::span<const double> a, std::span<const double> b)
{
    const double count = static_cast<double>(a.size());
    const double meanA = std::accumulate(a.begin(), a.end(), 0.0) / count;
    const double meanB = std::accumulate(b.begin(), b.end(), 0.0) / count;
    double ab = 0.0;
    double aa = 0.0;
    double bb = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        ab += (a[i] - meanA) * (b[i] - meanB);
        aa += (a[i] - meanA) * (a[i] - meanA);
        bb += (b[i] - meanB) * (b[i] - meanB);
    }
    return aa > 0.0 && bb > 0.0 ? ab / std::sqrt(aa * bb) : 0.0;
}

/// Elements between two neighbours along each axis.
std::vector<std::uint64_t> stridesOf(std::span<const std::int64_t> shape)
{
    std::vector<std::uint64_t> strides(shape.size(), 1);
    for (std::size_t axis = shape.size(); axis-- > 1;) {
        strides[axis - 1] = strides[axis] * static_cast<std::uint64_t>(shape[axis]);
    }
    return strides;
}

/// The sums of a grid over all axes but one, for every axis.
std::vector<Profile> profilesOf(const NumberGrid &grid)
{
    const auto strides = stridesOf(grid.shape);
    std::vector<Profile> profiles;
    for (std::size_t axis = 0; axis < grid.shape.size(); ++axis) {
        const auto extent = static_cast<std::uint64_t>(grid.shape[axis]);
        Profile profile(extent, 0.0);
        for (std::uint64_t i = 0; i < grid.numbers.size(); i += strides[axis]) {
            double sum = 0.0;
            for (std::uint64_t j = i; j < i + strides[axis]; ++j) {
                sum += double{grid.numbers[j]};
            }
            profile[i / strides[axis] % extent] += sum;
        }
        profiles.push_back(std::move(profile));
    }
    return profiles;
}

/// The other grid's numbers in the order of the own one's.
std::vector<double> inOrder(const NumberGrid &other, const Order &order)
{
    const auto strides = stridesOf(other.shape);
    std::vector<double> numbers;
    numbers.reserve(other.numbers.size());
    std::vector<std::int64_t> index(order.size(), 0);
    std::uint64_t at = 0;
    while (numbers.size() < other.numbers.size()) {
        numbers.push_back(double{other.numbers[at]});
        for (std::size_t i = order.size(); i-- > 0;) {
            at += strides[order[i]];
            if (++index[i] < other.shape[order[i]]) {
                break;
            }
            at -= strides[order[i]] * static_cast<std::uint64_t>(index[i]);
            index[i] = 0;
        }
    }
    return numbers;
}

bool isWhole(const NumberGrid &grid)
{
    return !grid.numbers.empty() && elementCount(grid.shape) == grid.numbers.size();
}

} // namespace

bool canOrderAxes(std::span<const std::int64_t> own, std::span<const std::int64_t> other)
{
    return !ordersThatMap(own, other).empty();
}

bool isAxisOrderOpen(std::span<const std::int64_t> own, std::span<const std::int64_t> other)
{
    return ordersThatMap(own, other).size() > 1;
}

std::optional<Order> axisOrderOf(const NumberGrid &own, const NumberGrid &other)
{
    constexpr double kSame = 0.9;
    constexpr double kMargin = 0.1;
    constexpr std::size_t kTried = 6; // orders whose numbers are all compared
    if (!isWhole(own) || !isWhole(other)) {
        return std::nullopt;
    }
    auto orders = ordersThatMap(own.shape, other.shape);
    const auto ownProfiles = profilesOf(own);
    const auto otherProfiles = profilesOf(other);
    const auto likeness = [&](const Order &order) {
        double sum = 0.0;
        for (std::size_t i = 0; i < order.size(); ++i) {
            sum += correlation(ownProfiles[i], otherProfiles[order[i]]);
        }
        return sum;
    };
    std::stable_sort(orders.begin(), orders.end(),
                     [&](const Order &a, const Order &b) { return likeness(a) > likeness(b); });
    orders.resize(std::min(orders.size(), kTried));

    const std::vector<double> numbers(own.numbers.begin(), own.numbers.end());
    const Order *best = nullptr;
    double most = kSame;
    double second = 0.0;
    for (const Order &order : orders) {
        const double found = correlation(numbers, inOrder(other, order));
        if (found > most) {
            second = best == nullptr ? second : most;
            most = found;
            best = &order;
        } else {
            second = std::max(second, found);
        }
    }
    return best != nullptr && most - second > kMargin ? std::optional(*best) : std::nullopt;
}

} // namespace syncpoint
