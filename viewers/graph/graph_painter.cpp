#include "viewers/graph/graph_painter.h"

#include "viewers/graph/place_painter.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>
#include <array>
#include <cmath>

namespace syncpoint {
namespace {

constexpr double kFullScale = 0.55;
constexpr double kTitlesScale = 0.2;
constexpr std::size_t kMostTitles = 500; ///< more texts than that are not read but take 16 ms
constexpr double kPadding = 8.0;
constexpr double kHeader = 24.0;
constexpr double kShortestLine = 4.0; ///< surface pixels worth drawing when zoomed out

QColor mix(const QColor &a, const QColor &b, double share)
{
    const auto channel = [share](int x, int y) {
        return static_cast<int>(std::lround(x + (y - x) * share));
    };
    return {channel(a.red(), b.red()), channel(a.green(), b.green()), channel(a.blue(), b.blue())};
}

QString elideMiddle(const QString &text, qsizetype most)
{
    if (text.size() <= most || most < 4) {
        return text.size() <= most ? text : text.left(std::max<qsizetype>(most, 0));
    }
    const qsizetype head = (most - 1) / 2;
    return text.left(head) + QChar(0x2026) + text.right(most - 1 - head);
}

bool isModule(const SceneBox &box)
{
    return box.kind == SceneBox::Kind::Collapsed || box.kind == SceneBox::Kind::Expanded;
}

} // namespace

GraphPainter::GraphPainter(const Theme &theme) : m_theme(theme)
{
}

QColor GraphPainter::tint(const QColor &color, double strength) const
{
    return mix(m_theme.color(Theme::Role::Surface), color, strength);
}

void GraphPainter::prepare(const SceneView &view)
{
    m_view = view;
    m_grey = tint(m_theme.color(Theme::Role::NotCompared), 0.45);
    m_detail = view.scale >= kFullScale     ? Detail::Full
               : view.scale >= kTitlesScale ? Detail::Titles
                                            : Detail::Blocks;
    const auto sized = [&view](QFont font, double pixels) {
        font.setPixelSize(std::max(6, static_cast<int>(std::lround(pixels * view.scale))));
        return font;
    };
    m_fonts.title = sized(m_theme.textFont(), m_detail == Detail::Full ? 12.5 : 15.0);
    m_fonts.title.setWeight(QFont::DemiBold);
    m_fonts.mono = sized(m_theme.monoFont(), 11.0);
    m_fonts.small = sized(m_theme.monoFont(), 10.0);
    m_fonts.monoAdvance = QFontMetricsF(m_fonts.mono).horizontalAdvance(QLatin1Char('0'));
    m_fonts.smallAdvance = QFontMetricsF(m_fonts.small).horizontalAdvance(QLatin1Char('0'));
}

void GraphPainter::paint(QPainter &painter, const GraphScene &scene, const SceneIndex &index,
                         const SceneView &view, const SceneMarks &marks)
{
    prepare(view);
    const QRectF area = view.area();
    m_boxes = index.boxesIn(area);
    m_edges = index.edgesIn(area);
    painter.setRenderHint(QPainter::Antialiasing, false);
    paintGroups(painter, scene);
    if (m_detail == Detail::Blocks) {
        paintLongEdges(painter, scene);
        paintBlocks(painter, scene);
    } else {
        paintEdges(painter, scene, marks);
        for (const std::uint32_t b : m_boxes) {
            if (scene.boxes[b].kind != SceneBox::Kind::Expanded) {
                paintBox(painter, scene, scene.boxes[b]);
            }
        }
        if (m_detail == Detail::Full) {
            paintChips(painter, scene);
            paintTransitions(painter, m_theme, scene, m_view, m_edges, m_fonts.small);
        }
    }
    paintFade(painter, scene, marks);
    paintMarks(painter, scene, marks);
}

void GraphPainter::paintGroups(QPainter &painter, const GraphScene &scene) const
{
    const QColor even = m_theme.color(Theme::Role::SurfaceRaised);
    const QColor odd = mix(even, m_theme.color(Theme::Role::Separator), 0.35);
    const QColor line = m_theme.color(Theme::Role::Separator);
    for (const std::uint32_t b : m_boxes) {
        const SceneBox &box = scene.boxes[b];
        if (box.kind != SceneBox::Kind::Expanded) {
            continue;
        }
        const QRectF rect = m_view.toSurface(box.rect);
        const bool isOdd = scene.outline->groups[box.group].depth % 2 == 0;
        // Clipped by hand: a group may be a million pixels high.
        const QRectF seen = rect.intersected(QRectF(QPointF(-8, -8), m_view.size + QSizeF(16, 16)));
        painter.fillRect(seen, isOdd ? odd : even);
        painter.setPen(line);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(seen.toAlignedRect().adjusted(0, 0, -1, -1));
        if (m_detail != Detail::Blocks) {
            paintModuleText(painter, box, rect);
        }
    }
}

void GraphPainter::paintEdges(QPainter &painter, const GraphScene &scene,
                              const SceneMarks &marks) const
{
    QVector<QLineF> plain, strong;
    QPainterPath curves, strongCurves, arrows, strongArrows;
    const double arrow = 5.0 * m_view.scale;
    const auto isMarked = [&marks](std::uint32_t e, const SceneEdge &edge) {
        return marks.trace.empty()
                   ? marks.selected != GraphOutline::kNone &&
                         (edge.source == marks.selected || edge.target == marks.selected)
                   : marks.trace.edges.contains(e);
    };
    for (const std::uint32_t e : m_edges) {
        const SceneEdge &edge = scene.edges[e];
        const auto way = scene.way(edge);
        const bool marked = isMarked(e, edge);
        for (std::size_t p = 1; p < way.size(); ++p) {
            const QPointF a = m_view.toSurface(way[p - 1]);
            const QPointF b = m_view.toSurface(way[p]);
            if (std::max(a.y(), b.y()) < -8.0 ||
                std::min(a.y(), b.y()) > m_view.size.height() + 8.0) {
                continue;
            }
            if (a.x() == b.x() || m_detail != Detail::Full) {
                (marked ? strong : plain).emplace_back(a, b);
            } else {
                QPainterPath &path = marked ? strongCurves : curves;
                const double middle = (a.y() + b.y()) / 2.0;
                path.moveTo(a);
                path.cubicTo({a.x(), middle}, {b.x(), middle}, b);
            }
        }
        if (m_detail == Detail::Full && way.size() > 1) {
            const QPointF tip = m_view.toSurface(way.back());
            const double from = way.back().y() >= way[way.size() - 2].y() ? -arrow : arrow;
            QPainterPath &path = marked ? strongArrows : arrows;
            path.moveTo(tip);
            path.lineTo(tip.x() - arrow * 0.6, tip.y() + from);
            path.lineTo(tip.x() + arrow * 0.6, tip.y() + from);
            path.closeSubpath();
        }
    }
    const auto draw = [&painter](const QColor &color, double width, const QVector<QLineF> &lines,
                                 const QPainterPath &path, const QPainterPath &heads) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(color, width));
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.drawLines(lines);
        painter.setRenderHint(QPainter::Antialiasing, true);
        painter.drawPath(path);
        painter.fillPath(heads, color);
        painter.setRenderHint(QPainter::Antialiasing, false);
    };
    draw(m_theme.color(Theme::Role::Edge), 1.0, plain, curves, arrows);
    draw(m_theme.color(Theme::Role::Accent), 2.0, strong, strongCurves, strongArrows);
}

