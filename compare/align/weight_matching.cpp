#include "compare/align/weight_matching.h"
#include "compare/align/channel_blocks.h"
#include "compare/align/weight_contents.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace syncpoint {
namespace {

Rescaling rescalingBetween(const WeightSample &a, const WeightSample &b)
{
    if (!a.hasLengths || !b.hasLengths) {
        return Rescaling::Unknown;
    }
    constexpr double kTolerance = 0.04; // rounding to 4 bits changes a length by about 1 %
    std::size_t changed = 0;
    for (std::size_t i = 0; i < a.rows; ++i) {
        const double ratio = double{b.lengths[i]} / std::max(double{a.lengths[i]}, 1e-30);
        changed += std::abs(ratio - 1.0) > kTolerance ? 1U : 0U;
    }
    return a.isMatrix && 4 * changed > a.rows ? Rescaling::Yes : Rescaling::No;
}

struct Best
{
    std::size_t index = SIZE_MAX;
    double error = 1.0;
    double second = 1.0;

    void offer(std::size_t candidate, double distance)
    {
        if (distance < error) {
            second = error;
            error = distance;
            index = candidate;
        } else {
            second = std::min(second, distance);
        }
    }
    bool isClear(bool isMatrix) const
    {
        const double most = isMatrix ? 0.02 : 0.04;
        // Rounding to 4 bits costs more than that, but then nothing else is anywhere near.
        const bool isFar = isMatrix && error < 0.08 && second > 5.0 * error;
        return index != SIZE_MAX && ((error < most && error < 0.5 * second) || isFar);
    }
};

std::vector<CommonWeight> matched(const std::vector<WeightContent> &own,
                                  const std::vector<WeightContent> &other)
{
    std::vector<Best> ofOwn(own.size());
    std::vector<Best> ofOther(other.size());
    forEachMeeting(own, other, [&](std::size_t i, std::size_t j) {
        if (own[i].sample.rows == other[j].sample.rows &&
            own[i].sample.columns == other[j].sample.columns) {
            const double error = weightDistance(own[i].sample, other[j].sample);
            ofOwn[i].offer(j, error);
            ofOther[j].offer(i, error);
        }
    });
    std::vector<CommonWeight> result;
    for (std::size_t i = 0; i < own.size(); ++i) {
        const std::size_t j = ofOwn[i].index;
        const bool isMatrix = own[i].sample.isMatrix;
        if (ofOwn[i].isClear(isMatrix) && ofOther[j].isClear(isMatrix) && ofOther[j].index == i) {
            result.push_back({own[i].users, other[j].users, isMatrix,
                              rescalingBetween(own[i].sample, other[j].sample),
                              other[j].channelBlock});
        }
    }
    return result;
}

using LayoutList = std::vector<std::vector<std::size_t>>;

/// Orders in which a converter may have stored a weight of this rank, relative to the other model:
/// OIHW from OHWI, HWIO, IOHW; a transposed matrix.
const LayoutList &otherLayouts(std::size_t rank)
{
    static const LayoutList none;
    static const LayoutList two{{1, 0}};
    static const LayoutList three{{0, 2, 1}, {1, 0, 2}, {2, 1, 0}};
    static const LayoutList four{{0, 3, 1, 2}, {0, 2, 3, 1}, {3, 2, 0, 1},
                                 {2, 3, 1, 0}, {1, 0, 2, 3}, {3, 0, 1, 2}};
    return rank == 2 ? two : rank == 3 ? three : rank == 4 ? four : none;
}

std::vector<WeightContent> contentsOf(const GraphSide &side, const std::vector<NodeId> &ops)
{
    WeightContents contents;
    for (const NodeId op : ops) {
        const auto operand = WeightOperand::of(side, op);
        if (!operand) {
            continue;
        }
        if (worksInChannelBlocks(side.graph.node(op))) {
            for (const std::size_t block : kChannelBlocks) {
                const auto undone = operand->withoutBlocks(block);
                if (auto sample = undone ? undone->sample() : std::nullopt) {
                    contents.add(op, std::move(*sample), block);
                }
            }
        } else if (auto sample = operand->sample()) {
            contents.add(op, std::move(*sample));
        }
    }
    return contents.take();
}

/// What is left over on both sides, the candidate's in other layouts.
std::vector<WeightContent> relaidWeightContents(const GraphSide &side,
                                                const std::vector<NodeId> &ops)
{
    WeightContents contents;
    for (const NodeId op : ops) {
        const auto operand = WeightOperand::of(side, op);
        const Shape extents = operand ? operand->extents() : Shape{};
        for (const auto &axes : otherLayouts(extents.size())) {
            if (auto sample = operand->sample(axes)) {
                contents.add(op, std::move(*sample));
            }
        }
    }
    return contents.take();
}

std::vector<NodeId> without(const std::vector<NodeId> &ops, const std::vector<CommonWeight> &found,
                            std::vector<NodeId> CommonWeight::*users)
{
    std::vector<NodeId> used;
    for (const CommonWeight &weight : found) {
        used.insert(used.end(), (weight.*users).begin(), (weight.*users).end());
    }
    std::sort(used.begin(), used.end());
    std::vector<NodeId> left;
    std::copy_if(ops.begin(), ops.end(), std::back_inserter(left),
                 [&](NodeId op) { return !std::binary_search(used.begin(), used.end(), op); });
    return left;
}

} // namespace

