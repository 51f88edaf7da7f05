#include "viewers/tensor/plane_view.h"

#include "ui/theme/theme.h"
#include "viewers/tensor/plane_camera.h"

#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace syncpoint {

namespace {
constexpr int kHeaderHeight = 20;
constexpr double kZoomForValues = 44.0; ///< pixels per cell from which numbers fit inside
constexpr double kZoomStep = 1.25;
constexpr double kLogFloor = 1e-6; ///< smallest share of the range that a log scale tells apart

QRgb toQRgb(const Rgb &color)
{
    return qRgb(color.red, color.green, color.blue);
}
} // namespace

double mapPosition(double value, const ValueRange &range, ValueScale scale)
{
    const double span = range.high - range.low;
    if (!(span > 0.0)) {
        return std::isnan(value) ? value : 0.5;
    }
    double position = (value - range.low) / span;
    if (scale == ValueScale::Logarithmic) {
        position = 1.0 - std::log(std::max(position, kLogFloor)) / std::log(kLogFloor);
    } else if (scale == ValueScale::SymmetricLogarithmic) {
        const double reach = std::max(std::abs(range.low), std::abs(range.high));
        const double magnitude =
            1.0 - std::log(std::max(std::abs(value) / reach, kLogFloor)) / std::log(kLogFloor);
        position = 0.5 + 0.5 * std::copysign(std::min(magnitude, 1.0), value);
    }
    return std::isnan(value) ? value : std::clamp(position, 0.0, 1.0);
}

QImage renderPlane(const Plane &plane, const ValueRange &range, ColorMap map, ValueScale scale)
{
    QImage image(static_cast<int>(plane.columns), static_cast<int>(plane.rows),
                 QImage::Format_RGB32);
    const auto &table = colorTable(map);
    for (std::size_t row = 0; row < plane.rows; ++row) {
        auto *line = reinterpret_cast<QRgb *>(image.scanLine(static_cast<int>(row)));
        for (std::size_t column = 0; column < plane.columns; ++column) {
            const float value = plane.at(row, column);
            line[column] = std::isfinite(value)
                               ? toQRgb(table[static_cast<std::size_t>(std::lround(
                                     mapPosition(double{value}, range, scale) * 255.0))])
                               : toQRgb(kNonfiniteColor);
        }
    }
    return image;
}

PlaneView::PlaneView(QString title, PlaneCamera &camera, const Theme &theme, QWidget *parent)
    : QWidget(parent), m_title(std::move(title)), m_camera(camera), m_theme(theme)
{
    setMouseTracking(true);
    setAccessibleName(m_title);
    connect(&m_camera, &PlaneCamera::viewChanged, this, qOverload<>(&QWidget::update));
    connect(&m_camera, &PlaneCamera::cursorChanged, this, qOverload<>(&QWidget::update));
}

void PlaneView::setPlane(Plane plane)
{
    m_plane = std::move(plane);
    m_image = m_plane.isEmpty() ? QImage() : renderPlane(m_plane, m_range, m_map, m_scale);
    update();
}

void PlaneView::setColors(const ValueRange &range, ColorMap map, ValueScale scale)
{
    m_range = range;
    m_map = map;
    m_scale = scale;
    m_image = m_plane.isEmpty() ? QImage() : renderPlane(m_plane, m_range, m_map, m_scale);
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

void PlaneView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Theme::Role::Surface));
    painter.setFont(m_theme.textFont());
    painter.setPen(m_theme.color(Theme::Role::Text));
    const QRect header(4, 0, width() - 8, kHeaderHeight);
    painter.drawText(header, Qt::AlignLeft | Qt::AlignVCenter, m_title);
    const int titleWidth = painter.fontMetrics().horizontalAdvance(m_title) + 12;
    painter.setFont(m_theme.monoFont());
    painter.setPen(m_theme.color(Theme::Role::TextMuted));
    const QRect rest = header.adjusted(titleWidth, 0, 0, 0);
    painter.drawText(rest, Qt::AlignRight | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(m_subtitle, Qt::ElideMiddle, rest.width()));
    if (m_image.isNull()) {
        painter.drawText(canvas(), Qt::AlignCenter, tr("not captured"));
        return;
    }
    painter.setClipRect(canvas());
    const QSizeF cell = cellSize();
    const QRectF target(origin(), QSizeF(cell.width() * static_cast<double>(m_plane.columns),
                                         cell.height() * static_cast<double>(m_plane.rows)));
    painter.setRenderHint(QPainter::SmoothPixmapTransform, cell.width() < 1.0);
    painter.drawImage(target, m_image);
    if (cell.width() >= kZoomForValues) {
        paintValues(painter);
    }
    paintCursor(painter);
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
            const QColor under = m_image.pixelColor(column, row);
            painter.setPen(qGray(under.rgb()) > 128 ? Qt::black : Qt::white);
            const auto value =
                double{m_plane.at(static_cast<std::size_t>(row), static_cast<std::size_t>(column))};
            painter.drawText(box, Qt::AlignCenter, QString::number(value, 'g', 3));
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
    m_dragging = false;
}

void PlaneView::mouseMoveEvent(QMouseEvent *event)
{
    const QPointF moved = event->position() - m_dragStart;
    if ((event->buttons() & Qt::LeftButton) != 0 && (m_dragging || moved.manhattanLength() > 4)) {
        m_dragging = true;
        m_camera.setView(effectiveZoom(), m_dragCentre - moved / effectiveZoom());
        return;
    }
    m_camera.hover(cellAt(event->position()));
}

void PlaneView::mouseReleaseEvent(QMouseEvent *event)
{
    if (!m_dragging) {
        m_camera.pick(cellAt(event->position()));
    }
    m_dragging = false;
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
