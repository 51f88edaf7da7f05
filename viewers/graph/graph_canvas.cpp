#include "viewers/graph/graph_canvas.h"

#include "viewers/graph/box_labels.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <algorithm>
#include <cmath>

namespace syncpoint {
namespace {

constexpr double kMargin = 32.0; ///< around the scene, in scene pixels
constexpr double kLeastScale = 0.01;
constexpr double kMostScale = 4.0;
constexpr double kLeastFitScale = 0.03; ///< a ribbon of 10 000 ranks would vanish
constexpr double kWheelStep = 1.2;
constexpr double kComfort = 24.0; ///< pixels from the border

} // namespace

GraphCanvas::GraphCanvas(const Theme &theme, QWidget *parent)
    : QAbstractScrollArea(parent), m_painter(theme), m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(tr("Graph"));
    viewport()->setMouseTracking(true);
    horizontalScrollBar()->setSingleStep(32);
    verticalScrollBar()->setSingleStep(32);
}

void GraphCanvas::setScene(std::shared_ptr<const GraphScene> scene, std::optional<Anchor> anchor)
{
    std::optional<QPointF> onScreen;
    if (anchor && m_scene && anchor->before < m_scene->boxes.size()) {
        onScreen = view().toSurface(m_scene->boxes[anchor->before].rect.topLeft());
    }
    m_scene = std::move(scene);
    m_index = m_scene ? std::make_unique<SceneIndex>(m_scene) : nullptr;
    m_marks = {};
    updateScrollBars();
    if (m_scene && onScreen && anchor->after < m_scene->boxes.size()) {
        scrollTo(m_scene->boxes[anchor->after].rect.topLeft() - *onScreen / m_scale);
    } else if (m_scene && !anchor) {
        m_needsFit = !isVisible();
        fit();
    }
    viewport()->update();
    Q_EMIT viewChanged();
}

void GraphCanvas::setColoring(Coloring coloring)
{
    m_painter.setColoring(coloring);
    viewport()->update();
}

void GraphCanvas::setEmptyText(const QString &text)
{
    m_emptyText = text;
    viewport()->update();
}

void GraphCanvas::select(std::uint32_t box)
{
    m_marks.selected = box;
    const bool isBox = m_scene && box < m_scene->boxes.size();
    setAccessibleDescription(isBox ? m_scene->boxes[box].title + QLatin1Char(' ') +
                                         m_scene->boxes[box].subtitle + QLatin1Char(' ') +
                                         m_scene->boxes[box].figure
                                   : QString());
    viewport()->update();
}

void GraphCanvas::setHighlighted(std::set<std::uint32_t> boxes)
{
    m_marks.highlighted = std::move(boxes);
    viewport()->update();
}

void GraphCanvas::setTrace(SceneTrace trace)
{
    m_marks.trace = std::move(trace);
    viewport()->update();
}

void GraphCanvas::setView(double scale, const QPointF &origin)
{
    if (!m_scene) {
        return;
    }
    m_needsFit = false;
    m_scale = std::clamp(scale, kLeastScale, kMostScale);
    updateScrollBars();
    scrollTo(origin);
    viewport()->update();
    Q_EMIT viewChanged();
}

SceneView GraphCanvas::view() const
{
    SceneView view;
    view.scale = m_scale;
    view.size = viewport()->size();
    if (!m_scene) {
        return view;
    }
    const QRectF content = m_scene->bounds().adjusted(-kMargin, -kMargin, kMargin, kMargin);
    const auto start = [this](double from, double length, int pixels, const QScrollBar *bar) {
        const double slack = pixels / m_scale - length;
        return slack > 0.0 ? from - slack / 2.0 : from + bar->value() / m_scale;
    };
    view.origin = {
        start(content.left(), content.width(), viewport()->width(), horizontalScrollBar()),
        start(content.top(), content.height(), viewport()->height(), verticalScrollBar())};
    return view;
}

