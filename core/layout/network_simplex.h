#pragma once
#include <cstdint>
#include <vector>

namespace syncpoint {

/// A demand on ranks: the target stands at least one rank below the source, and every rank of the
/// way costs `weight`.
struct RankEdge
{
    std::uint32_t source = 0;
    std::uint32_t target = 0;
    std::uint32_t weight = 1;
};

/// Changes feasible ranks into ones whose weighted edges are shortest in sum: E. Gansner et al., "A
/// Technique for Drawing Directed Graphs", IEEE TSE 1993, section 2.3. The edges connect all nodes
/// that count. Looks at about `work` edges; when that is too little, the ranks are feasible and no
/// worse than before. They may become negative.
void shortenEdges(std::vector<std::int64_t> &rank, const std::vector<RankEdge> &edges,
                  std::uint64_t work);

} // namespace syncpoint