/// Zoomed out: only lines long enough to be seen.
void GraphPainter::paintLongEdges(QPainter &painter, const GraphScene &scene) const
{
    QVector<QLineF> lines;
    const double shortest = kShortestLine / m_view.scale;
    for (const std::uint32_t e : m_edges) {
        const auto way = scene.way(scene.edges[e]);
        for (std::size_t p = 1; p < way.size(); ++p) {
            if (std::abs(way[p].y() - way[p - 1].y()) + std::abs(way[p].x() - way[p - 1].x()) >
                shortest) {
                lines.emplace_back(m_view.toSurface(way[p - 1]), m_view.toSurface(way[p]));
            }
        }
    }
    painter.setPen(m_theme.color(Theme::Role::Edge));
    painter.drawLines(lines);
}

void GraphPainter::paintBlocks(QPainter &painter, const GraphScene &scene) const
{
    for (const std::uint32_t b : m_boxes) {
        const SceneBox &box = scene.boxes[b];
        if (box.kind == SceneBox::Kind::Expanded) {
            continue;
        }
        const QRectF rect = m_view.toSurface(box.rect);
        const int width = std::max(1, static_cast<int>(rect.width()));
        const int height = std::max(1, static_cast<int>(rect.height()));
        painter.fillRect(static_cast<int>(std::floor(rect.left())),
                         static_cast<int>(std::floor(rect.top())), width, height,
                         fillOf(scene, box));
    }
}

