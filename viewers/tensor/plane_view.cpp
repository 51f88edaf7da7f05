#include "viewers/tensor/plane_view.h"

#include "ui/theme/theme.h"
#include "viewers/tensor/plane_camera.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace syncpoint {

namespace {
constexpr int kHeaderHeight = 20;
constexpr double kZoomForValues = 44.0; ///< pixels per cell from which numbers fit inside
constexpr double kReadableTile = 56.0;  ///< pixels from which a tile gets its name
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
        m_reduced = factor > 1 ? reducePlane(m_plane, factor, m_reduction) : std::vector<float>();
        m_image = {};
    }
    if (m_image.isNull() && !m_plane.isEmpty()) {
        const bool isReduced = m_factor > 1;
        m_image = renderPlane(isReduced ? m_reduced : m_plane.values,
                              (m_plane.columns + m_factor - 1) / m_factor, m_colors);
    }
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

void PlaneView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Theme::Role::Surface));
    paintHeader(painter);
    if (m_image.isNull()) {
        painter.drawText(canvas(), Qt::AlignCenter, tr("not captured"));
        return;
    }
    painter.setClipRect(canvas() & planeRect());
    paintImage(painter, *this);
    if (m_swipe != nullptr) {
        paintSwipe(painter);
    }
    if (m_plane.tiles > 1) {
        paintTiles(painter);
    }
    if (cellSize().width() >= kZoomForValues && m_swipe == nullptr) {
        paintValues(painter);
    }
    painter.setClipRect(canvas());
    paintCursor(painter);
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(m_theme.color(Theme::Role::Accent));
        painter.drawRect(canvas().adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void PlaneView::paintHeader(QPainter &painter) const
{
    painter.setFont(m_theme.textFont());
    painter.setPen(m_theme.color(Theme::Role::Text));
    const QRect header(4, 0, width() - 8, kHeaderHeight);
    const QString title =
        m_swipe != nullptr ? QStringLiteral("%1 | %2").arg(m_swipe->m_title, m_title) : m_title;
    painter.drawText(header, Qt::AlignLeft | Qt::AlignVCenter, title);
    const int titleWidth = painter.fontMetrics().horizontalAdvance(title) + 12;
    painter.setFont(m_theme.monoFont());
    painter.setPen(m_theme.color(Theme::Role::TextMuted));
    const QRect rest = header.adjusted(titleWidth, 0, 0, 0);
    painter.drawText(rest, Qt::AlignRight | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(m_subtitle, Qt::ElideMiddle, rest.width()));
}

void PlaneView::paintImage(QPainter &painter, const PlaneView &source) const
{
    const QSizeF cell = cellSize() * static_cast<double>(source.m_factor);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, cell.width() < 1.0);
    painter.drawImage(QRectF(origin(), QSizeF(cell.width() * source.m_image.width(),
                                              cell.height() * source.m_image.height())),
                      source.m_image);
    const std::size_t inLastRow = m_plane.tiles % m_plane.tilesAcross;
    if (inLastRow > 0) {
        const QRectF all = planeRect();
        const QSizeF tile(all.width() / static_cast<double>(m_plane.tilesAcross),
                          cellSize().height() * static_cast<double>(m_plane.tileRows()));
        painter.fillRect(QRectF(QPointF(all.left() + tile.width() * static_cast<double>(inLastRow),
                                        all.bottom() - tile.height()),
                                all.bottomRight()),
                         m_theme.color(Theme::Role::Surface));
    }
}

void PlaneView::paintSwipe(QPainter &painter) const
{
    painter.save();
    QRectF left = canvas();
    left.setRight(dividerX());
    painter.setClipRect(left, Qt::IntersectClip);
    paintImage(painter, *m_swipe);
    painter.restore();
    painter.setPen(QPen(m_theme.color(Theme::Role::Surface), 4));
    painter.drawLine(QPointF(dividerX(), canvas().top()), QPointF(dividerX(), canvas().bottom()));
    painter.setPen(QPen(m_theme.color(Theme::Role::Accent), 2));
    painter.drawLine(QPointF(dividerX(), canvas().top()), QPointF(dividerX(), canvas().bottom()));
}

