#include "core/run/capture_plan.h"

#include <algorithm>
#include <utility>

namespace syncpoint {

namespace {
/// 0 when the shape or type is not known.
std::uint64_t bytesOf(const Value &value)
{
    const auto elements = value.shape ? elementCount(*value.shape) : std::nullopt;
    const auto bytes = elements ? storageBytes(value.dtype, *elements) : std::nullopt;
    return bytes.value_or(0);
}

/// What a run holds at most when results go as soon as their last reader is done. Inputs and
/// outputs stay until the end.
std::uint64_t workingPeak(const Graph &graph)
{
    const auto nodes = graph.nodes();
    std::vector<std::size_t> readersLeft(graph.values().size());
    std::uint64_t held = 0;
    for (std::size_t i = 0; i < readersLeft.size(); ++i) {
        const Value &value = graph.values()[i];
        readersLeft[i] = value.consumers.size();
        held += value.isInput && !value.isConstant && value.scope.index() == 0 ? bytesOf(value) : 0;
    }
    std::uint64_t peak = held;
    for (const Node &node : nodes) {
        for (const ValueId output : node.outputs) {
            held += output.isValid() ? bytesOf(graph.value(output)) : 0;
        }
        peak = std::max(peak, held);
        for (const ValueId input : node.inputs) {
            if (input.isValid() && readersLeft[input.index()] > 0 &&
                --readersLeft[input.index()] == 0) {
                const Value &value = graph.value(input);
                const bool goes = value.producer.isValid() && !value.isOutput && !value.isConstant;
                held -= goes ? bytesOf(value) : 0;
            }
        }
    }
    return peak;
}
} // namespace

std::vector<CaptureBatch> planBatches(const Graph &graph, const std::vector<std::string> &taps,
                                      std::uint64_t limit)
{
    std::vector<CaptureBatch> batches(1);
    if (limit == 0) {
        batches.front().taps = taps;
        return batches;
    }
    // A plan of very many small batches would cost more than trying larger ones.
    constexpr std::uint64_t kSmallestShare = 8;
    const std::uint64_t peak = std::min(workingPeak(graph), limit);
    const std::uint64_t room = std::max(limit - peak, limit / kSmallestShare);
    std::uint64_t used = 0;
    for (const std::string &tap : taps) {
        const auto value = graph.findValue(tap);
        const std::uint64_t bytes = value ? bytesOf(graph.value(*value)) : 0;
        if (!batches.back().taps.empty() && bytes > room - std::min(used, room)) {
            batches.push_back({{}, 0, false, false});
            used = 0;
        }
        batches.back().taps.push_back(tap);
        used += bytes;
    }
    return batches;
}

std::pair<CaptureBatch, CaptureBatch> halved(const CaptureBatch &batch)
{
    const auto middle =
        batch.taps.begin() + static_cast<std::ptrdiff_t>((batch.taps.size() + 1) / 2);
    return {{{batch.taps.begin(), middle}, batch.firstSample, batch.withPorts, batch.inSubgraphs},
            {{middle, batch.taps.end()}, batch.firstSample, false, batch.inSubgraphs}};
}

} // namespace syncpoint
