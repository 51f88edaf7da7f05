#include "viewers/graph/scene_index.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace syncpoint {
namespace {

constexpr double kSmallestCell = 512.0;
constexpr double kCellsPerItem = 2.0;
constexpr int kMostCells = 48; ///< of one item; larger ones go to a list of their own

QRectF around(const QPointF &a, const QPointF &b)
{
    return QRectF(QPointF(std::min(a.x(), b.x()) - 1.0, std::min(a.y(), b.y()) - 1.0),
                  QPointF(std::max(a.x(), b.x()) + 1.0, std::max(a.y(), b.y()) + 1.0));
}

} // namespace

SceneIndex::SceneIndex(std::shared_ptr<const GraphScene> scene)
    : m_scene(std::move(scene)), m_bounds(m_scene->bounds().adjusted(-16, -16, 16, 16))
{
    const auto items = static_cast<double>(m_scene->boxes.size() + m_scene->edges.size() + 64);
    const double area = m_bounds.width() * m_bounds.height();
    m_cell = std::max(kSmallestCell, std::sqrt(area / (items * kCellsPerItem)));
    m_columns = static_cast<int>(m_bounds.width() / m_cell) + 1;
    m_rows = static_cast<int>(m_bounds.height() / m_cell) + 1;
    m_boxes = makeLayer([this](const auto &visit) {
        for (std::uint32_t b = 1; b < m_scene->boxes.size(); ++b) {
            visit(b, m_scene->boxes[b].rect);
        }
    });
    m_edges = makeLayer([this](const auto &visit) {
        for (std::uint32_t e = 0; e < m_scene->edges.size(); ++e) {
            const auto way = m_scene->way(m_scene->edges[e]);
            for (std::size_t p = 1; p < way.size(); ++p) {
                visit(e, around(way[p - 1], way[p]));
            }
        }
    });
    m_chips = makeLayer([this](const auto &visit) {
        for (std::uint32_t c = 0; c < m_scene->chips.size(); ++c) {
            visit(c, m_scene->chips[c].rect);
        }
    });
}

SceneIndex::CellRange SceneIndex::cellsOf(const QRectF &area) const
{
    const auto cell = [this](double offset, int count) {
        return static_cast<int>(std::clamp(std::floor(offset / m_cell), 0.0, count - 1.0));
    };
    return {cell(area.left() - m_bounds.left(), m_columns),
            cell(area.top() - m_bounds.top(), m_rows),
            cell(area.right() - m_bounds.left(), m_columns),
            cell(area.bottom() - m_bounds.top(), m_rows)};
}

template <typename ForEachRect>
SceneIndex::Layer SceneIndex::makeLayer(ForEachRect forEachRect) const
{
    Layer layer;
    layer.start.assign(static_cast<std::size_t>(m_columns) * static_cast<std::size_t>(m_rows) + 1,
                       0);
    const auto forEachCell = [this](const CellRange &range, const auto &visit) {
        for (int row = range.top; row <= range.bottom; ++row) {
            for (int column = range.left; column <= range.right; ++column) {
                visit(static_cast<std::size_t>(row) * static_cast<std::size_t>(m_columns) +
                      static_cast<std::size_t>(column));
            }
        }
    };
    const auto isLarge = [](const CellRange &range) {
        return static_cast<double>(range.right - range.left + 1) *
                   static_cast<double>(range.bottom - range.top + 1) >
               kMostCells;
    };
    forEachRect([&](std::uint32_t item, const QRectF &rect) {
        const CellRange range = cellsOf(rect);
        if (!isLarge(range)) {
            forEachCell(range, [&](std::size_t cell) { ++layer.start[cell + 1]; });
        } else if (layer.large.empty() || layer.large.back() != item) {
            layer.large.push_back(item);
        }
    });
    std::partial_sum(layer.start.begin(), layer.start.end(), layer.start.begin());
    layer.items.resize(layer.start.back());
    std::vector<std::uint32_t> next(layer.start.begin(), layer.start.end() - 1);
    forEachRect([&](std::uint32_t item, const QRectF &rect) {
        const CellRange range = cellsOf(rect);
        if (!isLarge(range)) {
            forEachCell(range, [&](std::size_t cell) { layer.items[next[cell]++] = item; });
        }
    });
    return layer;
}

std::vector<std::uint32_t> SceneIndex::collect(const Layer &layer, const QRectF &area) const
{
    std::vector<std::uint32_t> found = layer.large;
    if (area.intersects(m_bounds)) {
        const CellRange range = cellsOf(area);
        for (int row = range.top; row <= range.bottom; ++row) {
            const auto first = static_cast<std::size_t>(row) * static_cast<std::size_t>(m_columns);
            const auto from = layer.start[first + static_cast<std::size_t>(range.left)];
            const auto to = layer.start[first + static_cast<std::size_t>(range.right) + 1];
            found.insert(found.end(), layer.items.begin() + from, layer.items.begin() + to);
        }
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

std::vector<std::uint32_t> SceneIndex::boxesIn(const QRectF &area) const
{
    auto found = collect(m_boxes, area);
    std::erase_if(found, [&](std::uint32_t b) { return !m_scene->boxes[b].rect.intersects(area); });
    return found;
}

std::vector<std::uint32_t> SceneIndex::edgesIn(const QRectF &area) const
{
    return collect(m_edges, area);
}

std::uint32_t SceneIndex::boxAt(const QPointF &point) const
{
    std::uint32_t innermost = GraphOutline::kNone;
    for (const std::uint32_t b : collect(m_boxes, QRectF(point, QSizeF(0.5, 0.5)))) {
        const SceneBox &box = m_scene->boxes[b];
        // Groups nest, and every other box lies in the innermost of them.
        if (box.rect.contains(point) && (innermost == GraphOutline::kNone ||
                                         m_scene->boxes[innermost].rect.contains(box.rect))) {
            innermost = b;
        }
    }
    return innermost;
}

std::uint32_t SceneIndex::chipAt(const QPointF &point) const
{
    for (const std::uint32_t c : collect(m_chips, QRectF(point, QSizeF(0.5, 0.5)))) {
        if (m_scene->chips[c].rect.contains(point)) {
            return c;
        }
    }
    return GraphOutline::kNone;
}

} // namespace syncpoint
