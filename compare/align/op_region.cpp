#include "compare/align/op_region.h"
#include "compare/align/op_fit.h"
#include "compare/align/written_forms.h"

#include <algorithm>
#include <iterator>

namespace syncpoint {
namespace {

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
        constexpr std::size_t kMostReaders = 32;
        const auto readers = m_side.readers(value);
        if (readers.size() <= kMostReaders) {
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

} // namespace

std::vector<NodeId> opsFrom(const GraphSide &side, const std::vector<ValueClassId> &entries,
                            const std::function<bool(ValueClassId)> &isFree, std::size_t most)
{
    return Growth(side, entries, isFree, most).ops();
}

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
                return listHas(group, side.families[op.index()]->name);
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
        return listHas(families, side.families[op.index()]->name);
    });
}

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

} // namespace syncpoint
