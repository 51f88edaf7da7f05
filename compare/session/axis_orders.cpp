#include "compare/session/axis_orders.h"

#include "compare/align/axis_order.h"
#include "compare/session/point_measuring.h"
#include "compare/session/value_tensors.h"
#include "core/base/parallel_for.h"
#include "core/tensor/decode.h"

#include <fmt/format.h>

#include <set>

namespace syncpoint {
namespace {

using Order = std::vector<std::size_t>;

constexpr double kUnlike = 0.5; ///< noise over signal: no order is merely quantized to that

std::optional<NumberGrid> gridOf(const ComparedSide &side, ValueId value)
{
    constexpr std::uint64_t kMost = 1U << 22U; // 16 MiB of floats
    const auto location = locateValue(side, value, 0);
    if (!location || location->info.elements() > kMost || !isNumeric(location->info.dtype)) {
        return std::nullopt;
    }
    const auto tensor = readValue(side, value, 0);
    auto numbers = tensor ? decodeAll(tensor->view()) : tensor.error();
    return numbers ? std::optional(NumberGrid{location->info.shape, *std::move(numbers)})
                   : std::nullopt;
}

bool isInDoubt(const ComparisonResult &result, const SyncPoint &point, const PointResult &measured)
{
    const Transform &transform = point.transform;
    if (transform.reshape || transform.channelBlock > 0) {
        return false;
    }
    if (measured.status == PointStatus::ShapeAmbiguous) {
        return true;
    }
    if (measured.status != PointStatus::Compared || !(measured.overall.nsr() >= kUnlike)) {
        return false;
    }
    const auto own = locateValue(result.baseline, point.reference, 0);
    const auto other = locateValue(result.candidate, point.candidate, 0);
    return own && other && isAxisOrderOpen(own->info.shape, other->info.shape);
}

/// The order that the numbers tell, if it is not the one that is in use.
std::optional<Order> newOrder(const ComparisonResult &result, const SyncPoint &point)
{
    const auto own = gridOf(result.baseline, point.reference);
    const auto other = gridOf(result.candidate, point.candidate);
    auto order = own && other ? axisOrderOf(*own, *other) : std::nullopt;
    return order != point.transform.permutation ? order : std::nullopt;
}

Diagnostic warning(const ComparisonResult &result, const SyncPoint &point, const Order &order)
{
    return {
        Diagnostic::Severity::Warning, result.baseline.graph->qualifiedName(point.reference),
        fmt::format("its numbers are the baseline's once the axes are put in the order ({}): an op "
                    "before it transposes them in another way",
                    fmt::join(order, ","))};
}

} // namespace

Result<void> settleAxisOrders(ComparisonResult &result, const JobContext &job)
{
    std::vector<SyncPointId> doubtful;
    std::set<Order> usual;
    for (std::size_t i = 0; i < result.points.size(); ++i) {
        const SyncPoint &point = result.alignment.points[i];
        if (isInDoubt(result, point, result.points[i])) {
            doubtful.emplace_back(i);
        } else {
            usual.insert(point.transform.permutation);
        }
    }
    std::vector<std::optional<Order>> orders(doubtful.size());
    parallelFor(doubtful.size(), [&](std::size_t i) {
        if (!job.isCancelled()) {
            orders[i] = newOrder(result, result.alignment.point(doubtful[i]));
        }
    });
    const auto isOpen = [&](std::size_t i) {
        return result.points[doubtful[i].index()].status == PointStatus::ShapeAmbiguous;
    };
    for (std::size_t i = 0; i < doubtful.size(); ++i) {
        if (orders[i] && isOpen(i)) {
            usual.insert(*orders[i]);
        }
    }
    std::vector<SyncPointId> settled;
    for (std::size_t i = 0; i < doubtful.size(); ++i) {
        SyncPoint &point = result.alignment.points[doubtful[i].index()];
        if (orders[i] && usual.count(*orders[i]) != 0) {
            point.transform.permutation = *orders[i];
            point.match.evidence += "; the captured numbers tell the order of axes";
            settled.push_back(doubtful[i]);
        } else if (orders[i]) {
            result.diagnostics.push_back(warning(result, point, *orders[i]));
        }
    }
    return measurePoints(result, settled, job);
}

} // namespace syncpoint
