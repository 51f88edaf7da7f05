#pragma once
#include <QObject>
#include <QPoint>
#include <QPointF>
#include <QSizeF>
#include <optional>

namespace syncpoint {

/// What all pictures of a tensor share: zoom, scroll position, the cell under the cursor and the
/// picked one.
class PlaneCamera : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// Screen pixels per cell; 0 means "fit the whole plane".
    double zoom() const { return m_zoom; }
    QPointF centre() const { return m_centre; }                 ///< in cells
    std::optional<QPoint> hovered() const { return m_hovered; } ///< x column, y row
    std::optional<QPoint> picked() const { return m_picked; }

    void setView(double zoom, QPointF centre);
    void fit();
    void hover(std::optional<QPoint> cell);
    void pick(std::optional<QPoint> cell);

Q_SIGNALS:
    void viewChanged();
    void cursorChanged();

private:
    double m_zoom = 0.0;
    QPointF m_centre;
    std::optional<QPoint> m_hovered;
    std::optional<QPoint> m_picked;
};

} // namespace syncpoint
