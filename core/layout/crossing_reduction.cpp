#include "core/layout/crossing_reduction.h"

#include <algorithm>
#include <cmath>

namespace syncpoint {
namespace {

constexpr std::size_t kFewArcs = 24;          ///< below, comparing all pairs beats the tree
constexpr std::size_t kMostPairChecks = 1024; ///< per swap; hubs keep their place
constexpr int kTransposePasses = 4;
constexpr int kRoundsWithoutGain = 2;

/// Crossings of arcs sorted by (upper, lower) position: inversions of the lower positions.
class InversionCounter
{
public:
    std::uint64_t count(std::span<const std::uint32_t> lower, std::size_t width)
    {
        return lower.size() <= kFewArcs ? countPairs(lower) : countInTree(lower, width);
    }

private:
    static std::uint64_t countPairs(std::span<const std::uint32_t> lower)
    {
        std::uint64_t crossings = 0;
        for (std::size_t i = 1; i < lower.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                crossings += lower[j] > lower[i] ? 1U : 0U;
            }
        }
        return crossings;
    }
    std::uint64_t countInTree(std::span<const std::uint32_t> lower, std::size_t width)
    {
        m_tree.assign(width + 1, 0);
        std::uint64_t crossings = 0;
        for (std::size_t i = 0; i < lower.size(); ++i) {
            std::uint64_t notRight = 0;
            for (std::size_t k = lower[i] + 1; k > 0; k -= k & (~k + 1)) {
                notRight += m_tree[k];
            }
            crossings += i - notRight;
            for (std::size_t k = lower[i] + 1; k <= width; k += k & (~k + 1)) {
                ++m_tree[k];
            }
        }
        return crossings;
    }
    std::vector<std::uint32_t> m_tree;
};

/// The sweeps; keeps scratch memory over all rows.
class Reducer
{
public:
    explicit Reducer(ProperGraph &proper) : m_proper(proper) {}

    void sweepDown()
    {
        for (std::uint32_t r = 1; r < m_proper.rankCount(); ++r) {
            sortRow(r, true);
        }
    }
    void sweepUp()
    {
        for (std::uint32_t r = m_proper.rankCount(); r-- > 0;) {
            sortRow(r, false);
        }
    }
    void transpose()
    {
        bool improved = true;
        for (int pass = 0; improved && pass < kTransposePasses; ++pass) {
            improved = false;
            for (std::uint32_t r = 0; r < m_proper.rankCount(); ++r) {
                improved = transposeRow(r) || improved;
            }
        }
    }

private:
    struct Keyed
    {
        double key = 0.0;
        std::uint32_t vertex = 0;
    };

    /// Where the arc's other end is: the vertex's place plus where on the vertex it is attached.
    double place(std::uint32_t vertex, double port) const
    {
        const double width = m_proper.width[vertex];
        const double share = width > 0.0 ? std::clamp(port / width, -0.49, 0.49) : 0.0;
        return m_proper.position[vertex] + share;
    }
    double median(std::uint32_t vertex, bool byUpper)
    {
        m_places.clear();
        if (byUpper) {
            for (const std::uint32_t a : m_proper.up.of(vertex)) {
                m_places.push_back(place(m_proper.arcs[a].source, m_proper.arcs[a].sourcePort));
            }
        } else {
            for (const std::uint32_t a : m_proper.down.of(vertex)) {
                m_places.push_back(place(m_proper.arcs[a].target, m_proper.arcs[a].targetPort));
            }
        }
        if (m_places.empty()) {
            return -1.0;
        }
        std::sort(m_places.begin(), m_places.end());
        const std::size_t middle = m_places.size() / 2;
        if (m_places.size() % 2 == 1) {
            return m_places[middle];
        }
        return (m_places[middle - 1] + m_places[middle]) / 2.0;
    }

    /// Vertices without neighbours on that side keep their place; the others share the rest.
    void sortRow(std::uint32_t r, bool byUpper)
    {
        const auto row = m_proper.row(r);
        if (row.size() < 2) {
            return;
        }
        m_sorted.clear();
        m_isFree.assign(row.size(), 0);
        for (std::size_t i = 0; i < row.size(); ++i) {
            const double key = median(row[i], byUpper);
            if (key >= -0.5) {
                m_isFree[i] = 1;
                m_sorted.push_back({key, row[i]});
            }
        }
        const auto less = [](const Keyed &a, const Keyed &b) { return a.key < b.key; };
        if (std::is_sorted(m_sorted.begin(), m_sorted.end(), less)) {
            return;
        }
        std::stable_sort(m_sorted.begin(), m_sorted.end(), less);
        std::size_t next = 0;
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (m_isFree[i] != 0) {
                row[i] = m_sorted[next++].vertex;
                m_proper.position[row[i]] = static_cast<std::uint32_t>(i);
            }
        }
    }

