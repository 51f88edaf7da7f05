#include "tests/fuzz/touch.h"

#include "core/graph/graph_builder.h"
#include "core/graph/topology.h"
#include "core/placement/place_rows.h"
#include "core/tensor/decode.h"
#include "core/tensor/summary_store.h"

#include <algorithm>
#include <array>

namespace syncpoint::fuzz {
namespace {

constexpr std::uint64_t kMostElements = 4096;        ///< decoded of one tensor, at either end
constexpr std::uint64_t kMostBytes = 1U << 20U;      ///< of tensors that are looked at whole
constexpr std::size_t kMostTensors = 64;             ///< per model or sample
constexpr std::uint64_t kElementsPerWholeBytes = 24; ///< of every packed type

volatile std::size_t g_sink = 0; ///< what is written to it is computed

void use(std::size_t number)
{
    g_sink = g_sink + number;
}

void useText(std::string_view text)
{
    use(std::hash<std::string_view>{}(text));
}

void decodePartOf(const Tensor &tensor, std::uint64_t first, std::size_t count)
{
    static std::array<double, kMostElements> reals;
    static std::array<std::int64_t, kMostElements> integers;
    if (!isNumeric(tensor.info().dtype)) {
        return;
    }
    decode(tensor.view(), first, std::span(reals).first(count));
    const bool isDeferred = tensor.view().deferred != nullptr;
    if (isInteger(tensor.info().dtype) && !isDeferred) {
        decodeRaw(tensor.view(), first, std::span(integers).first(count));
    }
}

void touchNumbers(const Tensor &tensor)
{
    const std::uint64_t all = tensor.elements();
    const auto count = static_cast<std::size_t>(std::min(all, kMostElements));
    decodePartOf(tensor, 0, count);
    decodePartOf(tensor, all - count, count);
    const std::uint64_t start = all / 2 / kElementsPerWholeBytes * kElementsPerWholeBytes;
    if (const auto part = tensor.range(start, std::min<std::uint64_t>(all - start, count))) {
        decodePartOf(*part, 0, part->elements());
    }
    if (storageBytes(tensor.info().dtype, all).value_or(0) <= kMostBytes) {
        const auto bytes = tensor.bytes();
        useText({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
    }
}

void touchTensor(const Tensor &tensor)
{
    useText(toText(tensor.info().shape));
    if (tensor.info().dtype != DType::String) {
        touchNumbers(tensor);
    } else if (tensor.storedBytes() <= kMostBytes) {
        use(tensor.strings().size());
    }
}

void touchNode(const Graph &graph, NodeId id)
{
    const Node &node = graph.node(id);
    useText(graph.displayName(id));
    use(computedInputs(graph, id).size());
    useText(graph.module(node.module).path);
    for (const Attribute &attribute : node.attributes) {
        useText(toText(attribute));
        if (const auto *tensor = std::get_if<Tensor>(&attribute.data)) {
            touchTensor(*tensor);
        }
    }
    for (const ScopeId body : node.bodies) {
        use(graph.scope(body).inputs.size());
    }
    for (const SourceFrame &frame : node.source) {
        useText(frame.file);
    }
}

void touchValue(const Graph &graph, ValueId id)
{
    const Value &value = graph.value(id);
    const auto found = graph.findValue(graph.qualifiedName(id));
    use(found ? found->index() : 0);
    if (value.shape) {
        useText(toText(*value.shape));
    }
    for (const NodeId consumer : value.consumers) {
        useText(graph.node(consumer).opType);
    }
}

void touchStore(const TensorStore &store)
{
    const std::size_t count = std::min(store.entries().size(), kMostTensors);
    for (std::size_t i = 0; i < count; ++i) {
        const TensorId id{i};
        const TensorEntry &entry = store.entry(id);
        use(store.find(entry.name).has_value() ? 1U : 0U);
        use(summaryOf(store, id).has_value() ? 1U : 0U);
        const std::uint64_t all = entry.info.elements();
        const std::uint64_t start = all / 2 / kElementsPerWholeBytes * kElementsPerWholeBytes;
        if (const auto part =
                store.readRange(id, start, std::min<std::uint64_t>(all - start, kMostElements))) {
            touchTensor(*part);
        }
        const bool isSmall = storageBytes(entry.info.dtype, all).value_or(0) <= kMostBytes;
        if (const auto whole = isSmall ? store.read(id) : Result<Tensor>(Error{})) {
            touchTensor(*whole);
        }
        store.release(id, 0, all);
    }
}

} // namespace

void touch(const Graph &graph)
{
    std::size_t tensors = 0;
    for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
        touchNode(graph, NodeId{i});
    }
    for (std::size_t i = 0; i < graph.values().size(); ++i) {
        touchValue(graph, ValueId{i});
        const auto &constant = graph.values()[i].constant;
        if (constant && ++tensors <= kMostTensors) {
            touchTensor(*constant);
        }
    }
    use(graph.parameterSizePerModule().size());
    use(depths(graph).size());
    use(constantValues(graph).size());
    use(shapeValues(graph).size());
}

void touch(const TensorDump &dump)
{
    for (const auto *stores : {&dump.samples, &dump.plainOutputs}) {
        for (const auto &store : *stores) {
            touchStore(*store);
        }
    }
    for (const Diagnostic &diagnostic : dump.diagnostics) {
        useText(diagnostic.text);
    }
    if (dump.graph) {
        touch(*dump.graph);
    }
}

void touch(std::span<const PlacementRow> rows)
{
    static const std::shared_ptr<const Graph> graph = [] {
        GraphBuilder builder;
        builder.addNode("/a/Conv", "Conv", {"x"}, {"y"});
        return builder.build().value();
    }();
    OpPlacements placements;
    placeRows(*graph, rows, placements);
    use(placements.unmatched.size());
}

} // namespace syncpoint::fuzz
