#include "compare/align/layout_between.h"

#include <algorithm>
#include <vector>

namespace syncpoint {
namespace {

/// Whether one shape comes from the other by merging neighbouring axes, so that row-major order
/// stays: 1×64×128 and 64×128, but not 64×128 and 128×64.
bool mergesInto(const Shape &fine, const Shape &coarse)
{
    std::size_t at = 0;
    for (const std::int64_t extent : coarse) {
        std::int64_t product = 1;
        while (at < fine.size() && (product != extent || fine[at] == 1)) {
            product *= fine[at++];
            if (product > extent || product <= 0) {
                return false;
            }
        }
        if (product != extent) {
            return false;
        }
    }
    return std::all_of(fine.begin() + static_cast<std::ptrdiff_t>(at), fine.end(),
                       [](auto extent) { return extent == 1; });
}

/// The only permutation that maps the candidate's shape to the baseline's; with equal extents the
/// exchange of NCHW and NHWC is the one that converters make.
std::optional<std::vector<std::size_t>> permutationBetween(const Shape &own, const Shape &other)
{
    if (own.size() != other.size() || own.size() < 3 || own.size() > 5) {
        return std::nullopt;
    }
    std::vector<std::size_t> toChannelsFirst{0, own.size() - 1};
    std::vector<std::size_t> toChannelsLast{0};
    for (std::size_t axis = 1; axis + 1 < own.size(); ++axis) {
        toChannelsFirst.push_back(axis);
        toChannelsLast.push_back(axis + 1);
    }
    toChannelsLast.push_back(1);
    std::optional<std::vector<std::size_t>> found;
    for (const auto &axes : {toChannelsFirst, toChannelsLast}) {
        bool maps = true;
        for (std::size_t i = 0; i < own.size(); ++i) {
            maps = maps && own[i] == other[axes[i]];
        }
        if (maps && found && *found != axes) { // of rank 3 both are the same
            return std::nullopt;
        }
        if (maps) {
            found = axes;
        }
    }
    return found;
}

} // namespace

bool hasKnownExtents(const std::optional<Shape> &shape)
{
    return shape &&
           std::all_of(shape->begin(), shape->end(), [](auto extent) { return extent >= 0; });
}

std::optional<Transform> layoutBetween(const std::optional<Shape> &own,
                                       const std::optional<Shape> &other)
{
    Transform transform;
    if (!hasKnownExtents(own) || !hasKnownExtents(other) || *own == *other) {
        return transform;
    }
    if (elementCount(*own) != elementCount(*other)) {
        return std::nullopt;
    }
    if (mergesInto(*own, *other) || mergesInto(*other, *own)) {
        transform.reshape = *own;
        return transform;
    }
    if (const auto axes = permutationBetween(*own, *other)) {
        transform.permutation = *axes;
        return transform;
    }
    return std::nullopt;
}

} // namespace syncpoint