std::vector<std::uint32_t> GraphCanvas::visibleBoxes() const
{
    return m_index ? m_index->boxesIn(view().area()) : std::vector<std::uint32_t>();
}

void GraphCanvas::updateScrollBars()
{
    const QRectF content =
        m_scene ? m_scene->bounds().adjusted(-kMargin, -kMargin, kMargin, kMargin) : QRectF();
    const auto set = [this](QScrollBar *bar, double length, int pixels) {
        bar->setPageStep(pixels);
        bar->setRange(0, std::max(0, static_cast<int>(std::ceil(length * m_scale)) - pixels));
    };
    set(horizontalScrollBar(), content.width(), viewport()->width());
    set(verticalScrollBar(), content.height(), viewport()->height());
}

void GraphCanvas::scrollTo(const QPointF &origin)
{
    const QRectF content = m_scene->bounds().adjusted(-kMargin, -kMargin, kMargin, kMargin);
    horizontalScrollBar()->setValue(
        static_cast<int>(std::lround((origin.x() - content.left()) * m_scale)));
    verticalScrollBar()->setValue(
        static_cast<int>(std::lround((origin.y() - content.top()) * m_scale)));
}

void GraphCanvas::zoomAt(double scale, const QPointF &at)
{
    if (!m_scene) {
        return;
    }
    const QPointF fixed = view().toScene(at);
    m_scale = std::clamp(scale, kLeastScale, kMostScale);
    updateScrollBars();
    scrollTo(fixed - at / m_scale);
    viewport()->update();
    Q_EMIT viewChanged();
}

void GraphCanvas::showArea(const QRectF &area, double mostScale)
{
    const QRectF wanted = area.adjusted(-kMargin, -kMargin, kMargin, kMargin);
    const QSizeF size = viewport()->size();
    const double scale = std::min(size.width() / wanted.width(), size.height() / wanted.height());
    m_scale = std::clamp(scale, kLeastFitScale, mostScale);
    updateScrollBars();
    const QPointF half(size.width() / 2.0 / m_scale, size.height() / 2.0 / m_scale);
    // What does not fit starts at its top: that is where the data comes in.
    const double top = wanted.height() * m_scale > size.height() + 1.0
                           ? wanted.top()
                           : wanted.center().y() - half.y();
    scrollTo({wanted.center().x() - half.x(), top});
    viewport()->update();
    Q_EMIT viewChanged();
}

void GraphCanvas::fit()
{
    if (m_scene) {
        showArea(m_scene->bounds(), 1.0);
    }
}

void GraphCanvas::fitBoxes(const std::vector<std::uint32_t> &boxes)
{
    QRectF area;
    for (const std::uint32_t box : boxes) {
        if (m_scene && box < m_scene->boxes.size()) {
            area |= m_scene->boxes[box].rect;
        }
    }
    if (!area.isEmpty()) {
        showArea(area, 1.0);
    }
}

void GraphCanvas::centreOn(std::uint32_t box)
{
    if (!m_scene || box >= m_scene->boxes.size()) {
        return;
    }
    const QRectF &rect = m_scene->boxes[box].rect;
    const QSizeF half = QSizeF(viewport()->size()) / m_scale / 2.0;
    const double y = rect.height() > 2.0 * half.height() ? rect.top() + half.height() - kMargin
                                                         : rect.center().y();
    scrollTo({rect.center().x() - half.width(), y - half.height()});
    viewport()->update();
}

void GraphCanvas::centreColumnOn(std::uint32_t box)
{
    if (m_scene && box < m_scene->boxes.size()) {
        const double half = viewport()->width() / m_scale / 2.0;
        scrollTo({m_scene->boxes[box].rect.center().x() - half, view().origin.y()});
    }
}

bool GraphCanvas::isComfortablyVisible(std::uint32_t box) const
{
    if (!m_scene || box >= m_scene->boxes.size()) {
        return false;
    }
    const QRectF inner =
        QRectF(viewport()->rect()).adjusted(kComfort, kComfort, -kComfort, -kComfort);
    return inner.contains(view().toSurface(m_scene->boxes[box].rect));
}

