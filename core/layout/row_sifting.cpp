#include "core/layout/row_sifting.h"

#include <algorithm>
#include <numeric>

namespace syncpoint {
namespace {

/// Pairs that cross less those that would, were both vertices swapped; both lists are sorted.
std::int64_t savedPairs(std::span<const double> left, std::span<const double> right)
{
    std::int64_t saved = 0;
    std::size_t smaller = 0;
    std::size_t notLarger = 0;
    for (const double end : left) {
        while (smaller < right.size() && right[smaller] < end) {
            ++smaller;
        }
        notLarger = std::max(notLarger, smaller);
        while (notLarger < right.size() && right[notLarger] <= end) {
            ++notLarger;
        }
        saved += static_cast<std::int64_t>(smaller + notLarger) -
                 static_cast<std::int64_t>(right.size());
    }
    return saved;
}

} // namespace

void RowSifter::collectEnds(std::span<const std::uint32_t> row)
{
    m_ends.clear();
    m_endsOf.clear();
    for (const std::uint32_t vertex : row) {
        Ends ends;
        ends.upper = m_ends.size();
        for (const std::uint32_t arc : m_proper.up.of(vertex)) {
            m_ends.push_back(m_places.source(arc));
        }
        ends.lower = m_ends.size();
        for (const std::uint32_t arc : m_proper.down.of(vertex)) {
            m_ends.push_back(m_places.target(arc));
        }
        ends.end = m_ends.size();
        const auto at = [this](std::size_t i) {
            return m_ends.begin() + static_cast<std::ptrdiff_t>(i);
        };
        std::sort(at(ends.upper), at(ends.lower));
        std::sort(at(ends.lower), at(ends.end));
        m_endsOf.push_back(ends);
    }
}

std::int64_t RowSifter::saved(std::uint32_t left, std::uint32_t right) const
{
    const Ends &a = m_endsOf[left];
    const Ends &b = m_endsOf[right];
    const std::span ends(m_ends);
    return savedPairs(ends.subspan(a.upper, a.lower - a.upper),
                      ends.subspan(b.upper, b.lower - b.upper)) +
           savedPairs(ends.subspan(a.lower, a.end - a.lower),
                      ends.subspan(b.lower, b.end - b.lower));
}

std::size_t RowSifter::bestPlace(std::size_t from, std::size_t reach) const
{
    std::size_t best = from;
    std::int64_t most = 0;
    std::int64_t gain = 0;
    for (std::size_t to = from; to > 0 && from - to < reach; --to) {
        gain += saved(m_now[to - 1], m_now[from]);
        if (gain > most) {
            most = gain;
            best = to - 1;
        }
    }
    gain = 0;
    for (std::size_t to = from + 1; to < m_now.size() && to - from <= reach; ++to) {
        gain += saved(m_now[from], m_now[to]);
        if (gain > most) {
            most = gain;
            best = to;
        }
    }
    return best;
}

void RowSifter::move(std::span<std::uint32_t> row, std::size_t from, std::size_t to)
{
    const auto rotate = [from, to](auto begin) {
        if (from < to) {
            std::rotate(begin + from, begin + from + 1, begin + to + 1);
        } else {
            std::rotate(begin + to, begin + from, begin + from + 1);
        }
    };
    rotate(row.data());
    rotate(m_now.data());
    for (std::size_t i = std::min(from, to); i <= std::max(from, to); ++i) {
        m_proper.position[row[i]] = static_cast<std::uint32_t>(i);
    }
}

bool RowSifter::sift(std::uint32_t rank, std::size_t reach)
{
    const auto row = m_proper.row(rank);
    if (row.size() < 2) {
        return false;
    }
    collectEnds(row);
    m_now.resize(row.size());
    std::iota(m_now.begin(), m_now.end(), 0U);
    m_before.assign(row.begin(), row.end());
    bool improved = false;
    for (const std::uint32_t vertex : m_before) {
        const std::size_t from = m_proper.position[vertex];
        const std::size_t to = bestPlace(from, reach);
        if (to != from) {
            move(row, from, to);
            improved = true;
        }
    }
    return improved;
}

} // namespace syncpoint
