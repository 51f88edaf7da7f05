#include "viewers/tensor/tensor_export.h"

#include "core/base/atomic_file.h"
#include "core/formats/npy/npy_writer.h"
#include "viewers/tensor/tensor_pane.h"

#include <QBuffer>
#include <QFileDialog>
#include <QPainter>
#include <fmt/format.h>
#include <iterator>

namespace syncpoint {
namespace {

Error nothingHere()
{
    return {ErrorCode::BadInput, "this side has no values here"};
}

Result<std::string> valuesOf(const TensorPane &pane, const TensorSide &side)
{
    return side.values.empty() ? Result<std::string>(nothingHere())
                               : npyOf(side.values, pane.content().shape);
}

Result<std::string> storedOf(const TensorSide &side)
{
    return side.values.empty() ? Result<std::string>(nothingHere()) : npyOf(side.captured);
}

Result<std::string> differenceOf(const TensorPane &pane)
{
    const TensorContent &content = pane.content();
    return content.hasBoth() ? npyOf(difference(content.reference.values, content.candidate.values,
                                                DifferenceKind::Signed, 0.0)
                                         .values(),
                                     content.shape)
                             : Result<std::string>(nothingHere());
}

/// One line per cell of the slice on screen, with its index in the tensor.
Result<std::string> sliceOf(const TensorPane &pane)
{
    constexpr std::size_t kMostCells = 4'000'000;
    const TensorContent &content = pane.content();
    const Plane &plane = pane.pictures().plane();
    if (plane.isEmpty()) {
        return nothingHere();
    }
    if (plane.values.size() > kMostCells) {
        return Error{ErrorCode::Limit,
                     fmt::format("{} cells are too many for CSV: export the values as .npy",
                                 plane.values.size())};
    }
    std::string text;
    auto out = std::back_inserter(text);
    for (std::size_t axis = 0; axis < content.shape.size(); ++axis) {
        fmt::format_to(out, "axis {},", axis);
    }
    text += "A,B,B-A\n";
    const auto value = [](const TensorSide &side, std::uint64_t index) {
        return side.values.empty() ? std::string() : fmt::format("{:.9g}", side.values[index]);
    };
    for (std::size_t row = 0; row < plane.rows; ++row) {
        for (std::size_t column = 0; column < plane.columns; ++column) {
            if (!plane.has(row, column)) {
                continue;
            }
            const std::uint64_t index = plane.flatIndex(row, column);
            for (const std::int64_t place : unravel(index, content.shape)) {
                fmt::format_to(out, "{},", place);
            }
            fmt::format_to(out, "{},{},", value(content.reference, index),
                           value(content.candidate, index));
            if (content.hasBoth()) {
                fmt::format_to(out, "{:.9g}",
                               double{content.candidate.values[index]} -
                                   double{content.reference.values[index]});
            }
            text += '\n';
        }
    }
    return text;
}

Result<std::string> pngOf(const TensorPane &pane)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    pictureWithBars(pane.pictures()).save(&buffer, "PNG");
    return buffer.data().toStdString();
}

void paintBar(QPainter &painter, const QRectF &area, const PlaneColors &colors)
{
    constexpr double kThickness = 10.0;
    QImage bar(256, 1, QImage::Format_RGB32);
    for (int i = 0; i < bar.width(); ++i) {
        const Rgb &color = colorTable(colors.map)[static_cast<std::size_t>(i)];
        bar.setPixel(i, 0, qRgb(color.red, color.green, color.blue));
    }
    painter.drawImage(QRectF(area.left(), area.top() + 4.0, area.width(), kThickness), bar);
    const QRectF text = area.adjusted(0.0, kThickness + 4.0, 0.0, 0.0);
    painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter,
                     QString::number(colors.range.low, 'g', 5));
    painter.drawText(text, Qt::AlignRight | Qt::AlignVCenter,
                     QString::number(colors.range.high, 'g', 5));
}

} // namespace

const std::vector<TensorExport> &tensorExports()
{
    static const QString npy = QStringLiteral(".npy");
    static const std::vector<TensorExport> exports{
        {TensorPane::tr("Baseline, real values (*.npy)"), npy,
         [](const TensorPane &pane) { return valuesOf(pane, pane.content().reference); }},
        {TensorPane::tr("Candidate, real values (*.npy)"), npy,
         [](const TensorPane &pane) { return valuesOf(pane, pane.content().candidate); }},
        {TensorPane::tr("Candidate − baseline (*.npy)"), npy, differenceOf},
        {TensorPane::tr("Baseline, as stored (*.npy)"), npy,
         [](const TensorPane &pane) { return storedOf(pane.content().reference); }},
        {TensorPane::tr("Candidate, as stored (*.npy)"), npy,
         [](const TensorPane &pane) { return storedOf(pane.content().candidate); }},
        {TensorPane::tr("The slice on screen (*.csv)"), QStringLiteral(".csv"), sliceOf},
        {TensorPane::tr("The pictures (*.png)"), QStringLiteral(".png"), pngOf},
    };
    return exports;
}

QImage pictureWithBars(const PlanePictures &pictures)
{
    constexpr int kBarHeight = 32;
    auto &widget = const_cast<PlanePictures &>(pictures); // grab() is not const
    const QImage shot = widget.grab().toImage();
    const double ratio = shot.devicePixelRatio();
    QImage image(shot.width(), shot.height() + static_cast<int>(kBarHeight * ratio),
                 QImage::Format_RGB32);
    image.setDevicePixelRatio(ratio);
    image.fill(pictures.palette().color(QPalette::Base));
    QPainter painter(&image);
    painter.drawImage(0, 0, shot);
    painter.setFont(pictures.font());
    painter.setPen(pictures.palette().color(QPalette::Text));
    for (const PlaneView *view :
         {&pictures.baseline(), &pictures.candidate(), &pictures.difference()}) {
        if (view->isVisibleTo(&pictures)) {
            paintBar(painter,
                     QRectF(view->x() + 4, pictures.height(), view->width() - 8, kBarHeight),
                     view->colors());
        }
    }
    return image;
}

QString askAndExport(TensorPane &pane)
{
    QStringList filters;
    for (const TensorExport &kind : tensorExports()) {
        filters << kind.filter;
    }
    QString chosen;
    QString file = QFileDialog::getSaveFileName(&pane, TensorPane::tr("Export the tensor"), {},
                                                filters.join(QStringLiteral(";;")), &chosen);
    if (file.isEmpty()) {
        return {};
    }
    const TensorExport &kind =
        tensorExports()[static_cast<std::size_t>(std::max<qsizetype>(0, filters.indexOf(chosen)))];
    if (!file.endsWith(kind.suffix, Qt::CaseInsensitive)) {
        file += kind.suffix;
    }
    const auto bytes = kind.bytes(pane);
    const auto written =
        bytes ? writeFileAtomically(file.toStdU16String(), *bytes) : Result<void>(bytes.error());
    return written ? TensorPane::tr("Written to %1").arg(file)
                   : QString::fromStdString(written.error().message);
}

} // namespace syncpoint
