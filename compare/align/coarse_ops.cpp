#include "compare/align/coarse_ops.h"
#include "compare/align/op_fit.h"
#include "compare/align/op_region.h"
#include "compare/align/weight_matching.h"
#include "compare/align/written_forms.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace syncpoint {
namespace {

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
    const auto startsWith = [&](std::string_view name, std::string_view first) {
        const WrittenForm *form = writtenFormOf(name);
        return form != nullptr && listHas(form->starts, first);
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
    return writtenFormOf(family) != nullptr;
}

std::optional<CoarseMatch> findWrittenOut(const GraphSide &coarse, NodeId op, const GraphSide &fine,
                                          std::vector<ValueClassId> entries,
                                          const std::function<bool(ValueClassId)> &isFree)
{
    const OpFamily *family = coarse.families[op.index()];
    const WrittenForm *form = writtenFormOf(family);
    const auto made = coarse.outputs(op);
    if (form == nullptr || made.empty() || entries.empty()) {
        return std::nullopt;
    }
    std::transform(entries.begin(), entries.end(), entries.begin(),
                   [&](ValueClassId entry) { return fine.twins[entry.index()]; });
    std::sort(entries.begin(), entries.end());
    entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
    const std::vector<NodeId> grown = opsFrom(fine, entries, isFree, mostOps(family->name));
    BestExit best;
    for (const NodeId last : grown) {
        const ValueClassId exit = fine.outputs(last).front();
        std::set<ValueClassId> read;
        // The op itself after another one is no other form of it but an inserted op.
        const bool isSame = family == fine.families[last.index()];
        if (!canShareExit(family, fine.families[last.index()]) || (isSame && !form->endsInItself)) {
            continue;
        }
        auto ops = opsBehind(fine, grown, exit, read);
        std::sort(ops.begin(), ops.end());
        if (ops.size() < 2 ||
            !std::equal(read.begin(), read.end(), entries.begin(), entries.end()) ||
            !hasParts(fine, ops, form->parts) ||
            (form->isExhaustive && !hasOnly(fine, ops, form->parts)) ||
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
