#include "compare/align/stored_weight.h"
#include "compare/align/op_family.h"

#include <algorithm>

namespace syncpoint {
namespace {

constexpr std::size_t kLongestChain = 8;

/// Numbers rather than indices, shapes or flags.
bool isWeight(const Value &value)
{
    const DType dtype = value.constant->info().dtype;
    const bool isWide = dtype == DType::Int32 || dtype == DType::Int64 || dtype == DType::UInt32 ||
                        dtype == DType::UInt64 || dtype == DType::Bool;
    return isNumeric(dtype) && value.constant->storedBytes() != 0 &&
           (!isWide || value.quantization || value.constant->info().quantization);
}

} // namespace

std::vector<std::int64_t> rowMajor(const Shape &shape)
{
    std::vector<std::int64_t> strides(shape.size(), 1);
    for (std::size_t i = shape.size(); i-- > 1;) {
        strides[i - 1] = strides[i] * shape[i];
    }
    return strides;
}

std::optional<StoredWeight> storedWeight(const Graph &graph, ValueId operand)
{
    std::vector<NodeId> way;
    ValueId at = operand;
    while (at.isValid() && !graph.value(at).constant) {
        const NodeId producer = graph.value(at).producer;
        if (!producer.isValid() || way.size() >= kLongestChain ||
            graph.node(producer).inputs.empty()) {
            return std::nullopt;
        }
        const OpFamily *family = opFamilyOf(graph.node(producer));
        if (family == nullptr || !family->transparent || family->name == "quantize") {
            return std::nullopt;
        }
        way.push_back(producer);
        at = graph.node(producer).inputs.front();
    }
    if (!at.isValid() || !isWeight(graph.value(at))) {
        return std::nullopt;
    }
    StoredWeight stored{at, graph.value(at).constant->info().shape, {}};
    stored.strides = rowMajor(stored.shape);
    for (auto step = way.rbegin(); step != way.rend(); ++step) {
        const Node &node = graph.node(*step);
        const auto &shape = graph.value(node.outputs.front()).shape;
        const std::string_view family = opFamilyOf(node)->name;
        if (family == "transpose") {
            const Attribute *perm = node.findAttribute("perm");
            const auto *listed =
                perm ? std::get_if<std::vector<std::int64_t>>(&perm->data) : nullptr;
            std::vector<std::size_t> axes(stored.shape.size());
            for (std::size_t i = 0; i < axes.size(); ++i) {
                axes[i] = listed && listed->size() == axes.size()
                              ? static_cast<std::size_t>((*listed)[i])
                              : axes.size() - 1 - i;
                if (axes[i] >= axes.size() ||
                    std::find(axes.begin(), axes.begin() + static_cast<std::ptrdiff_t>(i),
                              axes[i]) != axes.begin() + static_cast<std::ptrdiff_t>(i)) {
                    return std::nullopt; // no permutation
                }
            }
            stored.shape = reordered(stored.shape, axes);
            stored.strides = reordered(stored.strides, axes);
        } else if (family == "reshape") {
            if (!shape || elementCount(*shape) != elementCount(stored.shape) ||
                stored.strides != rowMajor(stored.shape)) {
                return std::nullopt;
            }
            stored.shape = *shape;
            stored.strides = rowMajor(*shape);
        }
    }
    return stored;
}

} // namespace syncpoint
