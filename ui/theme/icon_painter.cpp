#include "ui/theme/icon_painter.h"

#include <QFile>
#include <QPainter>
#include <QPixmap>
#include <QPolygonF>
#include <QSvgRenderer>
#include <array>

namespace syncpoint {

namespace {

constexpr int kIconSize = 16;
constexpr std::array kScales{1, 2, 3};

QPixmap blankPixmap(int scale)
{
    QPixmap pixmap(kIconSize * scale, kIconSize * scale);
    pixmap.setDevicePixelRatio(scale);
    pixmap.fill(Qt::transparent);
    return pixmap;
}

void addStrokes(QIcon &icon, const QByteArray &svg, const QColor &color, QIcon::Mode mode)
{
    QByteArray colored = svg;
    colored.replace("currentColor", color.name().toLatin1());
    QSvgRenderer renderer(colored);
    for (const int scale : kScales) {
        QPixmap pixmap = blankPixmap(scale);
        QPainter painter(&pixmap);
        renderer.render(&painter, QRectF(0, 0, kIconSize, kIconSize));
        painter.end();
        icon.addPixmap(pixmap, mode);
    }
}

void drawShape(QPainter &painter, Severity severity)
{
    switch (severity) {
    case Severity::Ok:
        painter.drawEllipse(QPointF(8, 8), 4, 4);
        break;
    case Severity::Warn:
        painter.drawPolygon(QPolygonF{{8, 3}, {13, 12.5}, {3, 12.5}});
        break;
    case Severity::Bad:
        painter.drawRect(QRectF(3.5, 3.5, 9, 9));
        break;
    }
}

} // namespace

QIcon strokeIcon(const QString &name, const QColor &color, const QColor &disabled)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    const QByteArray svg = file.readAll();
    QIcon icon;
    addStrokes(icon, svg, color, QIcon::Normal);
    addStrokes(icon, svg, color, QIcon::Selected);
    addStrokes(icon, svg, disabled, QIcon::Disabled);
    return icon;
}

QIcon severityShape(Severity severity, const QColor &color)
{
    QIcon icon;
    for (const int scale : kScales) {
        QPixmap pixmap = blankPixmap(scale);
        QPainter painter(&pixmap);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        drawShape(painter, severity);
        painter.end();
        icon.addPixmap(pixmap, QIcon::Normal);
        icon.addPixmap(pixmap, QIcon::Selected); // the style would tint it and hide the severity
    }
    return icon;
}

} // namespace syncpoint