void GraphPainter::paintBox(QPainter &painter, const GraphScene &scene, const SceneBox &box) const
{
    const QRectF rect = m_view.toSurface(box.rect).toAlignedRect();
    const bool isTerminal = box.kind == SceneBox::Kind::Input || box.kind == SceneBox::Kind::Output;
    if (box.kind == SceneBox::Kind::Collapsed) { // a second sheet: there is more inside
        const double offset = std::max(2.0, 3.0 * m_view.scale);
        painter.setPen(m_theme.color(Theme::Role::EdgeStrong));
        painter.setBrush(m_theme.color(Theme::Role::Surface));
        painter.drawRect(rect.translated(offset, offset).adjusted(0, 0, -1, -1));
    }
    const QColor fill = isTerminal
                            ? m_theme.color(Theme::Role::Window)
                            : tint(fillOf(scene, box), m_detail == Detail::Full ? 0.42 : 0.6);
    painter.fillRect(rect, fill);
    paintPlaceStripe(painter, m_theme, scene, box, rect, m_view.scale);
    paintBorder(painter, box, rect);
    if (m_detail == Detail::Titles && m_boxes.size() > kMostTitles) {
        return;
    }
    if (isModule(box)) {
        paintModuleText(painter, box, rect);
    } else {
        paintOpText(painter, scene, box, rect);
    }
}

void GraphPainter::paintBorder(QPainter &painter, const SceneBox &box, const QRectF &rect) const
{
    QPen pen(m_theme.color(Theme::Role::EdgeStrong), 1.0);
    pen.setCapStyle(Qt::FlatCap);
    if (box.kind == SceneBox::Kind::Op) {
        switch (box.score.match) {
        case OpScore::Match::Absorbed:
            pen.setDashPattern({4.0, 3.0});
            break;
        case OpScore::Match::OneSided: // nothing is amiss: quieter than Unmatched
            pen.setColor(m_theme.color(Theme::Role::Edge));
            pen.setDashPattern({1.0, 2.0});
            break;
        case OpScore::Match::Unmatched:
            pen.setColor(m_theme.color(Theme::Role::Text));
            pen.setWidthF(2.0);
            pen.setDashPattern({1.0, 1.5});
            break;
        case OpScore::Match::None:
        case OpScore::Match::Excluded:
            pen.setColor(m_theme.color(Theme::Role::Edge));
            break;
        case OpScore::Match::Matched:
            break;
        }
    }
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect.adjusted(0, 0, -1, -1));
}

void GraphPainter::paintName(QPainter &painter, const QString &text, double x, double baseline,
                             double width, bool isSmall) const
{
    const double advance = isSmall ? m_fonts.smallAdvance : m_fonts.monoAdvance;
    painter.setFont(isSmall ? m_fonts.small : m_fonts.mono);
    painter.setPen(
        mix(m_theme.color(Theme::Role::Text), m_theme.color(Theme::Role::TextMuted), 0.5));
    painter.drawText(QPointF(x, baseline),
                     elideMiddle(text, static_cast<qsizetype>(width / advance)));
}

/// Score number at the right edge with the shape of its severity; moves `right` to its left.
void GraphPainter::paintFigure(QPainter &painter, const SceneBox &box, const QRectF &rect,
                               double baseline, double &right) const
{
    right = rect.right() - kPadding * m_view.scale;
    if (box.figure.isEmpty() || !box.score.severity) {
        return;
    }
    const double width = m_fonts.monoAdvance * static_cast<double>(box.figure.size());
    painter.setFont(m_fonts.mono);
    painter.setPen(m_theme.color(Theme::Role::Text));
    painter.drawText(QPointF(right - width, baseline), box.figure);
    const double size = 8.0 * m_view.scale;
    right -= width + size;
    paintShape(painter, *box.score.severity, {right, baseline - 4.0 * m_view.scale}, size);
    right -= size;
}

