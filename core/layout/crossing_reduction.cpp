#include "core/layout/crossing_reduction.h"

#include "core/layout/arc_places.h"
#include "core/layout/row_sifting.h"

#include <algorithm>
#include <optional>
#include <random>
#include <utility>

namespace syncpoint {
namespace {

constexpr std::uint32_t kSiftingPasses = 4;

/// Counts pairs of arcs that cross between neighbouring ranks. Keeps scratch memory.
class CrossingCounter
{
public:
    CrossingCounter(const ProperGraph &proper, const ArcPlaces &places)
        : m_proper(proper), m_places(places)
    {
    }
    std::uint64_t count()
    {
        std::uint64_t crossings = 0;
        for (std::uint32_t r = 0; r + 1 < m_proper.rankCount(); ++r) {
            m_lower.clear();
            for (const std::uint32_t vertex : m_proper.row(r)) {
                appendLowerEnds(vertex);
            }
            crossings += countInversions();
        }
        return crossings;
    }

private:
    void appendLowerEnds(std::uint32_t vertex)
    {
        const auto arcs = m_proper.down.of(vertex);
        if (arcs.size() == 1) {
            m_lower.push_back(m_places.target(arcs.front()));
            return;
        }
        m_ends.clear();
        for (const std::uint32_t arc : arcs) {
            m_ends.emplace_back(m_places.source(arc), m_places.target(arc));
        }
        std::sort(m_ends.begin(), m_ends.end());
        for (const auto &[source, target] : m_ends) {
            m_lower.push_back(target);
        }
    }
    /// Merge sort from runs of one upwards: taking from the right half passes all left in the left.
    std::uint64_t countInversions()
    {
        std::uint64_t inversions = 0;
        m_merged.resize(m_lower.size());
        for (std::size_t run = 1; run < m_lower.size(); run *= 2) {
            for (std::size_t begin = 0; begin < m_lower.size(); begin += 2 * run) {
                const std::size_t middle = std::min(begin + run, m_lower.size());
                const std::size_t end = std::min(middle + run, m_lower.size());
                std::size_t left = begin;
                std::size_t right = middle;
                for (std::size_t to = begin; to < end; ++to) {
                    if (right == end || (left < middle && m_lower[left] <= m_lower[right])) {
                        m_merged[to] = m_lower[left++];
                    } else {
                        inversions += middle - left;
                        m_merged[to] = m_lower[right++];
                    }
                }
            }
            m_lower.swap(m_merged);
        }
        return inversions;
    }

    const ProperGraph &m_proper;
    const ArcPlaces &m_places;
    std::vector<std::pair<double, double>> m_ends;
    std::vector<double> m_lower, m_merged;
};

/// Sorts ranks by the medians of their vertices' neighbours in the rank above or below. Keeps
/// scratch memory.
class RowSorter
{
public:
    RowSorter(ProperGraph &proper, const ArcPlaces &places) : m_proper(proper), m_places(places) {}

    /// Equal medians turn round from now on, or keep their order.
    void setTurnsTies(bool on) { m_turnsTies = on; }
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

private:
    struct Keyed
    {
        double key = 0.0;
        std::uint32_t vertex = 0;
    };

    /// Weighted towards the denser side when their number is even; nothing without neighbours.
    std::optional<double> median(std::uint32_t vertex, bool byUpper)
    {
        m_ends.clear();
        for (const std::uint32_t arc : (byUpper ? m_proper.up : m_proper.down).of(vertex)) {
            m_ends.push_back(byUpper ? m_places.source(arc) : m_places.target(arc));
        }
        if (m_ends.empty()) {
            return std::nullopt;
        }
        std::sort(m_ends.begin(), m_ends.end());
        const std::size_t middle = m_ends.size() / 2;
        if (m_ends.size() % 2 == 1) {
            return m_ends[middle];
        }
        const double left = m_ends[middle - 1] - m_ends.front();
        const double right = m_ends.back() - m_ends[middle];
        if (left + right <= 0.0) {
            return (m_ends[middle - 1] + m_ends[middle]) / 2.0;
        }
        return (m_ends[middle - 1] * right + m_ends[middle] * left) / (left + right);
    }

    /// Vertices without neighbours on that side keep their place; the others share the rest.
    void sortRow(std::uint32_t r, bool byUpper)
    {
        const auto row = m_proper.row(r);
        if (row.size() < 2) {
            return;
        }
        m_sorted.clear();
        m_free.clear();
        for (std::uint32_t i = 0; i < row.size(); ++i) {
            if (const auto key = median(row[i], byUpper)) {
                m_free.push_back(i);
                m_sorted.push_back({*key, row[i]});
            }
        }
        if (m_turnsTies) {
            std::reverse(m_sorted.begin(), m_sorted.end());
        }
        std::stable_sort(m_sorted.begin(), m_sorted.end(),
                         [](const Keyed &a, const Keyed &b) { return a.key < b.key; });
        for (std::size_t i = 0; i < m_free.size(); ++i) {
            row[m_free[i]] = m_sorted[i].vertex;
            m_proper.position[m_sorted[i].vertex] = m_free[i];
        }
    }

