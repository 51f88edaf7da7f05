#pragma once
#include "viewers/graph/graph_painter.h"

namespace syncpoint {

/// The colour of a hardware unit, the same in stripe, fill and legend.
Theme::Role placeRole(std::uint8_t place);

/// The stripe at the left edge of a box: the hardware unit it ran on. Only where a model uses
/// several.
void paintPlaceStripe(QPainter &painter, const Theme &theme, const GraphScene &scene,
                      const SceneBox &box, const QRectF &rect, double scale);

/// A tag on each edge that leaves a hardware unit: how many bytes move.
void paintTransitions(QPainter &painter, const Theme &theme, const GraphScene &scene,
                      const SceneView &view, const std::vector<std::uint32_t> &edges,
                      const QFont &font);

} // namespace syncpoint
