#pragma once
#include "viewers/tensor/plane.h"
#include "viewers/tensor/plane_render.h"

#include <QImage>
#include <QWidget>
#include <array>
#include <optional>
#include <vector>

namespace syncpoint {

class PlaneCamera;
class Theme;

/// One heat map: A, B or their difference. Pan by dragging, zoom by wheel, pick by clicking; arrow
/// keys move the picked cell, +, − and 0 zoom. All pictures that share a camera move together.
class PlaneView : public QWidget
{
    Q_OBJECT
public:
    PlaneView(QString title, PlaneCamera &camera, const Theme &theme, QWidget *parent = nullptr);

    /// `reduction` tells how cells merge where the plane is drawn smaller than it is.
    void setPlane(Plane plane, Reduction reduction);
    /// Red, green and blue as one picture; the first tells which cell is which element.
    void setColorPlanes(std::array<Plane, 3> planes);
    void setColors(const PlaneColors &colors);
    const PlaneColors &colors() const { return m_colors; }
    void setSubtitle(const QString &text);
    void setTileNames(QStringList names); ///< of a contact sheet
    const QStringList &tileNames() const { return m_tileNames; }
    /// Draws the other picture left of a line that can be dragged; null ends it.
    void setSwipe(PlaneView *other);
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
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QRectF canvas() const;
    double effectiveZoom() const;
    QSizeF cellSize() const;  ///< a single row is stretched to be visible
    QPointF origin() const;   ///< widget position of cell (0, 0)'s corner
    QRectF planeRect() const; ///< of all cells, on the widget
    std::size_t wantedFactor() const;
    void updateImage();
    QImage rendered() const;
    void reduce();
    void show(Plane plane, Reduction reduction);
    void renderAt(std::size_t factor);
    void paintHeader(QPainter &painter) const;
    void paintImage(QPainter &painter, const PlaneView &source) const;
    void paintSwipe(QPainter &painter) const;
    void paintTiles(QPainter &painter) const;
    void paintValues(QPainter &painter) const;
    void paintCursor(QPainter &painter) const;
    double dividerX() const;
    void nudge(int columns, int rows);

    QString m_title, m_subtitle;
    QStringList m_tileNames;
    PlaneCamera &m_camera;
    const Theme &m_theme;
    Plane m_plane;
    Reduction m_reduction = Reduction::Mean;
    std::size_t m_factor = 0;     ///< cells per pixel of the image, each way; 0 before the first
    std::vector<Plane> m_further; ///< green and blue of a colour picture, else empty
    std::vector<std::vector<float>> m_reduced; ///< as many as planes; empty when the factor is one
    QImage m_image;
    PlaneColors m_colors;
    PlaneView *m_swipe = nullptr;
    double m_divider = 0.5; ///< share of the width
    QPointF m_dragStart, m_dragCentre;
    enum class Drag { None, Pan, Divider } m_drag = Drag::None;
};

} // namespace syncpoint
