// The part of TensorPane that goes to elements and tells what is there.
#include "core/tensor/decode.h"
#include "viewers/tensor/axis_bar.h"
#include "viewers/tensor/tensor_details.h"
#include "viewers/tensor/tensor_pane.h"

#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <array>
#include <cmath>

namespace syncpoint {

namespace {
QString number(double value)
{
    return QString::number(value, 'g', 7);
}

/// The number itself, which may have more digits than the float that is painted. Elements of a part
/// are taken as they are painted when they are quantized: their parameters belong to the whole.
double exactValue(const TensorContent &content, const TensorSide &side, std::uint64_t index)
{
    if (!content.part.isWhole() && !isFloat(side.captured.info().dtype)) {
        return double{side.values[index]};
    }
    std::array<double, 1> value{};
    decode(side.captured.view(), index, value);
    return value[0];
}

/// "0.1234 (raw 17)" for quantized integers, every digit of others, else just the number.
QString valueText(const TensorContent &content, const TensorSide &side, std::uint64_t index)
{
    const TensorInfo &info = side.captured.info();
    const QString text = number(exactValue(content, side, index));
    if (!isInteger(info.dtype) || (!info.quantization && !content.part.isWhole())) {
        return text;
    }
    std::array<std::int64_t, 1> raw{};
    decodeRaw(side.captured.view(), index, raw);
    return info.quantization ? text + QStringLiteral(" (raw %1)").arg(raw[0])
                             : QString::number(raw[0]);
}
} // namespace

void TensorPane::updateReadout()
{
    m_details->setPlace(m_pictures->baseline().plane(), m_pictures->candidate().plane(),
                        m_pictures->camera().picked());
    const PlaneCamera &camera = m_pictures->camera();
    const auto cell = camera.hovered() ? camera.hovered() : camera.picked();
    const Plane &plane = m_pictures->plane();
    const bool inside =
        cell && cell->x() < static_cast<int>(plane.columns) &&
        cell->y() < static_cast<int>(plane.rows) &&
        plane.has(static_cast<std::size_t>(cell->y()), static_cast<std::size_t>(cell->x()));
    if (!inside) {
        m_readout->setText(tr("%1 · point at a cell to read its values")
                               .arg(QString::fromStdString(toText(m_content.shape))));
        return;
    }
    const std::uint64_t index =
        plane.flatIndex(static_cast<std::size_t>(cell->y()), static_cast<std::size_t>(cell->x()));
    auto place = unravel(index, m_content.shape);
    for (std::size_t axis = 0; axis < m_content.part.origin.size(); ++axis) {
        place[axis] += m_content.part.origin[axis];
    }
    QStringList parts{QString::fromStdString(indexText(place))};
    if (const auto color = m_axisBar->axes().color) { // the cell is one element of each colour
        parts << colorText(QStringLiteral("A"), m_content.reference, index, *color)
              << colorText(QStringLiteral("B"), m_content.candidate, index, *color);
        parts.removeAll(QString());
        m_readout->setText(parts.join(QStringLiteral("   ")));
        return;
    }
    if (!m_content.reference.values.empty()) {
        parts << QStringLiteral("A ") + valueText(m_content, m_content.reference, index);
    }
    if (!m_content.candidate.values.empty()) {
        parts << QStringLiteral("B ") + valueText(m_content, m_content.candidate, index);
    }
    if (m_content.hasBoth()) {
        parts << QStringLiteral("Δ ") + number(exactValue(m_content, m_content.candidate, index) -
                                               exactValue(m_content, m_content.reference, index));
    }
    m_readout->setText(parts.join(QStringLiteral("   ")));
}

QString TensorPane::colorText(const QString &name, const TensorSide &side, std::uint64_t index,
                              std::size_t axis) const
{
    const std::uint64_t stride =
        elementCount(std::span(m_content.shape).subspan(axis + 1)).value_or(0);
    QStringList values;
    for (std::uint64_t channel = 0; channel < 3 && !side.values.empty(); ++channel) {
        values << number(double{side.values[index + channel * stride]});
    }
    return values.isEmpty() ? QString() : name + QStringLiteral(" RGB ") + values.join(u' ');
}

void TensorPane::goTo(std::uint64_t flatIndex)
{
    const auto index = unravel(flatIndex, m_content.shape);
    PlaneAxes axes = m_axisBar->axes();
    axes.fixed.assign(index.begin(), index.end());
    m_axisBar->setAxes(axes);
    const PlaneCell cell = cellOf(m_pictures->plane(), axes, index);
    m_pictures->camera().pick(QPoint(static_cast<int>(cell.column), static_cast<int>(cell.row)));
}

void TensorPane::askIndex()
{
    if (!m_content.shape.empty()) {
        m_index->clear();
        m_index->show();
        m_index->setFocus();
    }
}

/// Numbers in any notation: "0, 3, 17", "[0 3 17]". Negative ones count from the end.
void TensorPane::goToTypedIndex()
{
    static const QRegularExpression number(QStringLiteral("-?\\d+"));
    std::uint64_t flat = 0;
    std::size_t axis = 0;
    bool fits = true;
    for (auto found = number.globalMatch(m_index->text()); found.hasNext(); ++axis) {
        qint64 index = found.next().captured().toLongLong();
        const std::int64_t extent = axis < m_content.shape.size() ? m_content.shape[axis] : 0;
        index -= axis < m_content.part.origin.size() ? m_content.part.origin[axis] : 0;
        index += index < 0 && m_content.part.isWhole() ? extent : 0;
        fits = fits && index >= 0 && index < extent;
        flat = flat * static_cast<std::uint64_t>(extent) + static_cast<std::uint64_t>(index);
    }
    if (fits && axis == m_content.shape.size()) {
        goTo(flat);
    } else {
        m_readout->setText(
            tr("%1 is no index of a tensor of %2")
                .arg(m_index->text().trimmed(), QString::fromStdString(toText(m_content.shape))));
    }
}

void TensorPane::goToWorst()
{
    std::optional<std::uint64_t> worst;
    double largest = -1.0;
    for (std::size_t i = 0; m_content.hasBoth() && i < m_content.reference.values.size(); ++i) {
        const double error =
            std::abs(double{m_content.candidate.values[i]} - double{m_content.reference.values[i]});
        if (error > largest) {
            largest = error;
            worst = i;
        }
    }
    if (worst) {
        goTo(*worst);
    }
}

void TensorPane::goToNextNonfinite()
{
    const std::size_t count =
        std::max(m_content.reference.values.size(), m_content.candidate.values.size());
    std::size_t start = 0;
    const Plane &plane = m_pictures->plane();
    if (const auto cell = m_pictures->camera().picked(); cell && !plane.isEmpty()) {
        start = plane.flatIndex(static_cast<std::size_t>(cell->y()),
                                static_cast<std::size_t>(cell->x())) +
                1;
    }
    for (std::size_t step = 0; step < count; ++step) {
        const std::size_t i = (start + step) % count;
        const auto isBad = [i](const TensorSide &side) {
            return i < side.values.size() && !std::isfinite(side.values[i]);
        };
        if (isBad(m_content.reference) || isBad(m_content.candidate)) {
            return goTo(i);
        }
    }
}

void TensorPane::showChannel(std::size_t axis, std::size_t index)
{
    m_sheet->setChecked(false);
    PlaneAxes axes = m_axisBar->axes();
    if (axis < axes.fixed.size()) {
        axes.fixed[axis] = static_cast<std::int64_t>(index);
        m_axisBar->setAxes(axes);
    }
}

} // namespace syncpoint
