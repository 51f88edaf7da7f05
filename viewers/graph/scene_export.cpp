#include "viewers/graph/scene_export.h"

#include "core/base/atomic_file.h"
#include "viewers/graph/dot_writer.h"

#include <QBuffer>
#include <QImage>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>
#include <algorithm>
#include <cmath>

namespace syncpoint {
namespace {

constexpr double kPageMargin = 16.0;
constexpr double kGap = 24.0; ///< between two sides
constexpr double kPixelRatio = 2.0;
constexpr double kLargestPage = 14400.0; ///< points; PDF readers refuse more

using Canvases = std::vector<GraphCanvas *>;

SceneView wholeScene(const GraphCanvas &canvas)
{
    const QRectF area =
        canvas.scene()->bounds().adjusted(-kPageMargin, -kPageMargin, kPageMargin, kPageMargin);
    SceneView view;
    view.origin = area.topLeft();
    view.size = area.size();
    return view;
}

std::vector<SceneView> wholeScenes(const Canvases &canvases)
{
    std::vector<SceneView> views;
    for (const GraphCanvas *canvas : canvases) {
        views.push_back(wholeScene(*canvas));
    }
    return views;
}

QSizeF sizeOf(const std::vector<SceneView> &views)
{
    QSizeF size(kGap * static_cast<double>(views.size() - 1), 0.0);
    for (const SceneView &view : views) {
        size = {size.width() + view.size.width(), std::max(size.height(), view.size.height())};
    }
    return size;
}

void paintAll(QPainter &painter, const Canvases &canvases, const std::vector<SceneView> &views)
{
    for (std::size_t i = 0; i < canvases.size(); ++i) {
        painter.save();
        painter.setClipRect(QRectF(QPointF(0.0, 0.0), views[i].size));
        canvases[i]->render(painter, views[i]);
        painter.restore();
        painter.translate(views[i].size.width() + kGap, 0.0);
    }
}

QByteArray svgOf(const Canvases &canvases)
{
    const auto views = wholeScenes(canvases);
    const QSizeF size = sizeOf(views);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(size.toSize());
    generator.setViewBox(QRectF(QPointF(0, 0), size));
    generator.setTitle(QStringLiteral("Syncpoint graph"));
    QPainter painter(&generator);
    paintAll(painter, canvases, views);
    painter.end();
    return buffer.data();
}

QByteArray pdfOf(const Canvases &canvases)
{
    const auto views = wholeScenes(canvases);
    const QSizeF size = sizeOf(views);
    const double scale = std::min(1.0, kLargestPage / std::max(size.width(), size.height()));
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setTitle(QStringLiteral("Syncpoint graph"));
    writer.setCreator(QStringLiteral("Syncpoint"));
    writer.setPageMargins(QMarginsF());
    writer.setPageSize(QPageSize(size * scale, QPageSize::Point));
    QPainter painter(&writer);
    painter.scale(scale * writer.resolution() / 72.0, scale * writer.resolution() / 72.0);
    paintAll(painter, canvases, views);
    painter.end();
    return buffer.data();
}

QByteArray pngOf(const Canvases &canvases)
{
    std::vector<SceneView> views;
    for (const GraphCanvas *canvas : canvases) {
        views.push_back(canvas->view());
    }
    QImage image((sizeOf(views) * kPixelRatio).toSize(), QImage::Format_RGB32);
    image.setDevicePixelRatio(kPixelRatio);
    image.fill(canvases.front()->palette().color(QPalette::Window));
    QPainter painter(&image);
    paintAll(painter, canvases, views);
    painter.end();
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return buffer.data();
}

QByteArray dotOf(const Canvases &canvases)
{
    QString text = QStringLiteral("digraph model {\n  rankdir=TB;\n  node [shape=box];\n");
    for (const GraphCanvas *canvas : canvases) {
        const bool isBaseline = canvas->scene()->side == Side::Baseline;
        text += dotCluster(*canvas->scene(), isBaseline ? QStringLiteral("b") : QStringLiteral("c"),
                           isBaseline ? QStringLiteral("baseline") : QStringLiteral("candidate"));
    }
    return (text + QStringLiteral("}\n")).toUtf8();
}

} // namespace

Result<void> exportGraph(const std::vector<GraphCanvas *> &canvases, const QString &file)
{
    if (canvases.empty() ||
        std::any_of(canvases.begin(), canvases.end(),
                    [](const GraphCanvas *canvas) { return canvas->scene() == nullptr; })) {
        return Error{ErrorCode::BadInput, "there is no graph to export"};
    }
    const auto isKind = [&file](const char *suffix) {
        return file.endsWith(QLatin1String(suffix), Qt::CaseInsensitive);
    };
    const QByteArray bytes = isKind(".svg")   ? svgOf(canvases)
                             : isKind(".pdf") ? pdfOf(canvases)
                             : isKind(".dot") ? dotOf(canvases)
                                              : pngOf(canvases);
    return writeFileAtomically(file.toStdU16String(), bytes.toStdString());
}

} // namespace syncpoint
