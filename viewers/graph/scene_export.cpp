#include "viewers/graph/scene_export.h"

#include <QBuffer>
#include <QImage>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>

namespace syncpoint {
namespace {

constexpr double kMargin = 16.0;
constexpr double kPixelRatio = 2.0;

QByteArray svgOf(GraphCanvas &canvas)
{
    SceneView view;
    const QRectF area = canvas.scene()->bounds().adjusted(-kMargin, -kMargin, kMargin, kMargin);
    view.origin = area.topLeft();
    view.size = area.size();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(area.size().toSize());
    generator.setViewBox(QRectF(QPointF(0, 0), area.size()));
    generator.setTitle(QStringLiteral("Syncpoint graph"));
    QPainter painter(&generator);
    canvas.render(painter, view);
    painter.end();
    return bytes;
}

QByteArray pngOf(GraphCanvas &canvas)
{
    const SceneView view = canvas.view();
    QImage image((view.size * kPixelRatio).toSize(), QImage::Format_RGB32);
    image.setDevicePixelRatio(kPixelRatio);
    QPainter painter(&image);
    canvas.render(painter, view);
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

} // namespace

Result<void> exportPicture(GraphCanvas &canvas, const QString &file)
{
    if (canvas.scene() == nullptr) {
        return Error{ErrorCode::BadInput, "there is no graph to export"};
    }
    const QByteArray bytes =
        file.endsWith(QStringLiteral(".svg"), Qt::CaseInsensitive) ? svgOf(canvas) : pngOf(canvas);
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size() || !out.commit()) {
        return Error{ErrorCode::Io,
                     "cannot write " + file.toStdString() + ": " + out.errorString().toStdString()};
    }
    return {};
}

} // namespace syncpoint
