#include "viewers/tensor/plane_view.h"

#include "ui/theme/theme.h"
#include "viewers/tensor/plane_camera.h"

#include <algorithm>
#include <cmath>

namespace syncpoint {

namespace {
constexpr int kHeaderHeight = 20;
} // namespace

PlaneView::PlaneView(QString title, PlaneCamera &camera, const Theme &theme, QWidget *parent)
    : QWidget(parent), m_title(std::move(title)), m_camera(camera), m_theme(theme)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(m_title);
    connect(&m_camera, &PlaneCamera::viewChanged, this, [this] {
        updateImage();
        update();
    });
    connect(&m_camera, &PlaneCamera::cursorChanged, this, qOverload<>(&QWidget::update));
}

void PlaneView::setPlane(Plane plane, Reduction reduction)
{
    m_further.clear();
    show(std::move(plane), reduction);
}

void PlaneView::setColorPlanes(std::array<Plane, 3> planes)
{
    m_further = {std::move(planes[1]), std::move(planes[2])};
    show(std::move(planes[0]), Reduction::Mean);
}

void PlaneView::show(Plane plane, Reduction reduction)
{
    m_plane = std::move(plane);
    m_reduction = reduction;
    m_image = {};
    m_factor = 0; // nothing is reduced yet
    updateImage();
    update();
}

void PlaneView::setColors(const PlaneColors &colors)
{
    if (colors != m_colors) {
        m_colors = colors;
        m_image = {};
        updateImage();
        update();
    }
}

std::size_t PlaneView::wantedFactor() const
{
    return std::max<std::size_t>(1, static_cast<std::size_t>(1.0 / effectiveZoom()));
}

void PlaneView::updateImage()
{
    if (!m_plane.isEmpty()) {
        renderAt(wantedFactor());
    }
    if (m_swipe != nullptr) {
        m_swipe->renderAt(std::max<std::size_t>(1, m_factor)); // it is hidden and has no size
    }
}

/// Paints no more pixels than the screen has: planes of millions of cells are reduced first.
void PlaneView::renderAt(std::size_t factor)
{
    if (factor != m_factor && !m_plane.isEmpty()) {
        m_factor = factor;
        reduce();
        m_image = {};
    }
    if (m_image.isNull() && !m_plane.isEmpty()) {
        m_image = rendered();
    }
}

void PlaneView::reduce()
{
    m_reduced.clear();
    for (std::size_t i = 0; m_factor > 1 && i <= m_further.size(); ++i) {
        m_reduced.push_back(
            reducePlane(i == 0 ? m_plane : m_further[i - 1], m_factor, m_reduction));
    }
}

QImage PlaneView::rendered() const
{
    const std::size_t columns = (m_plane.columns + m_factor - 1) / m_factor;
    const auto values = [this](std::size_t i) -> std::span<const float> {
        return m_factor > 1 ? std::span<const float>(m_reduced[i])
               : i == 0     ? m_plane.values
                            : m_further[i - 1].values;
    };
    return m_further.empty() ? renderPlane(values(0), columns, m_colors)
                             : renderColors({values(0), values(1), values(2)}, columns, m_colors);
}

void PlaneView::resizeEvent(QResizeEvent * /*event*/)
{
    updateImage();
}

void PlaneView::setTileNames(QStringList names)
{
    m_tileNames = std::move(names);
    update();
}

void PlaneView::setSwipe(PlaneView *other)
{
    m_swipe = other;
    updateImage();
    update();
}

void PlaneView::setSubtitle(const QString &text)
{
    m_subtitle = text;
    update();
}

QRectF PlaneView::canvas() const
{
    return QRectF(rect()).adjusted(0, kHeaderHeight, 0, 0);
}

double PlaneView::effectiveZoom() const
{
    if (m_camera.zoom() > 0.0) {
        return m_camera.zoom();
    }
    const auto columns = static_cast<double>(std::max<std::size_t>(m_plane.columns, 1));
    const auto rows = static_cast<double>(std::max<std::size_t>(m_plane.rows, 1));
    return m_plane.rows == 1 ? canvas().width() / columns
                             : std::min(canvas().width() / columns, canvas().height() / rows);
}

QSizeF PlaneView::cellSize() const
{
    const double zoom = effectiveZoom();
    return {zoom, m_plane.rows == 1 ? std::max(zoom, std::min(canvas().height(), 64.0)) : zoom};
}

QPointF PlaneView::origin() const
{
    const QSizeF cell = cellSize();
    const QPointF middle = canvas().center();
    const QPointF centre = m_camera.zoom() > 0.0
                               ? m_camera.centre()
                               : QPointF(static_cast<double>(m_plane.columns) / 2.0,
                                         static_cast<double>(m_plane.rows) / 2.0);
    return middle - QPointF(centre.x() * cell.width(), centre.y() * cell.height());
}

std::optional<QPoint> PlaneView::cellAt(QPointF position) const
{
    if (m_plane.isEmpty() || !canvas().contains(position)) {
        return std::nullopt;
    }
    const QPointF from = position - origin();
    const QPoint cell(static_cast<int>(std::floor(from.x() / cellSize().width())),
                      static_cast<int>(std::floor(from.y() / cellSize().height())));
    const bool inside = cell.x() >= 0 && cell.y() >= 0 &&
                        cell.x() < static_cast<int>(m_plane.columns) &&
                        cell.y() < static_cast<int>(m_plane.rows);
    return inside ? std::optional(cell) : std::nullopt;
}

QRectF PlaneView::planeRect() const
{
    const QSizeF cell = cellSize();
    return {origin(), QSizeF(cell.width() * static_cast<double>(m_plane.columns),
                             cell.height() * static_cast<double>(m_plane.rows))};
}

double PlaneView::dividerX() const
{
    return canvas().left() + m_divider * canvas().width();
}

} // namespace syncpoint
