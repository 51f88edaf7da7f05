#include "compare/align/propagation_steps.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <optional>

namespace syncpoint {
namespace {

/// Results that each hold a stretch of one value, in order along the axis.
struct Parts
{
    std::vector<ValueClassId> values;
    bool areSlices = false;
};

/// Where a Slice or a Gather of one index starts, by its constants.
std::optional<std::int64_t> startOf(const GraphSide &side, NodeId op)
{
    const Node &node = side.graph.node(op);
    if (node.inputs.size() < 2 || !node.inputs[1].isValid()) {
        return std::nullopt;
    }
    const auto &constant = side.graph.value(node.inputs[1]).constant;
    if (!constant || constant->elements() != 1 || !isInteger(constant->info().dtype)) {
        return std::nullopt;
    }
    std::int64_t start = 0;
    decodeRaw(constant->view(), 0, std::span(&start, 1));
    return start;
}

/// Nothing when the value is not only cut up in one way.
std::optional<Parts> partsOf(const GraphSide &side, ValueClassId value)
{
    const auto readers = side.readers(value);
    std::vector<std::pair<std::int64_t, ValueClassId>> slices;
    std::optional<Parts> split;
    if (readers.size() > kLargestFanOut) {
        return std::nullopt;
    }
    for (const NodeId reader : readers) {
        const OpFamily *family = side.families[reader.index()];
        const auto made = side.outputs(reader);
        if (family == nullptr || made.empty()) {
            continue;
        }
        if (family->name == "split") {
            if (split || !slices.empty()) {
                return std::nullopt;
            }
            split = Parts{made, false};
        } else if (family->name == "slice" || family->name == "embedding") {
            const auto start = startOf(side, reader);
            if (split || !start) {
                return std::nullopt;
            }
            slices.emplace_back(*start, made.front());
        }
    }
    if (split || slices.empty()) {
        return split;
    }
    std::sort(slices.begin(), slices.end());
    Parts parts{{}, true};
    for (std::size_t i = 0; i < slices.size(); ++i) {
        if (i > 0 && slices[i].first == slices[i - 1].first) {
            return std::nullopt;
        }
        parts.values.push_back(slices[i].second);
    }
    return parts;
}

} // namespace

Conclusions followParts(const Pairing &pairing, ValueClassId r, ValueClassId c)
{
    const auto own = partsOf(pairing.reference, r);
    const auto other = own ? partsOf(pairing.candidate, c) : std::nullopt;
    // Two sets of slices are compared op by op.
    if (!other || own->areSlices == other->areSlices ||
        own->values.size() != other->values.size()) {
        return {};
    }
    Conclusions found;
    for (std::size_t i = 0; i < own->values.size(); ++i) {
        found.push_back({own->values[i], other->values[i], 0.85,
                         "the same part of a value, cut out by another operation"});
    }
    return found;
}

} // namespace syncpoint
