#include "viewers/graph/place_painter.h"

#include "ui/models/display_text.h"

#include <QFontMetricsF>
#include <QPainter>
#include <array>

namespace syncpoint {
namespace {

constexpr std::array kPlaceRoles{Theme::Role::Accent, Theme::Role::Warn,     Theme::Role::Candidate,
                                 Theme::Role::Ok,     Theme::Role::Baseline, Theme::Role::Bad};
constexpr double kStripe = 4.0; ///< scene pixels

bool isOneUnit(std::uint8_t place)
{
    return place != OpRun::kUnknown && place != OpRun::kMixed;
}

} // namespace

Theme::Role placeRole(std::uint8_t place)
{
    return isOneUnit(place) ? kPlaceRoles[(place - 1U) % kPlaceRoles.size()]
                            : Theme::Role::NotCompared;
}

void paintPlaceStripe(QPainter &painter, const Theme &theme, const GraphScene &scene,
                      const SceneBox &box, const QRectF &rect, double scale)
{
    if (scene.runs.hasTransitions() && box.run.place != OpRun::kUnknown) {
        painter.fillRect(
            QRectF(rect.left(), rect.top(), std::max(2.0, kStripe * scale), rect.height() - 1.0),
            theme.color(placeRole(box.run.place)));
    }
}

void paintTransitions(QPainter &painter, const Theme &theme, const GraphScene &scene,
                      const SceneView &view, const std::vector<std::uint32_t> &edges,
                      const QFont &font)
{
    if (!scene.runs.hasTransitions()) {
        return;
    }
    painter.setFont(font);
    const QFontMetricsF metrics(font);
    for (const std::uint32_t e : edges) {
        const SceneEdge &edge = scene.edges[e];
        const std::uint8_t from = scene.boxes[edge.source].run.place;
        const std::uint8_t to = scene.boxes[edge.target].run.place;
        if (edge.isChip() || from == to || !isOneUnit(from) || !isOneUnit(to)) {
            continue;
        }
        const std::uint64_t bytes = bytesOf(scene.outline->graph->value(edge.value));
        const QString text =
            QStringLiteral("⇄ ") + (bytes == 0 ? QStringLiteral("? B") : byteText(bytes));
        const auto way = scene.way(edge);
        const QPointF at = view.toSurface((way[way.size() - 2] + way.back()) / 2.0);
        const QSizeF size(metrics.horizontalAdvance(text) + 8.0, metrics.height());
        const QRectF tag(at - QPointF(size.width() / 2.0, size.height() / 2.0), size);
        painter.setPen(theme.color(placeRole(to)));
        painter.setBrush(theme.color(Theme::Role::Surface));
        painter.drawRect(tag.toAlignedRect());
        painter.setPen(theme.color(Theme::Role::Text));
        painter.drawText(tag, Qt::AlignCenter, text);
    }
}

} // namespace syncpoint
