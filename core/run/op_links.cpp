#include "core/run/op_links.h"
#include "core/graph/topology.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

namespace syncpoint {

namespace {
/// Original ops in execution order; ids of a graph are.
using Region = std::set<NodeId>;

bool isMain(const Node &node)
{
    return node.scope.index() == 0;
}

/// What an op's name says: it begins with the name of an original op, or of an op's result.
struct Anchor
{
    NodeId op;
    bool isResult = false; ///< the op of the rewritten graph gives this very result
};

class Linker
{
public:
    Linker(const Graph &rewritten, const Graph &original)
        : m_rewritten(rewritten), m_original(original), m_known(rewritten.values().size()),
          m_skipped(constantValues(original)), m_links(rewritten.nodes().size()),
          m_group(rewritten.nodes().size())
    {
        const auto shapes = shapeValues(original);
        for (std::size_t i = 0; i < shapes.size(); ++i) {
            m_skipped[i] = m_skipped[i] || shapes[i];
        }
    }

    std::vector<std::vector<NodeId>> link()
    {
        findKnownValues();
        indexNames();
        for (const auto &[root, group] : groups()) {
            linkGroup(group);
        }
        spread();
        return std::move(m_links);
    }

private:
    void findKnownValues()
    {
        for (std::size_t i = 0; i < m_known.size(); ++i) {
            const Value &value = m_rewritten.values()[i];
            if (value.scope.index() != 0 || value.isConstant) {
                continue;
            }
            const auto twin = m_original.findValue(value.name);
            if (twin && m_original.value(*twin).scope.index() == 0) {
                m_known[i] = *twin;
                if (value.producer.isValid()) {
                    m_stops.insert(*twin);
                }
            }
        }
    }

    void indexNames()
    {
        for (std::size_t i = 0; i < m_original.nodes().size(); ++i) {
            const Node &node = m_original.nodes()[i];
            if (!isMain(node)) {
                continue;
            }
            if (!node.name.empty()) {
                m_names.emplace(node.name, Anchor{NodeId{i}, false});
            }
            for (const ValueId output : node.outputs) {
                if (output.isValid() && !m_skipped[output.index()]) {
                    m_names.emplace(m_original.value(output).name, Anchor{NodeId{i}, true});
                }
            }
        }
    }

    std::size_t rootOf(std::size_t op)
    {
        while (m_group[op] != op) {
            op = m_group[op] = m_group[m_group[op]];
        }
        return op;
    }

    /// Ops tied together by values of unknown names.
    std::map<std::size_t, std::vector<NodeId>> groups()
    {
        std::iota(m_group.begin(), m_group.end(), std::size_t{0});
        for (std::size_t i = 0; i < m_known.size(); ++i) {
            const Value &value = m_rewritten.values()[i];
            if (m_known[i].isValid() || !value.producer.isValid() || value.isConstant) {
                continue;
            }
            for (const NodeId consumer : value.consumers) {
                m_group[rootOf(consumer.index())] = rootOf(value.producer.index());
            }
        }
        std::map<std::size_t, std::vector<NodeId>> groups;
        for (std::size_t op = 0; op < m_group.size(); ++op) {
            if (isMain(m_rewritten.nodes()[op])) {
                groups[rootOf(op)].emplace_back(op);
            }
        }
        return groups;
    }

    void linkGroup(const std::vector<NodeId> &group)
    {
        const Region region = regionOf(group);
        std::map<NodeId, Anchor> anchors;
        for (const NodeId op : group) {
            const auto anchor = anchorOf(op, region);
            if (anchor) {
                anchors.emplace(op, *anchor);
            }
        }
        if (group.size() == 1 || anchors.empty()) {
            for (const NodeId op : group) {
                m_links[op.index()].assign(region.begin(), region.end());
                moveToFront(m_links[op.index()], anchors, op);
            }
        } else {
            share(region, anchors);
        }
    }

    /// What lies in the original between the group's known results and what it takes in.
    Region regionOf(const std::vector<NodeId> &group)
    {
        std::set<ValueId> ends;
        for (const NodeId op : group) {
            for (const ValueId output : m_rewritten.node(op).outputs) {
                if (output.isValid() && m_known[output.index()].isValid()) {
                    ends.insert(m_known[output.index()]);
                }
            }
        }
        Region region;
        std::vector<ValueId> open(ends.begin(), ends.end());
        while (!open.empty()) {
            const NodeId producer = m_original.value(open.back()).producer;
            open.pop_back();
            if (!producer.isValid() || !region.insert(producer).second) {
                continue;
            }
            for (const ValueId input : computedInputs(m_original, producer)) {
                if (m_stops.count(input) == 0 && !m_skipped[input.index()]) {
                    open.push_back(input);
                }
            }
        }
        return region;
    }

