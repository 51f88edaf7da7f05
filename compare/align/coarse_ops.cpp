#include "compare/align/coarse_ops.h"
#include "compare/align/op_fit.h"
#include "compare/align/weight_matching.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

namespace syncpoint {
namespace {

/// What the written-out form of an op cannot do without: one family of each group, groups separated
/// by commas.
struct Formula
{
    std::string_view family;
    std::string_view parts;
    std::string_view starts = {}; ///< families of the ops that read its operand when written out
    bool isExhaustive = false;    ///< no other op may be in the region
    bool endsInItself = false;    ///< the last op may be of the family itself
};

constexpr auto kFormulas = std::to_array<Formula>({
    {"gelu", "erf tanh sigmoid, mul", "div mul pow"},
    {"silu", "sigmoid, mul", "sigmoid mul"},
    {"mish", "tanh, mul", "softplus exp mul"},
    {"hard_swish", "hard_sigmoid clip relu, mul", "hard_sigmoid add mul"},
    {"hard_sigmoid", "clip relu min", "add mul"},
    {"softplus", "exp, log", "exp"},
    {"sigmoid", "exp, div reciprocal", "neg"},
    {"softmax", "exp, div mul", "exp sub reduce_max div"},
    {"log_softmax", "log softmax", "softmax"},
    {"prelu", "relu", "relu neg"},
    {"leaky_relu", "max where", "mul max where compare"},
    {"div", "reciprocal rsqrt div, mul", "mul", true},
    {"concat", "concat", "concat", true, true},
    {"add", "add", "add", true, true},
    {"batch_norm", "mul, add", "mul sub"},
    {"layer_norm", "sqrt rsqrt pow, reduce_mean", "reduce_mean sub"},
    {"rms_norm", "sqrt rsqrt pow, reduce_mean", "pow mul div"},
    {"skip_layer_norm", "add, layer_norm rms_norm sqrt rsqrt pow", "add"},
    {"instance_norm", "sqrt rsqrt pow, reduce_mean", "reduce_mean sub"},
    {"group_norm", "instance_norm sqrt rsqrt pow", "instance_norm reduce_mean sub"},
    {"l2_norm", "reduce_l2 sqrt, div mul", "reduce_l2 mul pow div"},
    {"reduce_l2", "sqrt", "mul pow"},
    {"rsqrt", "sqrt, div reciprocal", "sqrt"},
    {"fused_matmul", "matmul", "matmul"},
    {"gemm", "matmul fused_matmul", "matmul fused_matmul"},
    {"einsum", "matmul", "matmul"},
    {"attention", "softmax", "matmul mul"},
    {"lstm", "tanh, sigmoid", "embedding split slice matmul gemm"},
    {"gru", "tanh, sigmoid", "embedding split slice matmul gemm"},
    {"rnn", "tanh relu", "embedding split slice matmul gemm"},
    {"conv", "conv", "conv split slice"}, // in parts, or with its activation or residual sum
});

const Formula *formulaOf(const OpFamily *family)
{
    const auto found = std::find_if(kFormulas.begin(), kFormulas.end(), [&](const Formula &entry) {
        return family != nullptr && entry.family == family->name;
    });
    return found == kFormulas.end() ? nullptr : &*found;
}

bool contains(std::string_view list, std::string_view word)
{
    for (std::size_t at = list.find(word); at != std::string_view::npos;
         at = list.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const auto isBoundary = [](char c) { return c == ' ' || c == ','; };
        if ((at == 0 || isBoundary(list[at - 1])) &&
            (end == list.size() || isBoundary(list[end]))) {
            return true;
        }
    }
    return false;
}

/// The ops that can be computed from the entries alone, in execution order.
class Growth
{
public:
    Growth(const GraphSide &side, const std::vector<ValueClassId> &entries,
           const std::function<bool(ValueClassId)> &isFree, std::size_t most)
        : m_side(side), m_isFree(isFree)
    {
        for (const ValueClassId entry : entries) {
            m_known.insert(m_side.twins[entry.index()]);
            enqueue(entry);
        }
        for (std::size_t seen = 0; seen < most && !m_open.empty(); ++seen) {
            const NodeId op = *m_open.begin();
            m_open.erase(m_open.begin());
            take(op);
        }
    }

