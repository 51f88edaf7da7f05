#pragma once
#include "compare/report/color_map.h"
#include "viewers/tensor/plane.h"
#include "viewers/tensor/value_range.h"

#include <QImage>
#include <QWidget>
#include <optional>

namespace syncpoint {

class PlaneCamera;
class Theme;

/// How values are spread over the colour map.
enum class ValueScale { Linear, Logarithmic, SymmetricLogarithmic };

/// Position of `value` in the colour map, 0 to 1, clamped; NaN stays NaN.
double mapPosition(double value, const ValueRange &range, ValueScale scale);
/// One pixel per cell. NaN and infinities get kNonfiniteColor.
QImage renderPlane(const Plane &plane, const ValueRange &range, ColorMap map, ValueScale scale);

/// One heat map: A, B or their difference. Pan by dragging, zoom by wheel, pick by clicking; all
/// pictures that share a camera move together.
class PlaneView : public QWidget
{
    Q_OBJECT
public:
    PlaneView(QString title, PlaneCamera &camera, const Theme &theme, QWidget *parent = nullptr);

    void setPlane(Plane plane);
    void setColors(const ValueRange &range, ColorMap map, ValueScale scale);
    void setSubtitle(const QString &text);
    const Plane &plane() const { return m_plane; }
    QSize sizeHint() const override { return {240, 240}; }
    QSize minimumSizeHint() const override { return {96, 96}; }

    /// The cell at a widget position; nothing outside the plane.
    std::optional<QPoint> cellAt(QPointF position) const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    QRectF canvas() const;
    double effectiveZoom() const;
    QSizeF cellSize() const; ///< a single row is stretched to be visible
    QPointF origin() const;  ///< widget position of cell (0, 0)'s corner
    void paintValues(QPainter &painter) const;
    void paintCursor(QPainter &painter) const;

    QString m_title, m_subtitle;
    PlaneCamera &m_camera;
    const Theme &m_theme;
    Plane m_plane;
    QImage m_image;
    ValueRange m_range;
    ColorMap m_map = ColorMap::Viridis;
    ValueScale m_scale = ValueScale::Linear;
    QPointF m_dragStart, m_dragCentre;
    bool m_dragging = false;
};

} // namespace syncpoint