    void neighbours(std::uint32_t vertex, std::vector<double> &upper, std::vector<double> &lower)
    {
        upper.clear();
        lower.clear();
        for (const std::uint32_t a : m_proper.up.of(vertex)) {
            upper.push_back(place(m_proper.arcs[a].source, m_proper.arcs[a].sourcePort));
        }
        for (const std::uint32_t a : m_proper.down.of(vertex)) {
            lower.push_back(place(m_proper.arcs[a].target, m_proper.arcs[a].targetPort));
        }
    }
    /// Crossings saved when the left vertex moves to the right one's other side.
    static std::int64_t gain(const std::vector<double> &left, const std::vector<double> &right)
    {
        std::int64_t saved = 0;
        for (const double a : left) {
            for (const double b : right) {
                saved += a > b ? 1 : a < b ? -1 : 0;
            }
        }
        return saved;
    }
    bool transposeRow(std::uint32_t r)
    {
        const auto row = m_proper.row(r);
        bool improved = false;
        for (std::size_t i = 1; i < row.size(); ++i) {
            neighbours(row[i - 1], m_upperLeft, m_lowerLeft);
            neighbours(row[i], m_upperRight, m_lowerRight);
            if (m_upperLeft.size() * m_upperRight.size() +
                    m_lowerLeft.size() * m_lowerRight.size() >
                kMostPairChecks) {
                continue;
            }
            if (gain(m_upperLeft, m_upperRight) + gain(m_lowerLeft, m_lowerRight) > 0) {
                std::swap(row[i - 1], row[i]);
                m_proper.position[row[i - 1]] = static_cast<std::uint32_t>(i - 1);
                m_proper.position[row[i]] = static_cast<std::uint32_t>(i);
                improved = true;
            }
        }
        return improved;
    }

    ProperGraph &m_proper;
    std::vector<double> m_places, m_upperLeft, m_upperRight, m_lowerLeft, m_lowerRight;
    std::vector<Keyed> m_sorted;
    std::vector<std::uint8_t> m_isFree;
};

} // namespace

std::uint64_t countCrossings(const ProperGraph &proper)
{
    InversionCounter counter;
    std::vector<std::uint32_t> lower;
    std::uint64_t crossings = 0;
    for (std::uint32_t r = 0; r + 1 < proper.rankCount(); ++r) {
        lower.clear();
        for (const std::uint32_t vertex : proper.row(r)) {
            const std::size_t first = lower.size();
            for (const std::uint32_t a : proper.down.of(vertex)) {
                lower.push_back(proper.position[proper.arcs[a].target]);
            }
            std::sort(lower.begin() + static_cast<std::ptrdiff_t>(first), lower.end());
        }
        crossings += counter.count(lower, proper.row(r + 1).size());
    }
    return crossings;
}

void reduceCrossings(ProperGraph &proper, std::uint32_t rounds, const JobContext &job)
{
    Reducer reducer(proper);
    std::uint64_t fewest = countCrossings(proper);
    std::vector<std::uint32_t> best = proper.order;
    int withoutGain = 0;
    for (std::uint32_t round = 0; round < rounds && fewest > 0; ++round) {
        if (job.isCancelled() || withoutGain == kRoundsWithoutGain) {
            break;
        }
        reducer.sweepDown();
        reducer.sweepUp();
        reducer.transpose();
        const std::uint64_t crossings = countCrossings(proper);
        ++withoutGain;
        if (crossings < fewest) {
            fewest = crossings;
            best = proper.order;
            withoutGain = 0;
        }
    }
    proper.order = std::move(best);
    for (std::uint32_t r = 0; r < proper.rankCount(); ++r) {
        const auto row = proper.row(r);
        for (std::uint32_t i = 0; i < row.size(); ++i) {
            proper.position[row[i]] = i;
        }
    }
}

} // namespace syncpoint