    const std::vector<NodeId> &ops() const { return m_ops; }

private:
    void enqueue(ValueClassId value)
    {
        constexpr std::size_t kLargestFanOut = 32;
        const auto readers = m_side.readers(value);
        if (readers.size() <= kLargestFanOut) {
            m_open.insert(readers.begin(), readers.end());
        }
    }

    void take(NodeId op)
    {
        const auto &inputs = m_side.inputs[op.index()];
        const auto outputs = m_side.outputs(op);
        const bool isReady = std::all_of(inputs.begin(), inputs.end(), [&](ValueClassId input) {
            return m_known.contains(m_side.twins[input.index()]);
        });
        if (!isReady || outputs.empty() || m_side.families[op.index()] == nullptr ||
            !std::all_of(outputs.begin(), outputs.end(), m_isFree)) {
            return;
        }
        m_ops.push_back(op);
        for (const ValueClassId output : outputs) {
            m_known.insert(m_side.twins[output.index()]);
            enqueue(output);
        }
    }

    const GraphSide &m_side;
    const std::function<bool(ValueClassId)> &m_isFree;
    std::set<ValueClassId> m_known;
    std::set<NodeId> m_open;
    std::vector<NodeId> m_ops;
};

/// The ops of `grown` that `exit` depends on, execution order; and the entries they read.
std::vector<NodeId> opsBehind(const GraphSide &side, const std::vector<NodeId> &grown,
                              ValueClassId exit, std::set<ValueClassId> &entries)
{
    const auto numbersOf = [&](ValueClassId id) { return side.twins[id.index()]; };
    std::set<ValueClassId> wanted{numbersOf(exit)};
    std::set<ValueClassId> made;
    std::vector<NodeId> ops;
    for (auto op = grown.rbegin(); op != grown.rend(); ++op) {
        const auto outputs = side.outputs(*op);
        const bool isWanted = std::any_of(outputs.begin(), outputs.end(), [&](ValueClassId output) {
            return wanted.contains(numbersOf(output));
        });
        if (isWanted) {
            ops.push_back(*op);
            for (const ValueClassId output : outputs) {
                made.insert(numbersOf(output));
            }
            for (const ValueClassId input : side.inputs[op->index()]) {
                wanted.insert(numbersOf(input));
            }
        }
    }
    std::set_difference(wanted.begin(), wanted.end(), made.begin(), made.end(),
                        std::inserter(entries, entries.end()));
    std::reverse(ops.begin(), ops.end());
    return ops;
}

bool hasParts(const GraphSide &side, const std::vector<NodeId> &ops, std::string_view parts)
{
    while (!parts.empty()) {
        const std::string_view group = parts.substr(0, parts.find(','));
        if (std::none_of(ops.begin(), ops.end(), [&](NodeId op) {
                return contains(group, side.families[op.index()]->name);
            })) {
            return false;
        }
        parts.remove_prefix(std::min(parts.size(), group.size() + 1));
    }
    return true;
}

bool hasOnly(const GraphSide &side, const std::vector<NodeId> &ops, std::string_view families)
{
    return std::all_of(ops.begin(), ops.end(), [&](NodeId op) {
        return contains(families, side.families[op.index()]->name);
    });
}

/// Values inside the region that something outside reads; copies of its ops are not outside.
std::vector<ValueClassId> leaks(const GraphSide &side, const std::vector<NodeId> &ops,
                                ValueClassId exit)
{
    std::set<ValueClassId> inside;
    for (const NodeId op : ops) {
        for (const ValueClassId value : side.outputs(op)) {
            inside.insert(side.twins[value.index()]);
        }
    }
    const auto isOutside = [&](NodeId reader) {
        const auto made = side.outputs(reader);
        return made.empty() || !inside.contains(side.twins[made.front().index()]);
    };
    std::vector<ValueClassId> result;
    for (const NodeId op : ops) {
        for (const ValueClassId value : side.outputs(op)) {
            const auto readers = side.liveReaders(value);
            const bool leaves = side.isOutput[value.index()] ||
                                std::any_of(readers.begin(), readers.end(), isOutside);
            if (leaves && !side.holdSameNumbers(value, exit)) {
                result.push_back(value);
            }
        }
    }
    return result;
}

/// Families of the ops that read a value or a copy of it, forms of one op under one name, sorted.
std::vector<std::string_view> readerFamilies(const GraphSide &side, ValueClassId value)
{
    std::vector<std::string_view> names;
    std::set<ValueClassId> seen; // copies of a reader count once
    for (const NodeId reader : side.readers(value)) {
        const auto made = side.outputs(reader);
        if (made.empty() || !side.isUsed[made.front().index()] ||
            !seen.insert(side.twins[made.front().index()]).second) {
            continue;
        }
        const OpFamily *family = side.families[reader.index()];
        std::string_view name = family != nullptr ? family->name : "";
        if (name == "gemm" || name == "fused_matmul") {
            name = "matmul";
        } else if (name == "skip_layer_norm") {
            name = "add";
        } else if (name == "clip") {
            name = "relu";
        }
        names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

/// Whether every family of `own` that `other` lacks is a coarse op that starts with some of what is
/// left of `other`, and nothing is left over then.
bool explains(const std::vector<std::string_view> &own, const std::vector<std::string_view> &other)
{
    std::vector<std::string_view> missing;
    std::vector<std::string_view> left;
    std::set_difference(own.begin(), own.end(), other.begin(), other.end(),
                        std::back_inserter(missing));
    std::set_difference(other.begin(), other.end(), own.begin(), own.end(),
                        std::back_inserter(left));
    const auto formulaNamed = [](std::string_view name) {
        return std::find_if(kFormulas.begin(), kFormulas.end(),
                            [&](const Formula &formula) { return formula.family == name; });
    };
    const auto startsWith = [&](std::string_view name, std::string_view first) {
        const auto formula = formulaNamed(name);
        return formula != kFormulas.end() && contains(formula->starts, first);
    };
    return std::all_of(missing.begin(), missing.end(),
                       [&](std::string_view name) {
                           return std::any_of(
                               left.begin(), left.end(),
                               [&](std::string_view first) { return startsWith(name, first); });
                       }) &&
           std::all_of(left.begin(), left.end(), [&](std::string_view first) {
               return std::any_of(missing.begin(), missing.end(),
                                  [&](std::string_view name) { return startsWith(name, first); });
           });
}

/// How well what follows fits: 2 the same families, 1 families that others are written out to, 0
/// not.
std::size_t likeness(const GraphSide &coarse, ValueClassId made, const GraphSide &fine,
                     ValueClassId exit)
{
    const auto own = readerFamilies(coarse, made);
    const auto other = readerFamilies(fine, exit);
    if (coarse.isOutput[made.index()] != fine.isOutput[exit.index()]) {
        return 0;
    }
    return own == other ? 2 : explains(own, other) || explains(other, own) ? 1 : 0;
}

/// The best of several exits, if it is the only one of its likeness.
class BestExit
{
public:
    void offer(const GraphSide &fine, CoarseMatch match, std::size_t likeness)
    {
        if (m_best && fine.holdSameNumbers(m_best->exit, match.exit)) {
            return; // a copy of that exit
        }
        if (!m_best || likeness > m_likeness) {
            m_best = std::move(match);
            m_likeness = likeness;
            m_isOnly = true;
        } else if (likeness == m_likeness) {
            m_isOnly = false;
        }
    }
    std::optional<CoarseMatch> take() { return m_isOnly ? std::move(m_best) : std::nullopt; }

private:
    std::optional<CoarseMatch> m_best;
    std::size_t m_likeness = 0;
    bool m_isOnly = false;
};

bool isRecurrence(std::string_view family)
{
    return family == "lstm" || family == "gru" || family == "rnn";
}

/// Recurrences are unrolled step by step.
std::size_t mostOps(std::string_view family)
{
    return isRecurrence(family) ? 4096 : 48;
}

/// Elements of all weights that the ops read, each counted once.
std::uint64_t weightsOf(const GraphSide &side, const std::vector<NodeId> &ops)
{
    std::uint64_t sum = 0;
    std::set<ValueId> seen;
    for (const NodeId op : ops) {
        for (const ValueId input : side.graph.node(op).inputs) {
            if (input.isValid() && seen.insert(input).second) {
                const std::uint64_t elements = constantElements(side, input);
                sum += elements > 1 ? elements : 0;
            }
        }
    }
    return sum;
}

/// Whether the ops that `join` joins hold the weight of `op` in order; also where it is not known.
bool holdsParts(const GraphSide &coarse, NodeId op, const GraphSide &fine, NodeId join)
{
    constexpr double kAlike = 0.05; // 4 bits cost up to 0.02
    const auto whole = WeightOperand::of(coarse, op);
    std::uint64_t first = 0;
    for (const ValueClassId input : fine.inputs[join.index()]) {
        const NodeId maker = fine.producer(input);
        const auto operand = maker.isValid() ? WeightOperand::of(fine, maker) : std::nullopt;
        const auto part = operand ? operand->sample() : std::nullopt;
        if (!whole || !part || !part->isMatrix) {
            return true;
        }
        const auto count = static_cast<std::uint64_t>(part->extents.front());
        const auto stretch = whole->sampleChannels(first, count);
        if (!stretch || stretch->extents != part->extents ||
            weightDistance(*stretch, *part) > kAlike) {
            return false;
        }
        first += count;
    }
    return true;
}

/// Whether elements fit, and weights where the region must hold the op's.
bool sizesFit(const GraphSide &coarse, NodeId op, const GraphSide &fine,
              const std::vector<NodeId> &ops, ValueClassId exit)
{
    const auto wanted = coarse.elements(coarse.outputs(op).front());
    const auto found = fine.elements(exit);
    if (wanted && found && *wanted != *found) {
        return false;
    }
    const std::string_view family = coarse.families[op.index()]->name;
    const bool isInParts = family == "conv" && fine.family(exit)->name == "concat";
    const std::uint64_t own = weightsOf(coarse, {op});
    const std::uint64_t other = weightsOf(fine, ops);
    if (!isInParts && !isRecurrence(family)) {
        constexpr std::uint64_t kFew = 64; // ones and zeros of norms, packed weights
        return other <= 2 * own + kFew;
    }
    constexpr std::uint64_t kTolerance = 4; // a quarter: states to start from, merged biases
    return isInParts ? own == other && holdsParts(coarse, op, fine, fine.producer(exit))
                     : std::max(own, other) - std::min(own, other) <= own / kTolerance;
}

} // namespace

bool isCoarse(const OpFamily *family)
{
    return formulaOf(family) != nullptr;
}

std::optional<CoarseMatch> findWrittenOut(const GraphSide &coarse, NodeId op, const GraphSide &fine,
                                          std::vector<ValueClassId> entries,
                                          const std::function<bool(ValueClassId)> &isFree)
{
    const OpFamily *family = coarse.families[op.index()];
    const Formula *formula = formulaOf(family);
    const auto made = coarse.outputs(op);
    if (formula == nullptr || made.empty() || entries.empty()) {
        return std::nullopt;
    }
    std::transform(entries.begin(), entries.end(), entries.begin(),
                   [&](ValueClassId entry) { return fine.twins[entry.index()]; });
    std::sort(entries.begin(), entries.end());
    entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
    const std::vector<NodeId> grown = Growth(fine, entries, isFree, mostOps(family->name)).ops();
    BestExit best;
    for (const NodeId last : grown) {
        const ValueClassId exit = fine.outputs(last).front();
        std::set<ValueClassId> read;
        // The op itself after another one is no other form of it but an inserted op.
        const bool isSame = family == fine.families[last.index()];
        if (!canShareExit(family, fine.families[last.index()]) ||
            (isSame && !formula->endsInItself)) {
            continue;
        }
        auto ops = opsBehind(fine, grown, exit, read);
        std::sort(ops.begin(), ops.end());
        if (ops.size() < 2 ||
            !std::equal(read.begin(), read.end(), entries.begin(), entries.end()) ||
            !hasParts(fine, ops, formula->parts) ||
            (formula->isExhaustive && !hasOnly(fine, ops, formula->parts)) ||
            !sizesFit(coarse, op, fine, ops, exit)) {
            continue;
        }
        CoarseMatch match{exit, {}};
        const auto leaking = leaks(fine, ops, exit);
        if (!leaking.empty()) {
            // Only SkipLayerNormalization hands out an inner value: the sum.
            const bool isSum = made.size() == 2 && leaking.size() == 1 &&
                               family->name == "skip_layer_norm" &&
                               fine.family(leaking.front())->name == "add";
            if (!isSum) {
                continue;
            }
            match.others.emplace_back(made.back(), leaking.front());
        }
        best.offer(fine, std::move(match), likeness(coarse, made.front(), fine, exit));
    }
    return best.take();
}

} // namespace syncpoint
