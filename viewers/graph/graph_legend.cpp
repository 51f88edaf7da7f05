#include "viewers/graph/graph_legend.h"

#include "ui/session/model_inspection.h"
#include "viewers/graph/box_labels.h"

#include "compare/metric/metric.h"
#include "ui/models/display_text.h"
#include "viewers/graph/op_families.h"
#include "viewers/graph/place_painter.h"

#include <QFontMetricsF>
#include <QPainter>

namespace syncpoint {
namespace {

constexpr double kGap = 12.0;
constexpr double kSwatch = 12.0;
constexpr int kHeight = 24;

QString unitOf(const ThresholdProfile &profile)
{
    const auto index = metricIndex(profile.metric);
    if (!index) {
        return {};
    }
    const std::string_view unit = builtinMetrics()[*index]->descriptor().unit;
    return unit.empty() ? QString() : QLatin1Char(' ') + fromUtf8(unit);
}

QString metricName(const ThresholdProfile &profile)
{
    const auto index = metricIndex(profile.metric);
    const std::string_view name =
        index ? builtinMetrics()[*index]->descriptor().name : std::string_view(profile.metric);
    return fromUtf8(name);
}

} // namespace

GraphLegend::GraphLegend(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setAccessibleName(tr("Legend"));
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

void GraphLegend::setScene(std::shared_ptr<const GraphScene> scene)
{
    m_scene = std::move(scene);
    update();
}

void GraphLegend::setColoring(Coloring coloring)
{
    m_coloring = coloring;
    update();
}

QSize GraphLegend::sizeHint() const
{
    return {400, kHeight};
}

void GraphLegend::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Theme::Role::Window));
    painter.setPen(m_theme.color(Theme::Role::Separator));
    painter.drawLine(0, 0, width(), 0);
    if (!m_scene) {
        return;
    }
    QFont font = m_theme.textFont();
    font.setPixelSize(11);
    painter.setFont(font);
    double x = 8.0;
    switch (m_coloring) {
    case Coloring::Score:
        paintScores(painter, x);
        break;
    case Coloring::Introduced:
        paintIntroduced(painter, x);
        break;
    case Coloring::OpType:
        paintFamilies(painter, x);
        break;
    case Coloring::Placement:
        paintPlaces(painter, x);
        break;
    case Coloring::Time:
        paintTimes(painter, x);
        break;
    }
    paintBorders(painter, x);
}

void GraphLegend::paintText(QPainter &painter, double &x, const QString &text) const
{
    painter.setPen(m_theme.color(Theme::Role::TextMuted));
    painter.drawText(QPointF(x, 16.0), text);
    x += QFontMetricsF(painter.font()).horizontalAdvance(text) + kGap;
}

void GraphLegend::paintSwatch(QPainter &painter, double &x, const QColor &fill, Qt::PenStyle border,
                              const QString &text) const
{
    const QRectF box(x, 6.0, kSwatch, kSwatch);
    painter.fillRect(box, fill);
    QPen pen(m_theme.color(border == Qt::DotLine ? Theme::Role::Text : Theme::Role::EdgeStrong),
             border == Qt::DotLine ? 2.0 : 1.0, border);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(box.adjusted(0, 0, -1, -1));
    x += kSwatch + 4.0;
    paintText(painter, x, text);
}

void GraphLegend::paintScores(QPainter &painter, double &x) const
{
    if (!m_scene->result) {
        return;
    }
    const ThresholdProfile &profile = m_scene->result->profile;
    const QString unit = unitOf(profile);
    const bool higherIsBetter = profile.okFrom >= profile.badBelow;
    const QString ok = QString::number(profile.okFrom);
    const QString bad = QString::number(profile.badBelow);
    const QString better = higherIsBetter ? QStringLiteral("≥ ") : QStringLiteral("≤ ");
    const QString worse = higherIsBetter ? QStringLiteral("< ") : QStringLiteral("> ");
    paintText(painter, x,
              tr("%1, profile %2").arg(metricName(profile), QString::fromStdString(profile.name)));
    const auto shape = [&](Severity severity, double position, const QString &text) {
        const QPixmap icon = m_theme.severityIcon(severity).pixmap(12, 12);
        painter.drawPixmap(QPointF(x, 6.0), icon);
        x += kSwatch + 2.0;
        paintSwatch(painter, x, m_theme.scoreColor(position), Qt::SolidLine, text);
    };
    shape(Severity::Bad, 0.1, tr("bad ") + worse + bad + unit);
    shape(Severity::Warn, 0.5, tr("warn"));
    shape(Severity::Ok, 0.9, tr("ok ") + better + ok + unit);
}

void GraphLegend::paintIntroduced(QPainter &painter, double &x) const
{
    const auto share = [this](double introduced) { return introducedText(*m_scene, introduced); };
    paintText(painter, x, tr("share of all introduced error, logarithmic"));
    paintSwatch(painter, x, m_theme.scoreColor(0.0), Qt::SolidLine,
                tr("worst op %1").arg(share(m_scene->worstIntroduced)));
    paintSwatch(painter, x, m_theme.scoreColor(0.5), Qt::SolidLine,
                share(m_scene->worstIntroduced / 100.0));
    paintSwatch(painter, x, m_theme.scoreColor(1.0), Qt::SolidLine,
                tr("≤ %1").arg(share(m_scene->worstIntroduced / 10000.0)));
}

void GraphLegend::paintFamilies(QPainter &painter, double &x) const
{
    for (std::size_t family = 0; family < opFamilyCount(); ++family) {
        paintSwatch(painter, x, m_theme.color(opFamilyRole(family)), Qt::SolidLine,
                    opFamilyName(family));
    }
}

void GraphLegend::paintPlaces(QPainter &painter, double &x) const
{
    const auto &places = m_scene->runs.places;
    if (places.size() == 1) {
        paintText(painter, x, tr("where the ops of this side ran is unknown"));
    }
    for (std::size_t place = 1; place < places.size(); ++place) {
        paintSwatch(painter, x, m_theme.color(placeRole(static_cast<std::uint8_t>(place))),
                    Qt::SolidLine, places[place]);
    }
}

void GraphLegend::paintTimes(QPainter &painter, double &x) const
{
    const double slowest = m_scene->runs.slowest;
    if (slowest <= 0.0) {
        paintText(painter, x, tr("not measured: set timed runs in the run settings"));
        return;
    }
    paintText(painter, x, tr("time of the op, %1 in all").arg(durationText(m_scene->runs.total)));
    for (const double share : {1.0, 0.5, 0.0}) {
        paintSwatch(painter, x, m_theme.scoreColor(1.0 - share), Qt::SolidLine,
                    share > 0.0 ? durationText(share * slowest) : tr("least"));
    }
}

void GraphLegend::paintBorders(QPainter &painter, double &x) const
{
    if (m_scene->result && !hasCandidate(*m_scene->result)) {
        return;
    }
    const QColor surface = m_theme.color(Theme::Role::Surface);
    if (m_coloring == Coloring::Score || m_coloring == Coloring::Introduced) {
        paintSwatch(painter, x, m_theme.color(Theme::Role::NotCompared), Qt::NoPen,
                    tr("not compared"));
    }
    paintSwatch(painter, x, surface, Qt::SolidLine, tr("matched"));
    paintSwatch(painter, x, surface, Qt::DashLine, tr("fused"));
    paintSwatch(painter, x, surface, Qt::DotLine, tr("no counterpart"));
}

} // namespace syncpoint