    ProperGraph &m_proper;
    const ArcPlaces &m_places;
    bool m_turnsTies = false;
    std::vector<double> m_ends;
    std::vector<Keyed> m_sorted;
    std::vector<std::uint32_t> m_free; ///< places of the vertices in m_sorted
};

/// How much is tried: a graph of some hundred nodes can afford many starts.
struct Effort
{
    std::uint32_t starts = 1;   ///< orders to begin with
    std::uint32_t rounds = 0;   ///< most of each
    std::uint32_t patience = 2; ///< rounds without gain that end it
    std::size_t reach = 1;      ///< places a vertex may move at once
};

Effort effortFor(const ProperGraph &proper, std::uint32_t rounds)
{
    constexpr std::size_t kSmall = 4000; ///< arcs
    constexpr std::size_t kMostStarts = 12;
    constexpr std::size_t kReach = 16;
    if (proper.arcs.size() > kSmall) {
        return {1, rounds, 2, 1};
    }
    const std::size_t affordable = kSmall / std::max<std::size_t>(proper.arcs.size(), 1);
    return {static_cast<std::uint32_t>(std::clamp<std::size_t>(affordable, 1, kMostStarts)),
            3 * rounds, 4, kReach};
}

class Reducer
{
public:
    Reducer(ProperGraph &proper, const Effort &effort)
        : m_proper(proper), m_places(proper), m_counter(proper, m_places),
          m_sorter(proper, m_places), m_sifter(proper, m_places), m_effort(effort),
          m_fewest(m_counter.count()), m_best(proper.order)
    {
    }

    void run(const JobContext &job)
    {
        const std::vector<std::uint32_t> first = m_proper.order;
        std::minstd_rand random; // fixed seed: the same graph gives the same drawing
        for (std::uint32_t start = 0; start < m_effort.starts; ++start) {
            if (start > 0) {
                use(first);
                shuffle(random);
            }
            improve(start % 2 == 0, job);
        }
        use(m_best);
    }

private:
    void improve(bool isDown, const JobContext &job)
    {
        std::uint64_t fewest = m_counter.count();
        std::uint32_t withoutGain = 0;
        for (std::uint32_t round = 0; round < m_effort.rounds && m_fewest > 0; ++round) {
            if (job.isCancelled() || withoutGain == m_effort.patience) {
                return;
            }
            m_sorter.setTurnsTies(round / 2 % 2 == 1);
            isDown ? m_sorter.sweepDown() : m_sorter.sweepUp();
            isDown = !isDown;
            siftAll();
            const std::uint64_t crossings = m_counter.count();
            withoutGain = crossings < fewest ? 0 : withoutGain + 1;
            fewest = std::min(fewest, crossings);
            if (crossings < m_fewest) {
                m_fewest = crossings;
                m_best = m_proper.order;
            }
        }
    }
    void siftAll()
    {
        bool improved = true;
        for (std::uint32_t pass = 0; improved && pass < kSiftingPasses; ++pass) {
            improved = false;
            for (std::uint32_t r = 0; r < m_proper.rankCount(); ++r) {
                improved = m_sifter.sift(r, m_effort.reach) || improved;
            }
        }
    }
    void shuffle(std::minstd_rand &random)
    {
        for (std::uint32_t r = 0; r < m_proper.rankCount(); ++r) {
            const auto row = m_proper.row(r);
            for (std::size_t i = row.size(); i > 1; --i) {
                std::swap(row[i - 1], row[random() % i]);
            }
        }
        use(m_proper.order);
    }
    void use(const std::vector<std::uint32_t> &order)
    {
        m_proper.order = order;
        for (std::uint32_t r = 0; r < m_proper.rankCount(); ++r) {
            const auto row = m_proper.row(r);
            for (std::uint32_t i = 0; i < row.size(); ++i) {
                m_proper.position[row[i]] = i;
            }
        }
    }

    ProperGraph &m_proper;
    ArcPlaces m_places;
    CrossingCounter m_counter;
    RowSorter m_sorter;
    RowSifter m_sifter;
    Effort m_effort;
    std::uint64_t m_fewest;
    std::vector<std::uint32_t> m_best;
};

} // namespace

std::uint64_t countCrossings(const ProperGraph &proper)
{
    const ArcPlaces places(proper);
    return CrossingCounter(proper, places).count();
}

void reduceCrossings(ProperGraph &proper, std::uint32_t rounds, const JobContext &job)
{
    Reducer(proper, effortFor(proper, rounds)).run(job);
}

} // namespace syncpoint
