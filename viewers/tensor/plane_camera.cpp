#include "viewers/tensor/plane_camera.h"

#include <algorithm>

namespace syncpoint {

namespace {
constexpr double kLargestZoom = 256.0;
constexpr double kSmallestZoom = 1.0 / 1024.0;
} // namespace

void PlaneCamera::setView(double zoom, QPointF centre)
{
    m_zoom = zoom <= 0.0 ? 0.0 : std::clamp(zoom, kSmallestZoom, kLargestZoom);
    m_centre = centre;
    Q_EMIT viewChanged();
}

void PlaneCamera::fit()
{
    setView(0.0, {});
}

void PlaneCamera::hover(std::optional<QPoint> cell)
{
    if (cell != m_hovered) {
        m_hovered = cell;
        Q_EMIT cursorChanged();
    }
}

void PlaneCamera::pick(std::optional<QPoint> cell)
{
    m_picked = cell;
    Q_EMIT cursorChanged();
}

} // namespace syncpoint
