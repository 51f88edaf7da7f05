#include "tests/bench/benches.h"

#include "core/layout/layered_layout.h"
#include "tests/bench/timing.h"

#include <fmt/format.h>

namespace syncpoint::bench {
namespace {

constexpr int kRounds = 3;

/// The ops of a transformer as exporters write it: normalisation, three heads, attention, a gated
/// feed-forward part and two skips per block.
class TransformerGraph
{
public:
    explicit TransformerGraph(std::size_t ops)
    {
        std::uint32_t block = addOp({});
        while (m_graph.nodes.size() < ops) {
            const std::uint32_t attended = addAttention(normalise(block));
            const std::uint32_t middle = addOp({attended, block});
            block = addOp({addFeedForward(normalise(middle)), middle});
        }
    }
    const LayoutGraph &graph() const { return m_graph; }

private:
    std::uint32_t addOp(std::initializer_list<std::uint32_t> inputs)
    {
        const auto op = static_cast<std::uint32_t>(m_graph.nodes.size());
        m_graph.nodes.push_back({208.0, 40.0, LayoutNode::Pin::None});
        for (const std::uint32_t input : inputs) {
            m_graph.edges.push_back({input, op, 0, LayoutEdge::kAuto, LayoutEdge::kAuto});
        }
        return op;
    }
    std::uint32_t chain(std::uint32_t from, int length)
    {
        for (int i = 0; i < length; ++i) {
            from = addOp({from});
        }
        return from;
    }
    std::uint32_t normalise(std::uint32_t input)
    {
        const std::uint32_t centred = addOp({input, chain(input, 1)});
        return addOp({centred, chain(centred, 3)});
    }
    std::uint32_t addAttention(std::uint32_t input)
    {
        const std::uint32_t scores = chain(addOp({chain(input, 4), chain(input, 4)}), 2);
        return chain(addOp({scores, chain(input, 4)}), 4);
    }
    std::uint32_t addFeedForward(std::uint32_t input)
    {
        const std::uint32_t up = chain(input, 2);
        return chain(addOp({up, chain(up, 3)}), 2);
    }
    LayoutGraph m_graph;
};

void measure(BenchReport &report, std::size_t ops, double limit)
{
    const TransformerGraph transformer(ops);
    const double seconds = fastestSeconds({{fmt::format("layout-{}", ops),
                                            [&transformer] {
                                                const auto layout = layoutLayered(
                                                    transformer.graph(), {}, JobContext{});
                                                keep(layout ? layout->height : 0.0);
                                            }}},
                                          kRounds)
                               .front();
    report.add({fmt::format("layout of {} ops", ops), seconds * 1000.0, "ms", limit, false,
                "synthetic transformer"});
}

} // namespace

void layoutBench(BenchReport &report)
{
    measure(report, 10'000, 50.0);
    measure(report, 50'000, 300.0);
}

} // namespace syncpoint::bench
