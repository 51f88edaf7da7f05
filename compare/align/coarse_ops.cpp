#include "compare/align/coarse_ops.h"

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
};

constexpr auto kFormulas = std::to_array<Formula>({
    {"gelu", "erf tanh sigmoid, mul"},
    {"silu", "sigmoid, mul"},
    {"mish", "tanh, mul"},
    {"hard_swish", "hard_sigmoid clip relu, mul"},
    {"hard_sigmoid", "clip relu min"},
    {"softplus", "exp, log"},
    {"sigmoid", "exp, div reciprocal"},
    {"softmax", "exp, div mul"},
    {"log_softmax", "log softmax"},
    {"prelu", "relu"},
    {"leaky_relu", "max where"},
    {"batch_norm", "mul, add"},
    {"layer_norm", "sqrt rsqrt pow, reduce_mean"},
    {"rms_norm", "sqrt rsqrt pow, reduce_mean"},
    {"skip_layer_norm", "add, layer_norm rms_norm sqrt rsqrt pow"},
    {"instance_norm", "sqrt rsqrt pow, reduce_mean"},
    {"group_norm", "instance_norm sqrt rsqrt pow"},
    {"l2_norm", "reduce_l2 sqrt, div mul"},
    {"reduce_l2", "sqrt"},
    {"rsqrt", "sqrt, div reciprocal"},
    {"fused_matmul", "matmul"},
    {"gemm", "matmul fused_matmul"},
    {"einsum", "matmul"},
    {"attention", "softmax"},
    {"lstm", "tanh, sigmoid"},
    {"gru", "tanh, sigmoid"},
    {"rnn", "tanh relu"},
    {"conv", "conv"}, // FusedConv: with its activation or residual sum
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
           const std::function<bool(ValueClassId)> &isFree)
        : m_side(side), m_isFree(isFree)
    {
        for (const ValueClassId entry : entries) {
            m_known.insert(m_side.twins[entry.index()]);
            enqueue(entry);
        }
        constexpr std::size_t kMost = 48;
        for (std::size_t seen = 0; seen < kMost && !m_open.empty(); ++seen) {
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

/// Values inside the region that something outside reads.
std::vector<ValueClassId> leaks(const GraphSide &side, const std::vector<NodeId> &ops,
                                ValueClassId exit)
{
    std::vector<ValueClassId> result;
    for (const NodeId op : ops) {
        for (const ValueClassId value : side.outputs(op)) {
            const auto readers = side.liveReaders(value);
            const bool leaves = side.isOutput[value.index()] ||
                                std::any_of(readers.begin(), readers.end(), [&](NodeId reader) {
                                    return !std::binary_search(ops.begin(), ops.end(), reader);
                                });
            if (leaves && !side.holdSameNumbers(value, exit)) {
                result.push_back(value);
            }
        }
    }
    return result;
}

std::vector<std::string_view> readerFamilies(const GraphSide &side, ValueClassId value)
{
    std::vector<std::string_view> names;
    for (const NodeId reader : side.liveReaders(value)) {
        const OpFamily *family = side.families[reader.index()];
        std::string_view name = family != nullptr ? family->name : "";
        if (name == "gemm" || name == "fused_matmul") { // forms of one op
            name = "matmul";
        } else if (name == "skip_layer_norm") {
            name = "add";
        }
        names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

bool followsAlike(const GraphSide &coarse, ValueClassId made, const GraphSide &fine,
                  ValueClassId exit)
{
    return coarse.isOutput[made.index()] == fine.isOutput[exit.index()] &&
           readerFamilies(coarse, made) == readerFamilies(fine, exit);
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
    const std::vector<NodeId> grown = Growth(fine, entries, isFree).ops();
    std::optional<CoarseMatch> found;
    std::optional<CoarseMatch> unlike; // right but for what follows
    std::size_t alike = 0;
    std::size_t others = 0;
    for (const NodeId last : grown) {
        const ValueClassId exit = fine.outputs(last).front();
        std::set<ValueClassId> read;
        if (!canShareExit(family, fine.families[last.index()])) {
            continue;
        }
        auto ops = opsBehind(fine, grown, exit, read);
        std::sort(ops.begin(), ops.end());
        if (ops.size() < 2 ||
            !std::equal(read.begin(), read.end(), entries.begin(), entries.end()) ||
            !hasParts(fine, ops, formula->parts)) {
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
        if (found && fine.holdSameNumbers(found->exit, exit)) {
            continue; // a copy of that exit
        }
        if (followsAlike(coarse, made.front(), fine, exit)) {
            found = match;
            ++alike;
        } else {
            unlike = match;
            ++others;
        }
    }
    if (alike == 1) {
        return found;
    }
    return alike == 0 && others == 1 ? unlike : std::nullopt;
}

} // namespace syncpoint