void GraphCanvas::render(QPainter &painter, const SceneView &view)
{
    painter.fillRect(QRectF(QPointF(0, 0), view.size), m_theme.color(Theme::Role::Surface));
    if (m_scene) {
        m_painter.paint(painter, *m_scene, *m_index, view, m_marks);
    }
}

void GraphCanvas::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(viewport());
    render(painter, view());
    if (!m_scene) {
        painter.setFont(m_theme.textFont());
        painter.setPen(m_theme.color(Theme::Role::TextMuted));
        painter.drawText(viewport()->rect().adjusted(32, 32, -32, -32),
                         Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
    }
    if (hasFocus()) {
        painter.setPen(m_theme.color(Theme::Role::Accent));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
    }
}

void GraphCanvas::resizeEvent(QResizeEvent * /*event*/)
{
    updateScrollBars();
    if (m_needsFit && m_scene) {
        m_needsFit = false;
        fit();
    }
    Q_EMIT viewChanged();
}

void GraphCanvas::scrollContentsBy(int /*dx*/, int /*dy*/)
{
    viewport()->update();
    Q_EMIT viewChanged();
}

void GraphCanvas::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton || event->button() == Qt::MiddleButton) {
        m_pressedAt = event->pos();
        m_scrollAtPress = {horizontalScrollBar()->value(), verticalScrollBar()->value()};
        m_isDragging = false;
    }
}

void GraphCanvas::mouseMoveEvent(QMouseEvent *event)
{
    if (m_pressedAt) {
        const QPoint way = event->pos() - *m_pressedAt;
        if (m_isDragging || way.manhattanLength() >= QApplication::startDragDistance()) {
            m_isDragging = true;
            viewport()->setCursor(Qt::ClosedHandCursor);
            horizontalScrollBar()->setValue(m_scrollAtPress.x() - way.x());
            verticalScrollBar()->setValue(m_scrollAtPress.y() - way.y());
        }
        return;
    }
    const std::uint32_t under = m_index ? m_index->boxAt(view().toScene(event->pos())) : kNone;
    if (under != m_marks.hovered) {
        m_marks.hovered = under;
        viewport()->update();
    }
}

void GraphCanvas::mouseReleaseEvent(QMouseEvent *event)
{
    const bool wasClick = m_pressedAt && !m_isDragging && event->button() == Qt::LeftButton;
    m_pressedAt.reset();
    m_isDragging = false;
    viewport()->unsetCursor();
    if (!wasClick || !m_index) {
        return;
    }
    const QPointF at = view().toScene(event->pos());
    const std::uint32_t chip = m_index->chipAt(at);
    if (chip != kNone) {
        Q_EMIT chipClicked(chip, event->globalPosition().toPoint());
        return;
    }
    const std::uint32_t box = m_index->boxAt(at);
    if (event->modifiers().testFlag(Qt::ShiftModifier) && m_marks.selected != kNone &&
        box != kNone) {
        Q_EMIT pathRequested(box);
        return;
    }
    Q_EMIT boxClicked(box);
}

void GraphCanvas::mouseDoubleClickEvent(QMouseEvent *event)
{
    const std::uint32_t box = m_index ? m_index->boxAt(view().toScene(event->pos())) : kNone;
    if (event->button() == Qt::LeftButton && box != kNone && m_scene->boxes[box].hasBody()) {
        Q_EMIT toggleRequested(box);
    }
}

void GraphCanvas::wheelEvent(QWheelEvent *event)
{
    if ((event->modifiers() & Qt::ControlModifier) == 0) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    const double notches = event->angleDelta().y() / 120.0;
    zoomAt(m_scale * std::pow(kWheelStep, notches), event->position());
    event->accept();
}

