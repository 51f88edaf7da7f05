#pragma once
#include "viewers/graph/graph_scene.h"

#include <vector>

namespace syncpoint {

/// A grid over a scene: what is in a rectangle or under a point, without looking at all of it.
/// Keeps the scene alive.
class SceneIndex
{
public:
    explicit SceneIndex(std::shared_ptr<const GraphScene> scene);

    /// Boxes that touch the rectangle, groups before their content; box 0 is left out.
    std::vector<std::uint32_t> boxesIn(const QRectF &area) const;
    /// Edges with a piece near the rectangle, ascending.
    std::vector<std::uint32_t> edgesIn(const QRectF &area) const;
    /// The innermost box there; kNone on the background.
    std::uint32_t boxAt(const QPointF &point) const;
    /// Index into GraphScene::chips; kNone when there is none.
    std::uint32_t chipAt(const QPointF &point) const;

private:
    struct CellRange
    {
        int left = 0, top = 0, right = 0, bottom = 0;
    };
    /// One kind of item in compressed rows, cell by cell.
    struct Layer
    {
        std::vector<std::uint32_t> start, items;
        std::vector<std::uint32_t> large; ///< over so many cells that looking at each is cheaper
    };
    CellRange cellsOf(const QRectF &area) const;
    template <typename ForEachRect>
    Layer makeLayer(ForEachRect forEachRect) const;
    std::vector<std::uint32_t> collect(const Layer &layer, const QRectF &area) const;

    std::shared_ptr<const GraphScene> m_scene;
    QRectF m_bounds;
    double m_cell = 512.0;
    int m_columns = 1, m_rows = 1;
    Layer m_boxes, m_edges, m_chips;
};

} // namespace syncpoint
