// The part of PlaneView that follows mouse and keyboard.
#include "viewers/tensor/plane_camera.h"
#include "viewers/tensor/plane_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace syncpoint {

namespace {
constexpr double kZoomStep = 1.25;
constexpr double kGrabWidth = 6.0; ///< pixels beside the swipe line that take hold of it
} // namespace

void PlaneView::wheelEvent(QWheelEvent *event)
{
    const double before = effectiveZoom();
    const double after = before * std::pow(kZoomStep, event->angleDelta().y() / 120.0);
    const QSizeF cell = cellSize();
    const QPointF under = event->position() - origin();
    const QPointF cellUnder(under.x() / cell.width(), under.y() / cell.height());
    const QPointF fromMiddle = event->position() - canvas().center();
    m_camera.setView(after, cellUnder - fromMiddle / after);
    event->accept();
}

void PlaneView::mousePressEvent(QMouseEvent *event)
{
    m_dragStart = event->position();
    const QSizeF cell = cellSize();
    const QPointF middle = canvas().center() - origin();
    m_dragCentre = {middle.x() / cell.width(), middle.y() / cell.height()};
    const bool isOnDivider =
        m_swipe != nullptr && std::abs(m_dragStart.x() - dividerX()) <= kGrabWidth;
    m_drag = isOnDivider ? Drag::Divider : Drag::None;
}

void PlaneView::mouseMoveEvent(QMouseEvent *event)
{
    constexpr double kFirmDrag = 4.0;
    const QPointF moved = event->position() - m_dragStart;
    const bool isPressed = (event->buttons() & Qt::LeftButton) != 0;
    if (isPressed && m_drag == Drag::Divider) {
        m_divider =
            std::clamp((event->position().x() - canvas().left()) / canvas().width(), 0.0, 1.0);
        update();
    } else if (isPressed && (m_drag == Drag::Pan || moved.manhattanLength() > kFirmDrag)) {
        m_drag = Drag::Pan;
        m_camera.setView(effectiveZoom(), m_dragCentre - moved / effectiveZoom());
    } else {
        m_camera.hover(cellAt(event->position()));
    }
}

void PlaneView::mouseReleaseEvent(QMouseEvent *event)
{
    if (m_drag == Drag::None) {
        m_camera.pick(cellAt(event->position()));
    }
    m_drag = Drag::None;
}

/// Moves the picked cell and keeps it in view.
void PlaneView::nudge(int columns, int rows)
{
    if (m_plane.isEmpty()) {
        return;
    }
    const QPoint from = m_camera.picked().value_or(QPoint(-columns, -rows));
    const QPoint to(std::clamp(from.x() + columns, 0, static_cast<int>(m_plane.columns) - 1),
                    std::clamp(from.y() + rows, 0, static_cast<int>(m_plane.rows) - 1));
    m_camera.hover(std::nullopt); // the keyboard leads now
    m_camera.pick(to);
    const QSizeF cell = cellSize();
    const QPointF centre(to.x() + 0.5, to.y() + 0.5);
    const QPointF at = origin() + QPointF(centre.x() * cell.width(), centre.y() * cell.height());
    if (m_camera.zoom() > 0.0 && !canvas().contains(at)) {
        m_camera.setView(m_camera.zoom(), centre);
    }
}

void PlaneView::keyPressEvent(QKeyEvent *event)
{
    const int step = event->modifiers().testFlag(Qt::ShiftModifier) ? 10 : 1;
    const auto zoom = [this](double factor) {
        const QSizeF cell = cellSize();
        const QPointF middle = canvas().center() - origin();
        m_camera.setView(effectiveZoom() * factor,
                         {middle.x() / cell.width(), middle.y() / cell.height()});
    };
    switch (event->key()) {
    case Qt::Key_Left:
        return nudge(-step, 0);
    case Qt::Key_Right:
        return nudge(step, 0);
    case Qt::Key_Up:
        return nudge(0, -step);
    case Qt::Key_Down:
        return nudge(0, step);
    case Qt::Key_Plus:
        return zoom(kZoomStep);
    case Qt::Key_Minus:
        return zoom(1.0 / kZoomStep);
    case Qt::Key_0:
        return m_camera.fit();
    default:
        QWidget::keyPressEvent(event);
    }
}

void PlaneView::mouseDoubleClickEvent(QMouseEvent *)
{
    m_camera.fit();
}

void PlaneView::leaveEvent(QEvent *)
{
    m_camera.hover(std::nullopt);
}

} // namespace syncpoint