bool GraphCanvas::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip && m_index) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const std::uint32_t box = m_index->boxAt(view().toScene(help->pos()));
        QToolTip::showText(help->globalPos(), box == kNone ? QString() : boxTooltip(*m_scene, box),
                           viewport());
        return true;
    }
    if (event->type() == QEvent::Leave && m_marks.hovered != kNone) {
        m_marks.hovered = kNone;
        viewport()->update();
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void GraphCanvas::keyPressEvent(QKeyEvent *event)
{
    if (!m_scene) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Tab:
    case Qt::Key_Backtab: {
        const std::uint32_t next = neighbour(event->key());
        if (next != kNone) {
            Q_EMIT boxClicked(next);
            if (!isComfortablyVisible(next)) {
                centreOn(next);
            }
        }
        break;
    }
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_marks.selected != kNone && m_scene->boxes[m_marks.selected].hasBody()) {
            Q_EMIT toggleRequested(m_marks.selected);
        }
        break;
    case Qt::Key_Backspace:
        Q_EMIT upRequested();
        break;
    case Qt::Key_Escape:
        setTrace({});
        break;
    default:
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    event->accept();
}

void GraphCanvas::contextMenuEvent(QContextMenuEvent *event)
{
    if (!m_index) {
        return;
    }
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const std::uint32_t box =
        byKey ? m_marks.selected : m_index->boxAt(view().toScene(event->pos()));
    if (box == kNone) {
        return;
    }
    const QPoint global = byKey
                              ? viewport()->mapToGlobal(
                                    view().toSurface(m_scene->boxes[box].rect.topLeft()).toPoint())
                              : event->globalPos();
    Q_EMIT menuRequested(box, global);
}

std::uint32_t GraphCanvas::neighbour(int key) const
{
    if (m_marks.selected == kNone) {
        return nextInOrder(true);
    }
    switch (key) {
    case Qt::Key_Up: {
        const auto edges = m_scene->incoming(m_marks.selected);
        return edges.empty() ? kNone : m_scene->edges[edges.front()].source;
    }
    case Qt::Key_Down: {
        const auto edges = m_scene->outgoing(m_marks.selected);
        return edges.empty() ? kNone : m_scene->edges[edges.front()].target;
    }
    case Qt::Key_Left:
    case Qt::Key_Right:
        return besides(key == Qt::Key_Right);
    default:
        return nextInOrder(key == Qt::Key_Tab);
    }
}

/// The nearest box of the same group whose height range overlaps.
std::uint32_t GraphCanvas::besides(bool toTheRight) const
{
    const SceneBox &from = m_scene->boxes[m_marks.selected];
    std::uint32_t nearest = kNone;
    double least = std::numeric_limits<double>::max();
    const QRectF row(m_scene->bounds().left(), from.rect.top(), m_scene->bounds().width(),
                     from.rect.height());
    for (const std::uint32_t b : m_index->boxesIn(row)) {
        const SceneBox &box = m_scene->boxes[b];
        const double distance = box.rect.center().x() - from.rect.center().x();
        if (box.parent == from.parent && b != m_marks.selected && (distance > 0) == toTheRight &&
            std::abs(distance) < least) {
            least = std::abs(distance);
            nearest = b;
        }
    }
    return nearest;
}

std::uint32_t GraphCanvas::nextInOrder(bool forward) const
{
    const std::uint32_t from = m_marks.selected;
    const auto rank = [this](std::uint32_t b) { return std::pair(m_scene->boxes[b].order, b); };
    std::uint32_t best = kNone;
    for (std::uint32_t b = 1; b < m_scene->boxes.size(); ++b) {
        const bool isBehind =
            from == kNone || (forward ? rank(b) > rank(from) : rank(b) < rank(from));
        if (b != from && isBehind &&
            (best == kNone || (forward ? rank(b) < rank(best) : rank(b) > rank(best)))) {
            best = b;
        }
    }
    return best;
}

} // namespace syncpoint
