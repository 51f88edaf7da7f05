#include "core/formats/onnx/shape_rules.h"

#include <algorithm>

namespace syncpoint {

namespace {
InferredValues reshape(const RuleInput &input)
{
    const auto target = input.list("shape", 1);
    if (!target) {
        const auto rank = input.shape(1); // only its length is known
        return one(input.dtype(0),
                   rank && rank->size() == 1 && (*rank)[0] >= 0 &&
                           (*rank)[0] <= std::int64_t{kHighestInferredRank}
                       ? std::optional(Shape(static_cast<std::size_t>((*rank)[0]), -1))
                       : std::nullopt);
    }
    const auto from = input.shape(0);
    Shape result = *target;
    const bool copiesZeros = input.attribute("allowzero", 0) == 0;
    for (std::size_t i = 0; i < result.size(); ++i) {
        if (result[i] == 0 && copiesZeros) {
            result[i] = from && i < from->size() ? (*from)[i] : -1;
        } else if (result[i] < -1) {
            return {};
        }
    }
    const bool fromIsKnown =
        from && std::all_of(from->begin(), from->end(), [](std::int64_t e) { return e >= 0; });
    const auto unknown = std::count(result.begin(), result.end(), -1);
    if (unknown == 1 && fromIsKnown) {
        const auto all = elementCount(*from);
        Shape known = result;
        *std::find(known.begin(), known.end(), -1) = 1;
        const auto others = elementCount(known);
        if (all && others && *others > 0 && *all % *others == 0) {
            *std::find(result.begin(), result.end(), -1) = extentOr(*all / *others);
        }
    }
    return one(input.dtype(0), result);
}

InferredValues transpose(const RuleInput &input)
{
    const auto from = input.shape(0);
    if (!from) {
        return one(input.dtype(0), std::nullopt);
    }
    const auto permutation = input.listAttribute("perm");
    Shape result(from->rbegin(), from->rend());
    if (permutation) {
        if (permutation->size() != from->size()) {
            return {};
        }
        for (std::size_t i = 0; i < result.size(); ++i) {
            const auto axis = absoluteAxis((*permutation)[i], from->size());
            if (!axis) {
                return {};
            }
            result[i] = (*from)[*axis];
        }
    }
    return one(input.dtype(0), result);
}

InferredValues concat(const RuleInput &input)
{
    auto result = input.shape(0);
    const auto axis =
        result ? absoluteAxis(input.attribute("axis", 1), result->size()) : std::nullopt;
    if (!axis) {
        return one(input.dtype(0), std::nullopt);
    }
    for (std::size_t i = 1; i < input.inputCount(); ++i) {
        const auto next = input.shape(i);
        if (!next || next->size() != result->size()) {
            (*result)[*axis] = -1;
            continue;
        }
        for (std::size_t d = 0; d < result->size(); ++d) {
            std::int64_t &extent = (*result)[d];
            if (d == *axis) {
                extent = extent < 0 || (*next)[d] < 0
                             ? -1
                             : extentOr(static_cast<__int128_t>(extent) + (*next)[d]);
            } else if (extent < 0) {
                extent = (*next)[d];
            }
        }
    }
    return one(input.dtype(0), result);
}

InferredValues squeeze(const RuleInput &input)
{
    const auto from = input.shape(0);
    const auto axes = input.list("axes", 1);
    const bool namesAxes = input.has(1) || input.node().findAttribute("axes") != nullptr;
    if (!from || (namesAxes && !axes)) {
        return one(input.dtype(0), std::nullopt);
    }
    std::vector<bool> isGone(from->size());
    for (std::size_t i = 0; i < from->size() && !namesAxes; ++i) {
        if ((*from)[i] < 0) {
            return one(input.dtype(0), std::nullopt);
        }
        isGone[i] = (*from)[i] == 1;
    }
    for (const std::int64_t axis : axes.value_or(Integers{})) {
        const auto at = absoluteAxis(axis, from->size());
        if (!at) {
            return {};
        }
        isGone[*at] = true;
    }
    Shape result;
    for (std::size_t i = 0; i < from->size(); ++i) {
        if (!isGone[i]) {
            result.push_back((*from)[i]);
        }
    }
    return one(input.dtype(0), result);
}

InferredValues unsqueeze(const RuleInput &input)
{
    const auto from = input.shape(0);
    const auto axes = input.list("axes", 1);
    if (!from || !axes) {
        return one(input.dtype(0), std::nullopt);
    }
    const std::size_t rank = from->size() + axes->size();
    std::vector<bool> isNew(rank);
    for (const std::int64_t axis : *axes) {
        const auto at = absoluteAxis(axis, rank);
        if (!at || isNew[*at]) {
            return {};
        }
        isNew[*at] = true;
    }
    Shape result;
    std::size_t next = 0;
    for (std::size_t i = 0; i < rank; ++i) {
        result.push_back(isNew[i] ? 1 : (*from)[next++]);
    }
    return one(input.dtype(0), result);
}

InferredValues flatten(const RuleInput &input)
{
    const auto from = input.shape(0);
    if (!from) {
        return one(input.dtype(0), Shape{-1, -1});
    }
    const std::int64_t axis = input.attribute("axis", 1);
    const auto rank = static_cast<std::int64_t>(from->size());
    if (axis < -rank || axis > rank) {
        return {};
    }
    const auto at = from->begin() + (axis < 0 ? axis + rank : axis);
    const auto product = [](std::span<const std::int64_t> extents) {
        const auto count = elementCount(extents); // nothing when one is unknown
        return count ? extentOr(*count) : -1;
    };
    return one(input.dtype(0), Shape{product({from->begin(), at}), product({at, from->end()})});
}

/// Elements that numpy slicing with these bounds keeps.
std::int64_t sliceExtent(std::int64_t extent, std::int64_t start, std::int64_t end,
                         std::int64_t step)
{
    if (extent < 0 || step == 0) {
        return -1;
    }
    const auto bound = [extent](std::int64_t at, std::int64_t low, std::int64_t high) {
        const std::int64_t fromFront =
            at < 0 ? std::max<std::int64_t>(at, -extent - 1) + extent : at;
        return std::clamp(fromFront, low, high);
    };
    const bool forward = step > 0;
    const std::int64_t first = forward ? bound(start, 0, extent) : bound(start, -1, extent - 1);
    const std::int64_t last = forward ? bound(end, 0, extent) : bound(end, -1, extent - 1);
    const __int128_t width =
        forward ? static_cast<__int128_t>(last) - first : static_cast<__int128_t>(first) - last;
    const __int128_t stride =
        forward ? static_cast<__int128_t>(step) : -static_cast<__int128_t>(step);
    return width <= 0 ? 0 : extentOr((width + stride - 1) / stride);
}

InferredValues slice(const RuleInput &input)
{
    auto result = input.shape(0);
    if (!result) {
        return one(input.dtype(0), std::nullopt);
    }
    const auto starts = input.list("starts", 1);
    const auto ends = input.list("ends", 2);
    const auto axes = input.list("axes", 3);
    const auto steps = input.integers(4);
    const bool isKnown = starts && ends && starts->size() == ends->size() &&
                         (axes || !input.has(3)) && (steps || !input.has(4)) &&
                         (!axes || axes->size() == starts->size()) &&
                         (!steps || steps->size() == starts->size());
    if (!isKnown) {
        return one(input.dtype(0), Shape(result->size(), -1));
    }
    for (std::size_t i = 0; i < starts->size(); ++i) {
        const auto axis =
            absoluteAxis(axes ? (*axes)[i] : static_cast<std::int64_t>(i), result->size());
        if (!axis) {
            return {};
        }
        std::int64_t &extent = (*result)[*axis];
        extent = sliceExtent(extent, (*starts)[i], (*ends)[i], steps ? (*steps)[i] : 1);
    }
    return one(input.dtype(0), result);
}

InferredValues split(const RuleInput &input)
{
    const auto from = input.shape(0);
    const auto axis = from ? absoluteAxis(input.attribute("axis", 0), from->size()) : std::nullopt;
    InferredValues results(input.outputCount());
    const auto sizes = input.list("split", 1);
    const auto parts = static_cast<std::int64_t>(input.outputCount());
    for (std::size_t i = 0; i < results.size(); ++i) {
        results[i].dtype = input.dtype(0);
        if (!axis) {
            continue;
        }
        results[i].shape = from;
        std::int64_t &extent = (*results[i].shape)[*axis];
        if (sizes && i < sizes->size()) {
            extent = extentOr((*sizes)[i]);
        } else if (sizes || input.has(1)) {
            extent = -1;          // given, but only known when running
        } else if (extent >= 0) { // equal parts, the last one smaller
            const std::int64_t part = extent / parts + (extent % parts != 0 ? 1 : 0);
            const auto before = part * static_cast<std::int64_t>(i);
            extent = std::clamp<std::int64_t>(extent - before, 0, part);
        }
    }
    return results;
}

InferredValues gather(const RuleInput &input)
{
    const auto from = input.shape(0);
    const auto indices = input.shape(1);
    const auto axis = from ? absoluteAxis(input.attribute("axis", 0), from->size()) : std::nullopt;
    if (!axis || !indices) {
        return one(input.dtype(0), std::nullopt);
    }
    Shape result(from->begin(), from->begin() + static_cast<std::ptrdiff_t>(*axis));
    result.insert(result.end(), indices->begin(), indices->end());
    result.insert(result.end(), from->begin() + static_cast<std::ptrdiff_t>(*axis) + 1,
                  from->end());
    return one(input.dtype(0), result);
}

InferredValues expand(const RuleInput &input)
{
    const auto from = input.shape(0);
    const auto target = input.integers(1);
    return one(input.dtype(0), from && target ? broadcast(*from, *target) : std::nullopt);
}

InferredValues tile(const RuleInput &input)
{
    auto result = input.shape(0);
    const auto repeats = input.integers(1);
    for (std::size_t i = 0; result && i < result->size(); ++i) {
        std::int64_t &extent = (*result)[i];
        const bool isKnown = repeats && i < repeats->size() && extent >= 0;
        extent = isKnown ? extentOr(static_cast<__int128_t>(extent) * (*repeats)[i]) : -1;
    }
    return one(input.dtype(0), result);
}

InferredValues pad(const RuleInput &input)
{
    auto result = input.shape(0);
    const auto pads = input.list("pads", 1);
    const bool isKnown = result && pads && pads->size() == 2 * result->size() && !input.has(3);
    for (std::size_t i = 0; result && i < result->size(); ++i) {
        std::int64_t &extent = (*result)[i];
        extent = isKnown && extent >= 0 ? extentOr(static_cast<__int128_t>(extent) + (*pads)[i] +
                                                   (*pads)[i + result->size()])
                                        : -1;
    }
    return one(input.dtype(0), result);
}

InferredValues moveBlocks(const RuleInput &input)
{
    auto result = input.shape(0);
    const std::int64_t block = input.attribute("blocksize", 0);
    if (!result || result->size() != 4 || block <= 0 || block > 4096) {
        return one(input.dtype(0), std::nullopt);
    }
    const bool toSpace = input.node().opType == "DepthToSpace";
    const auto scale = [](std::int64_t &extent, std::int64_t factor, bool multiply) {
        if (extent >= 0) {
            extent =
                multiply ? extentOr(static_cast<__int128_t>(extent) * factor) : extent / factor;
        }
    };
    scale((*result)[1], block * block, !toSpace);
    scale((*result)[2], block, toSpace);
    scale((*result)[3], block, toSpace);
    return one(input.dtype(0), result);
}
} // namespace

void addLayoutRules(RuleTable &table)
{
    table["Reshape"] = reshape;
    table["Transpose"] = transpose;
    table["Concat"] = concat;
    table["Squeeze"] = squeeze;
    table["Unsqueeze"] = unsqueeze;
    table["Flatten"] = flatten;
    table["Slice"] = slice;
    table["Split"] = split;
    table["Gather"] = gather;
    table["GatherElements"] = [](const RuleInput &input) {
        return one(input.dtype(0), input.shape(1));
    };
    table["Expand"] = expand;
    table["Tile"] = tile;
    table["Pad"] = pad;
    table["DepthToSpace"] = moveBlocks;
    table["SpaceToDepth"] = moveBlocks;
}

} // namespace syncpoint