double weightDistance(const WeightSample &a, const WeightSample &b)
{
    if (!a.isMatrix) {
        double difference = 0.0;
        double size = 0.0;
        for (std::size_t i = 0; i < a.values.size(); ++i) {
            difference += std::pow(double{a.values[i]} - double{b.values[i]}, 2);
            size += double{a.values[i]} * double{a.values[i]} +
                    double{b.values[i]} * double{b.values[i]};
        }
        return size > 0.0 ? std::min(1.0, std::sqrt(2.0 * difference / size)) : 1.0;
    }
    constexpr double kHopeless = 0.5;
    std::array<double, 16> errors{};
    std::size_t bad = 0;
    const std::size_t allowed = a.rows / 10 + (a.rows >= 8 ? 1U : 0U);
    for (std::size_t i = 0; i < a.rows; ++i) {
        double dot = 0.0;
        const auto own = a.row(i);
        const auto other = b.row(i);
        for (std::size_t j = 0; j < own.size(); ++j) {
            dot += double{own[j]} * double{other[j]};
        }
        const bool bothZero = a.lengths[i] == 0.0F && b.lengths[i] == 0.0F;
        errors[i] = bothZero ? 0.0 : 1.0 - std::min(1.0, std::abs(dot));
        bad += errors[i] > kHopeless ? 1U : 0U;
        if (bad > allowed) {
            return 1.0;
        }
    }
    std::sort(errors.begin(), errors.begin() + static_cast<std::ptrdiff_t>(a.rows));
    double sum = 0.0;
    for (std::size_t i = 0; i + allowed < a.rows; ++i) {
        sum += errors[i];
    }
    return sum / static_cast<double>(a.rows - allowed);
}

std::vector<CommonWeight> findCommonWeights(const GraphSide &reference,
                                            const std::vector<NodeId> &referenceOps,
                                            const GraphSide &candidate,
                                            const std::vector<NodeId> &candidateOps)
{
    auto found = matched(contentsOf(reference, referenceOps), contentsOf(candidate, candidateOps));
    const auto leftOwn = without(referenceOps, found, &CommonWeight::referenceUsers);
    const auto leftOther = without(candidateOps, found, &CommonWeight::candidateUsers);
    for (CommonWeight &weight :
         matched(contentsOf(reference, leftOwn), relaidWeightContents(candidate, leftOther))) {
        found.push_back(std::move(weight));
    }
    return found;
}

} // namespace syncpoint
