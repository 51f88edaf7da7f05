// The part of PlaneView that paints.
#include "ui/theme/theme.h"
#include "viewers/tensor/plane_camera.h"
#include "viewers/tensor/plane_view.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace syncpoint {

namespace {
constexpr double kZoomForValues = 44.0; ///< pixels per cell from which numbers fit inside
constexpr double kReadableTile = 56.0;  ///< pixels from which a tile gets its name
} // namespace

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
    if (cellSize().width() >= kZoomForValues && m_swipe == nullptr && m_further.empty()) {
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
    const QRect header(4, 0, width() - 8, static_cast<int>(canvas().top()));
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
    const int firstRow = first(from.y() - canvas().top(), cell.height());
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