void GraphPainter::paintShape(QPainter &painter, Severity severity, const QPointF &centre,
                              double size) const
{
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.severityColor(severity));
    const double half = size / 2.0;
    switch (severity) {
    case Severity::Ok:
        painter.drawEllipse(centre, half * 0.8, half * 0.8);
        break;
    case Severity::Warn: {
        const std::array triangle{QPointF(centre.x() - half, centre.y() + half * 0.8),
                                  QPointF(centre.x() + half, centre.y() + half * 0.8),
                                  QPointF(centre.x(), centre.y() - half)};
        painter.drawPolygon(triangle.data(), static_cast<int>(triangle.size()));
        break;
    }
    case Severity::Bad:
        painter.drawRect(
            QRectF(centre.x() - half * 0.8, centre.y() - half * 0.8, size * 0.8, size * 0.8));
        break;
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void GraphPainter::paintOpText(QPainter &painter, const GraphScene &scene, const SceneBox &box,
                               const QRectF &rect) const
{
    const double s = m_view.scale;
    const double left = rect.left() + kPadding * s;
    if (m_detail == Detail::Titles) {
        painter.setFont(m_fonts.title);
        painter.setPen(m_theme.color(Theme::Role::Text));
        painter.drawText(
            rect.adjusted(2, 0, -2, 0), Qt::AlignCenter | Qt::TextSingleLine,
            elideMiddle(box.title,
                        static_cast<qsizetype>(rect.width() / (m_fonts.title.pixelSize() * 0.68))));
        return;
    }
    if (box.kind != SceneBox::Kind::Op) {
        const double shape = m_fonts.smallAdvance * static_cast<double>(box.subtitle.size());
        const double baseline = rect.top() + 16.0 * s;
        const double room = rect.width() - 2.0 * kPadding * s;
        const bool fits = shape < room * 0.6;
        paintName(painter, box.title, left, baseline, fits ? room - shape - kPadding * s : room,
                  false);
        if (fits) {
            paintName(painter, box.subtitle, rect.right() - kPadding * s - shape, baseline,
                      shape + 1.0, true);
        }
        return;
    }
    double right = 0.0;
    paintFigure(painter, box, rect, rect.top() + 16.0 * s, right);
    painter.setFont(m_fonts.title);
    painter.setPen(m_theme.color(Theme::Role::Text));
    const QFontMetricsF metrics(m_fonts.title);
    const double room = right - left;
    painter.drawText(QPointF(left, rect.top() + 16.0 * s),
                     metrics.horizontalAdvance(box.title) > room
                         ? metrics.elidedText(box.title, Qt::ElideRight, room)
                         : box.title);
    const double width = rect.width() - 2.0 * kPadding * s;
    paintName(painter, box.subtitle, left, rect.top() + 32.0 * s, width, false);
    for (std::uint32_t row = 0; row < box.rowCount; ++row) {
        paintName(painter, scene.rows[box.firstRow + row], left + kPadding * s,
                  rect.top() + (48.0 + 14.0 * row) * s, width - kPadding * s, true);
    }
}

void GraphPainter::paintModuleText(QPainter &painter, const SceneBox &box, const QRectF &rect) const
{
    const double s = m_view.scale;
    const double left = rect.left() + kPadding * s;
    const double width = rect.width() - 2.0 * kPadding * s;
    if (m_detail == Detail::Titles) {
        painter.setFont(m_fonts.title);
        painter.setPen(m_theme.color(Theme::Role::Text));
        const double height = box.kind == SceneBox::Kind::Expanded ? kHeader * s : rect.height();
        const auto most = static_cast<qsizetype>(width / (m_fonts.title.pixelSize() * 0.68));
        painter.drawText(QRectF(left, rect.top(), width, height),
                         Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                         elideMiddle(box.title, most));
        return;
    }
    double right = 0.0;
    const double baseline = rect.top() + 17.0 * s;
    paintFigure(painter, box, rect, baseline, right);
    painter.setFont(m_fonts.title);
    painter.setPen(m_theme.color(Theme::Role::Text));
    const QFontMetricsF metrics(m_fonts.title);
    const QString title = metrics.elidedText(box.title, Qt::ElideMiddle, right - left);
    painter.drawText(QPointF(left, baseline), title);
    if (box.kind == SceneBox::Kind::Expanded) {
        const double from = left + metrics.horizontalAdvance(title) + kPadding * s;
        if (right - from > 8.0 * m_fonts.monoAdvance) {
            paintName(painter, box.subtitle, from, baseline, right - from, false);
        }
        return;
    }
    const double counts = (box.counts[1] + box.counts[2] > 0) ? 72.0 * s : 0.0;
    paintName(painter, box.subtitle, left, rect.top() + 34.0 * s, width - counts, false);
    paintCounts(painter, box, rect);
}

/// "▲ 3 ■ 2" and the bar of severities at the lower edge.
void GraphPainter::paintCounts(QPainter &painter, const SceneBox &box, const QRectF &rect) const
{
    const double s = m_view.scale;
    double right = rect.right() - kPadding * s;
    painter.setFont(m_fonts.mono);
    for (const Severity severity : {Severity::Bad, Severity::Warn}) {
        const std::uint32_t count = box.counts[static_cast<std::size_t>(severity)];
        if (count == 0) {
            continue;
        }
        const QString text = QString::number(count);
        right -= m_fonts.monoAdvance * static_cast<double>(text.size());
        painter.setFont(m_fonts.mono);
        painter.setPen(m_theme.color(Theme::Role::Text));
        painter.drawText(QPointF(right, rect.top() + 34.0 * s), text);
        right -= 8.0 * s;
        paintShape(painter, severity, {right, rect.top() + 30.0 * s}, 8.0 * s);
        right -= 8.0 * s;
    }
    const double total = box.counts[0] + box.counts[1] + box.counts[2] + box.counts[3];
    double x = rect.left() + kPadding * s;
    const double width = rect.width() - 2.0 * kPadding * s;
    if (total == 0.0 || box.counts[3] == static_cast<std::uint32_t>(total)) {
        return;
    }
    for (const std::size_t kind : {2U, 1U, 0U, 3U}) {
        const double part = width * box.counts[kind] / total;
        const QColor color = kind == 3 ? m_theme.color(Theme::Role::Edge)
                                       : m_theme.severityColor(static_cast<Severity>(kind));
        painter.fillRect(QRectF(x, rect.bottom() - 8.0 * s, part, std::max(2.0, 3.0 * s)), color);
        x += part;
    }
}

void GraphPainter::paintChips(QPainter &painter, const GraphScene &scene) const
{
    const QRectF area = m_view.area();
    for (const SceneChip &chip : scene.chips) {
        if (!chip.rect.intersects(area)) {
            continue;
        }
        const QRectF rect = m_view.toSurface(chip.rect).toAlignedRect();
        painter.setPen(m_theme.color(Theme::Role::Edge));
        painter.setBrush(m_theme.color(Theme::Role::Surface));
        painter.drawRoundedRect(rect, rect.height() / 2.0, rect.height() / 2.0);
        paintName(painter, chip.label, rect.left() + 6.0 * m_view.scale,
                  rect.bottom() - 3.5 * m_view.scale, rect.width() - 12.0 * m_view.scale, true);
    }
}

/// Boxes outside of the trace step back.
void GraphPainter::paintFade(QPainter &painter, const GraphScene &scene,
                             const SceneMarks &marks) const
{
    if (marks.trace.empty()) {
        return;
    }
    constexpr float kVeil = 0.7F;
    QColor veil = m_theme.color(Theme::Role::Surface);
    veil.setAlphaF(kVeil);
    for (const std::uint32_t b : m_boxes) {
        if (scene.boxes[b].kind != SceneBox::Kind::Expanded && !marks.trace.boxes.contains(b)) {
            painter.fillRect(m_view.toSurface(scene.boxes[b].rect).adjusted(-1, -1, 1, 1), veil);
        }
    }
}

void GraphPainter::paintMarks(QPainter &painter, const GraphScene &scene,
                              const SceneMarks &marks) const
{
    painter.setBrush(Qt::NoBrush);
    const auto outline = [&](std::uint32_t b, Theme::Role role, double width) {
        if (b >= scene.boxes.size() || b == 0) {
            return;
        }
        QRectF rect = m_view.toSurface(scene.boxes[b].rect);
        rect = rect.intersected(QRectF(QPointF(-16, -16), m_view.size + QSizeF(32, 32)));
        if (rect.isEmpty()) {
            return;
        }
        painter.setPen(
            QPen(m_theme.color(role), width, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        painter.drawRect(rect.adjusted(-2, -2, 1, 1));
    };
    for (const std::uint32_t b : marks.highlighted) {
        outline(b, Theme::Role::Warn, 2.0);
    }
    outline(marks.hovered, Theme::Role::Accent, 1.0);
    outline(marks.selected, Theme::Role::Accent, 3.0);
}

} // namespace syncpoint