void PlaneView::paintTiles(QPainter &painter) const
{
    const QSizeF cell = cellSize();
    const QSizeF tile(cell.width() * static_cast<double>(m_plane.tileColumns()),
                      cell.height() * static_cast<double>(m_plane.tileRows()));
    QFont font = m_theme.monoFont();
    font.setPointSizeF(font.pointSizeF() * 0.8);
    painter.setFont(font);
    const bool isReadable = tile.width() >= kReadableTile && tile.height() >= 24.0;
    for (std::size_t t = 0; t < m_plane.tiles; ++t) {
        const QRectF box(origin() +
                             QPointF(static_cast<double>(t % m_plane.tilesAcross) * tile.width(),
                                     static_cast<double>(t / m_plane.tilesAcross) * tile.height()),
                         tile);
        if (!box.intersects(canvas())) {
            continue;
        }
        painter.setBrush(Qt::NoBrush);
        painter.setPen(m_theme.color(Theme::Role::Surface));
        painter.drawRect(box);
        if (isReadable && t < static_cast<std::size_t>(m_tileNames.size())) {
            const QString name = painter.fontMetrics().elidedText(
                m_tileNames[static_cast<qsizetype>(t)], Qt::ElideRight,
                static_cast<int>(tile.width()) - 6);
            QRectF label(box.topLeft(), QSizeF(painter.fontMetrics().horizontalAdvance(name) + 6.0,
                                               painter.fontMetrics().height()));
            QColor veil = m_theme.color(Theme::Role::Surface);
            veil.setAlpha(200);
            painter.fillRect(label, veil);
            painter.setPen(m_theme.color(Theme::Role::Text));
            painter.drawText(label, Qt::AlignCenter, name);
        }
    }
}

void PlaneView::paintValues(QPainter &painter) const
{
    const QSizeF cell = cellSize();
    const QPointF from = origin();
    const auto first = [](double start, double size) {
        return std::max(0, static_cast<int>(std::floor(-start / size)));
    };
    const int firstColumn = first(from.x(), cell.width());
    const int firstRow = first(from.y() - kHeaderHeight, cell.height());
    QFont font = m_theme.monoFont();
    font.setPointSizeF(font.pointSizeF() * 0.85);
    painter.setFont(font);
    for (int row = firstRow; row < static_cast<int>(m_plane.rows); ++row) {
        if (from.y() + row * cell.height() > height()) {
            break;
        }
        for (int column = firstColumn; column < static_cast<int>(m_plane.columns); ++column) {
            const QRectF box(from.x() + column * cell.width(), from.y() + row * cell.height(),
                             cell.width(), cell.height());
            if (box.left() > width()) {
                break;
            }
            const float value =
                m_plane.at(static_cast<std::size_t>(row), static_cast<std::size_t>(column));
            const Rgb under = colorOf(value, m_colors);
            painter.setPen(qGray(under.red, under.green, under.blue) > 128 ? Qt::black : Qt::white);
            painter.drawText(box, Qt::AlignCenter, QString::number(double{value}, 'g', 3));
        }
    }
}

void PlaneView::paintCursor(QPainter &painter) const
{
    const QSizeF cell = cellSize();
    const auto frame = [&](QPoint at, const QColor &color) {
        QRectF box(origin() + QPointF(at.x() * cell.width(), at.y() * cell.height()), cell);
        const double growth =
            std::max(0.0, (6.0 - box.width()) / 2.0); // a tiny cell must still be seen
        box.adjust(-growth, -growth, growth, growth);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(m_theme.color(Theme::Role::Surface), 3));
        painter.drawRect(box);
        painter.setPen(QPen(color, 1));
        painter.drawRect(box);
    };
    if (m_camera.picked()) {
        frame(*m_camera.picked(), m_theme.color(Theme::Role::Accent));
    }
    if (m_camera.hovered()) {
        frame(*m_camera.hovered(), m_theme.color(Theme::Role::Text));
    }
}

} // namespace syncpoint
