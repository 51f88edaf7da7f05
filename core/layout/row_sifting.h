#pragma once
#include "core/layout/arc_places.h"

#include <cstdint>
#include <span>
#include <vector>

namespace syncpoint {

/// Moves vertices within a rank to where their arcs cross fewest others while both neighbouring
/// ranks stand still: C. Matuszewski et al., "Using Sifting for k-Layer Straightline Crossing
/// Minimization", GD 1999. With a reach of one place it swaps neighbours.
class RowSifter
{
public:
    RowSifter(ProperGraph &proper, const ArcPlaces &places) : m_proper(proper), m_places(places) {}

    /// Tries every vertex of the rank once, up to `reach` places to either side. True when arcs
    /// cross less than before.
    bool sift(std::uint32_t rank, std::size_t reach);

private:
    struct Ends
    {
        std::size_t upper = 0, lower = 0, end = 0; ///< into m_ends; sorted places of the far ends
    };
    void collectEnds(std::span<const std::uint32_t> row);
    std::int64_t saved(std::uint32_t left, std::uint32_t right) const;
    std::size_t bestPlace(std::size_t from, std::size_t reach) const;
    void move(std::span<std::uint32_t> row, std::size_t from, std::size_t to);

    ProperGraph &m_proper;
    const ArcPlaces &m_places;
    std::vector<double> m_ends;
    std::vector<Ends> m_endsOf;       ///< per place before sifting
    std::vector<std::uint32_t> m_now; ///< that place, for every place now
    std::vector<std::uint32_t> m_before;
};

} // namespace syncpoint
