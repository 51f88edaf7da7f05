#include "compare/align/name_votes.h"
#include "compare/align/stage.h"

#include <algorithm>
#include <tuple>

namespace syncpoint {
namespace {

/// Both graphs in one, every pair a single vertex: baseline classes keep their index, unpaired
/// candidate classes follow. An edge leads from each operand to each result. Two pairs that
/// contradict the order of execution lie on a cycle.
class MergedGraph
{
public:
    explicit MergedGraph(const Pairing &pairing)
        : m_offset(pairing.reference.classCount()),
          m_edges(m_offset + pairing.candidate.classCount())
    {
        addEdges(pairing.reference, [](ValueClassId r) { return r.index(); });
        addEdges(pairing.candidate, [&](ValueClassId c) {
            const ValueClassId partner = pairing.partnerOfCandidate(c);
            return partner.isValid() ? partner.index() : m_offset + c.index();
        });
    }

    /// Vertices on cycles, grouped: the strongly connected components of more than one vertex
    /// (Tarjan 1972, with an own stack instead of recursion).
    std::vector<std::vector<std::size_t>> cycles() const
    {
        std::vector<std::vector<std::size_t>> found;
        constexpr std::size_t kNew = 0;
        std::vector<std::size_t> order(m_edges.size(), kNew);
        std::vector<std::size_t> low(m_edges.size());
        std::vector<bool> isOpen(m_edges.size());
        std::vector<std::size_t> open;
        std::vector<std::pair<std::size_t, std::size_t>> calls; // vertex, next edge
        std::size_t counter = 0;
        const auto enter = [&](std::size_t vertex) {
            order[vertex] = low[vertex] = ++counter;
            isOpen[vertex] = true;
            open.push_back(vertex);
            calls.emplace_back(vertex, 0);
        };
        for (std::size_t start = 0; start < m_edges.size(); ++start) {
            if (order[start] != kNew) {
                continue;
            }
            enter(start);
            while (!calls.empty()) {
                auto &[vertex, next] = calls.back();
                if (next < m_edges[vertex].size()) {
                    const std::size_t target = m_edges[vertex][next++];
                    if (order[target] == kNew) {
                        enter(target);
                    } else if (isOpen[target]) {
                        low[vertex] = std::min(low[vertex], order[target]);
                    }
                    continue;
                }
                const std::size_t done = vertex;
                calls.pop_back();
                if (!calls.empty()) {
                    low[calls.back().first] = std::min(low[calls.back().first], low[done]);
                }
                if (low[done] == order[done]) {
                    close(done, open, isOpen, found);
                }
            }
        }
        return found;
    }

private:
    template <typename Vertex>
    void addEdges(const GraphSide &side, Vertex vertex)
    {
        for (std::size_t i = 0; i < side.inputs.size(); ++i) {
            if (side.inputs[i].empty()) {
                continue;
            }
            for (const ValueClassId output : side.outputs(NodeId{i})) {
                for (const ValueClassId input : side.inputs[i]) {
                    m_edges[vertex(input)].push_back(vertex(output));
                }
            }
        }
    }

    static void close(std::size_t root, std::vector<std::size_t> &open, std::vector<bool> &isOpen,
                      std::vector<std::vector<std::size_t>> &found)
    {
        const auto first = std::find(open.rbegin(), open.rend(), root).base() - 1;
        if (open.end() - first > 1) {
            found.emplace_back(first, open.end());
        }
        for (auto vertex = first; vertex != open.end(); ++vertex) {
            isOpen[*vertex] = false;
        }
        open.erase(first, open.end());
    }

    std::size_t m_offset;
    std::vector<std::vector<std::size_t>> m_edges;
};

/// Of pairs that contradict the order of execution – a before b on one side, after it on the other
/// – drops the weakest until none is left.
class ConsistencyStage final : public AlignmentStage
{
public:
    std::string_view id() const override { return "consistency"; }

    Result<void> run(Pairing &pairing, const ManualMap &, const JobContext &job) const override
    {
        constexpr int kPatience = 32; // rounds of one pair per cycle; then whole cycles go
        for (int round = 0;; ++round) {
            const auto cycles = MergedGraph(pairing).cycles();
            if (cycles.empty()) {
                return {};
            }
            if (job.isCancelled()) {
                return JobContext::cancelledError();
            }
            bool dropped = false;
            for (const auto &cycle : cycles) {
                dropped = dropFrom(pairing, cycle, round >= kPatience) || dropped;
            }
            if (!dropped) {
                return {};
            }
        }
    }

private:
    static bool dropFrom(Pairing &pairing, const std::vector<std::size_t> &cycle, bool all)
    {
        std::vector<std::tuple<double, std::size_t, std::size_t>> weakest;
        for (const std::size_t vertex : cycle) {
            if (vertex >= pairing.reference.classCount() ||
                !pairing.isReferencePaired(ValueClassId{vertex})) {
                continue;
            }
            const ClassPair &pair = pairing.pairOf(ValueClassId{vertex});
            const NodeId r = pairing.reference.producer(pair.reference);
            const NodeId c = pairing.candidate.producer(pair.candidate);
            const std::size_t support =
                r.isValid() && c.isValid() ? compareOperands(pairing, r, c).agree : 0;
            weakest.emplace_back(pair.match.confidence, support, vertex);
        }
        std::sort(weakest.begin(), weakest.end());
        weakest.resize(std::min<std::size_t>(weakest.size(), all ? weakest.size() : 1));
        for (const auto &entry : weakest) {
            pairing.unpair(ValueClassId{std::get<2>(entry)});
            ++pairing.violations;
        }
        return !weakest.empty();
    }
};

} // namespace

std::unique_ptr<AlignmentStage> makeConsistencyStage()
{
    return std::make_unique<ConsistencyStage>();
}

} // namespace syncpoint