    /// The longest name of an op or result in the region that begins the op's name.
    std::optional<Anchor> anchorOf(NodeId op, const Region &region) const
    {
        std::string name = m_rewritten.node(op).name;
        for (; !name.empty(); name.pop_back()) {
            const auto found = m_names.find(name);
            if (found != m_names.end() && region.count(found->second.op) != 0) {
                return found->second;
            }
        }
        return std::nullopt;
    }

    /// Gives every op of the region to the anchored op whose work it is part of.
    void share(const Region &region, const std::map<NodeId, Anchor> &anchors)
    {
        std::map<NodeId, NodeId> owners; // of the original ops
        for (const auto &[op, anchor] : anchors) {
            owners.emplace(anchor.op, op);
        }
        const auto before = [&](NodeId op) { return neighbours(op, true); };
        const auto after = [&](NodeId op) { return neighbours(op, false); };
        // What a known result is made of, then what follows a known op, then the rest.
        std::set<NodeId> results;
        for (const auto &[op, anchor] : anchors) {
            if (anchor.isResult) {
                results.insert(op);
            }
        }
        claim(region.rbegin(), region.rend(), owners, after,
              [&](NodeId owner) { return results.count(owner) != 0; });
        claim(region.begin(), region.end(), owners, before, [](NodeId) { return true; });
        claim(region.rbegin(), region.rend(), owners, after, [](NodeId) { return true; });
        for (const auto &[original, op] : owners) {
            m_links[op.index()].push_back(original);
        }
        for (const auto &[op, anchor] : anchors) {
            moveToFront(m_links[op.index()], anchors, op);
        }
    }

    template <typename Iterator, typename Neighbours, typename Filter>
    static void claim(Iterator first, Iterator last, std::map<NodeId, NodeId> &owners,
                      const Neighbours &neighbours, const Filter &filter)
    {
        for (; first != last; ++first) {
            if (owners.count(*first) != 0) {
                continue;
            }
            for (const NodeId neighbour : neighbours(*first)) {
                const auto owner = owners.find(neighbour);
                if (owner != owners.end() && filter(owner->second)) {
                    owners.emplace(*first, owner->second);
                    break;
                }
            }
        }
    }

    std::vector<NodeId> neighbours(NodeId op, bool before) const
    {
        const Node &node = m_original.node(op);
        std::vector<NodeId> found;
        for (const ValueId id : before ? node.inputs : node.outputs) {
            if (!id.isValid()) {
                continue;
            }
            const Value &value = m_original.value(id);
            if (!before) {
                found.insert(found.end(), value.consumers.begin(), value.consumers.end());
            } else if (value.producer.isValid()) {
                found.push_back(value.producer);
            }
        }
        return found;
    }

    static void moveToFront(std::vector<NodeId> &links, const std::map<NodeId, Anchor> &anchors,
                            NodeId op)
    {
        const auto anchor = anchors.find(op);
        if (anchor != anchors.end()) {
            const auto place = std::find(links.begin(), links.end(), anchor->second.op);
            std::rotate(links.begin(), place, place == links.end() ? place : std::next(place));
        }
    }

    /// Inserted ops get the links of what they feed, else of what feeds them; first inside their
    /// group.
    void spread()
    {
        for (const bool inGroup : {true, false}) {
            for (std::size_t op = m_links.size(); op-- > 0;) {
                adopt(op, m_rewritten.nodes()[op].outputs, inGroup);
            }
            for (std::size_t op = 0; op < m_links.size(); ++op) {
                adopt(op, m_rewritten.nodes()[op].inputs, inGroup);
            }
        }
    }

    /// Links of the first op at the other end of `values`.
    void adopt(std::size_t op, const std::vector<ValueId> &values, bool inGroup)
    {
        for (const ValueId id : values) {
            if (!id.isValid() || !m_links[op].empty()) {
                continue;
            }
            const Value &value = m_rewritten.value(id);
            const bool isOwn = value.producer == NodeId{op};
            const NodeId other = !isOwn                    ? value.producer
                                 : value.consumers.empty() ? NodeId{}
                                                           : value.consumers.front();
            if (other.isValid() && (!inGroup || rootOf(other.index()) == rootOf(op))) {
                m_links[op] = m_links[other.index()];
            }
        }
    }

    const Graph &m_rewritten;
    const Graph &m_original;
    std::vector<ValueId> m_known; ///< the value of the original of the same name
    std::set<ValueId> m_stops;    ///< known values that some op of the rewritten graph gives
    std::vector<bool> m_skipped;  ///< of the original: folded into constants
    std::unordered_map<std::string, Anchor> m_names;
    std::vector<std::vector<NodeId>> m_links;
    std::vector<std::size_t> m_group; ///< union-find
};
} // namespace

std::vector<std::vector<NodeId>> linkToOriginal(const Graph &rewritten, const Graph &original)
{
    return Linker(rewritten, original).link();
}

} // namespace syncpoint
