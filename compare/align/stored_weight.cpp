#include "compare/align/stored_weight.h"
#include "compare/align/op_family.h"
#include "compare/align/permutation.h"

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

/// Dequantization written out: a product, and before it perhaps a difference. They hold the numbers
/// of the constant behind them when its quantization parameters say so.
class WrittenOutScaling
{
public:
    /// Whether the op, met on the way to the constant, can be one of the two.
    bool take(std::string_view family)
    {
        const bool isNext = family == "mul" ? !m_hasProduct : m_hasProduct && !m_hasDifference;
        const bool isPart = isNext && (family == "mul" || family == "sub");
        m_hasProduct = m_hasProduct || (isPart && family == "mul");
        m_hasDifference = m_hasDifference || (isPart && family == "sub");
        return isPart;
    }
    bool isThere() const { return m_hasProduct; }

private:
    bool m_hasProduct = false;
    bool m_hasDifference = false;
};

/// The operand that is scaled: the other one is a constant as it stands.
ValueId scaledOperand(const Graph &graph, const Node &node)
{
    const ValueId first = node.inputs.front();
    const bool isScale = first.isValid() && graph.value(first).constant.has_value();
    return isScale && node.inputs.size() > 1 ? node.inputs[1] : first;
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
    WrittenOutScaling scaling;
    ValueId at = operand;
    while (at.isValid() && !graph.value(at).constant) {
        const NodeId producer = graph.value(at).producer;
        if (!producer.isValid() || way.size() >= kLongestChain ||
            graph.node(producer).inputs.empty()) {
            return std::nullopt;
        }
        const OpFamily *family = opFamilyOf(graph.node(producer));
        const bool isScaling = family != nullptr && scaling.take(family->name);
        if (family == nullptr || (!family->transparent && !isScaling) ||
            family->name == "quantize" || (scaling.isThere() && family->name == "dequantize")) {
            return std::nullopt;
        }
        way.push_back(producer);
        at = isScaling ? scaledOperand(graph, graph.node(producer))
                       : graph.node(producer).inputs.front();
    }
    if (!at.isValid() || !isWeight(graph.value(at)) ||
        (scaling.isThere() && !graph.value(at).quantization)) {
        return std::nullopt;
    }
    StoredWeight stored{at, graph.value(at).constant->info().shape, {}};
    stored.strides = rowMajor(stored.shape);
    for (auto step = way.rbegin(); step != way.rend(); ++step) {
        const Node &node = graph.node(*step);
        const auto &shape = graph.value(node.outputs.front()).shape;
        const std::string_view family = opFamilyOf(node)->name;
        if (family == "transpose") {
            const auto axes = permutationOf(graph, node);
            if (!axes || axes->size() != stored.shape.size()) {
                return std::nullopt;
            }
            stored.shape = reordered(stored.shape, *axes);
            stored.strides = reordered(stored.strides, *axes);
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
