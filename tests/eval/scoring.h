#pragma once
#include "compare/align/alignment.h"
#include "net.h"

#include <utility>
#include <vector>

namespace syncpoint::eval {

/// Pairs found by any method: baseline value, candidate value.
using Pairs = std::vector<std::pair<ValueId, ValueId>>;

struct Score
{
    std::size_t right = 0;
    std::size_t wrong = 0;
    std::size_t found = 0;      ///< truth values in a right pair
    std::size_t known = 0;      ///< truth values
    std::size_t violations = 0; ///< pairs of pairs that contradict each other's order
    std::size_t proven = 0;     ///< values said to be in one model only
    std::size_t disproved = 0;  ///< those that have a counterpart
    double seconds = 0.0;

    double precision() const;
    double recall() const;
    double f1() const;
    Score &operator+=(const Score &other);
};

/// Judges pairs as tools/score_alignment does: by class, only where a value occurs in the truth.
/// Counting violations takes quadratic time and memory.
Score judge(const Graph &baseline, const Graph &candidate, const Truth &truth, const Pairs &pairs,
            bool countViolations = true);

Pairs pairsOf(const Alignment &alignment);
/// What other tools do: equal names; equal names after known suffixes; the n-th op of each family.
Pairs pairByName(const Graph &baseline, const Graph &candidate);
Pairs pairByNameAndSuffix(const Graph &baseline, const Graph &candidate);
Pairs pairByFamilyOrder(const Graph &baseline, const Graph &candidate);

} // namespace syncpoint::eval
