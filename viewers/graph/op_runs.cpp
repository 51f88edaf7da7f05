#include "viewers/graph/op_runs.h"

#include "core/tensor/dtype.h"

#include <algorithm>

namespace syncpoint {
namespace {

std::uint8_t placeNamed(OpRuns &runs, const std::string &name)
{
    if (name.empty()) {
        return OpRun::kUnknown;
    }
    const QString text = QString::fromStdString(name);
    const auto found = std::find(runs.places.begin(), runs.places.end(), text);
    if (found != runs.places.end()) {
        return static_cast<std::uint8_t>(found - runs.places.begin());
    }
    if (runs.places.size() == OpRun::kMixed) {
        return OpRun::kUnknown;
    }
    runs.places.push_back(text);
    return static_cast<std::uint8_t>(runs.places.size() - 1);
}

} // namespace

void OpRun::add(const OpRun &part)
{
    microseconds += part.microseconds;
    if (part.place != kUnknown) {
        place = place == kUnknown || place == part.place ? part.place : kMixed;
    }
}

OpRuns opRuns(const Graph &graph, Side side, const ComparisonResult &result)
{
    OpRuns runs;
    runs.ofNode.resize(graph.nodes().size());
    for (std::size_t n = 0; n < runs.ofNode.size(); ++n) {
        runs.ofNode[n].place = placeNamed(runs, graph.nodes()[n].placement);
    }
    const auto &points = result.alignment.points;
    for (std::size_t p = 0; p < std::min(points.size(), result.points.size()); ++p) {
        const bool isBaseline = side == Side::Baseline;
        const NodeId node = isBaseline ? points[p].referenceNode : points[p].candidateNode;
        if (!node.isValid() || node.index() >= runs.ofNode.size()) {
            continue;
        }
        OpRun &run = runs.ofNode[node.index()];
        const auto &time = isBaseline ? result.points[p].baselineMicroseconds
                                      : result.points[p].candidateMicroseconds;
        run.microseconds = std::max(run.microseconds, time.value_or(0.0));
        if (!isBaseline && !result.points[p].candidatePlacement.empty()) {
            run.place = placeNamed(runs, result.points[p].candidatePlacement);
        }
    }
    for (const OpRun &run : runs.ofNode) {
        runs.total += run.microseconds;
        runs.slowest = std::max(runs.slowest, run.microseconds);
    }
    return runs;
}

std::uint64_t bytesOf(const Value &value)
{
    if (!value.shape || value.dtype == DType::Undefined) {
        return 0;
    }
    std::uint64_t elements = 1;
    for (const std::int64_t extent : *value.shape) {
        if (extent < 0) {
            return 0;
        }
        if (__builtin_mul_overflow(elements, static_cast<std::uint64_t>(extent), &elements)) {
            return 0;
        }
    }
    return storageBytes(value.dtype, elements).value_or(0);
}

} // namespace syncpoint
