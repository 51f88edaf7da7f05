#include "viewers/tensor/tensor_pane.h"

#include "core/tensor/decode.h"
#include "ui/theme/theme.h"
#include "viewers/tensor/axis_bar.h"
#include "viewers/tensor/range_bar.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QStackedLayout>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <cmath>

namespace syncpoint {

namespace {
QComboBox *makeCombo(QWidget *parent, const QString &name, const QStringList &items)
{
    auto *combo = new QComboBox(parent);
    combo->setAccessibleName(name);
    combo->setToolTip(name);
    combo->addItems(items);
    return combo;
}

QString number(double value)
{
    return QString::number(value, 'g', 7);
}

/// "0.1234 (raw 17)" for quantized integers, else just the number.
QString valueText(const TensorSide &side, std::uint64_t index)
{
    QString text = number(double{side.values[index]});
    const TensorInfo &info = side.captured.info();
    if (info.quantization && isInteger(info.dtype)) {
        std::array<std::int64_t, 1> raw{};
        decodeRaw(side.captured.view(), index, raw);
        text += QStringLiteral(" (raw %1)").arg(raw[0]);
    }
    return text;
}
} // namespace

TensorPane::TensorPane(const Theme &theme, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_stack(new QStackedLayout), m_message(new QLabel(this)),
      m_readout(new QLabel(this)), m_badge(new QLabel(this)),
      m_reference(new PlaneView(tr("A  baseline"), m_camera, theme, this)),
      m_candidate(new PlaneView(tr("B  candidate"), m_camera, theme, this)),
      m_differenceView(new PlaneView(tr("B − A"), m_camera, theme, this)),
      m_rangeBar(new RangeBar(theme, this)), m_axisBar(new AxisBar(this))
{
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    m_message->setContentsMargins(24, 24, 24, 24);

    auto *pictures = new QHBoxLayout;
    pictures->setSpacing(8);
    for (PlaneView *view : {m_reference, m_candidate, m_differenceView}) {
        pictures->addWidget(view, 1);
    }
    m_readout->setFont(theme.monoFont());
    m_readout->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *foot = new QHBoxLayout;
    foot->addWidget(m_readout, 1);
    foot->addWidget(m_badge);

    auto *content = new QWidget(this);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(8, 4, 8, 4);
    column->setSpacing(4);
    column->addWidget(makeControls());
    column->addLayout(pictures, 1);
    column->addWidget(m_rangeBar);
    column->addLayout(foot);

    setLayout(m_stack);
    m_stack->addWidget(m_message);
    m_stack->addWidget(content);

    connect(m_rangeBar, &RangeBar::rangeDragged, this, &TensorPane::updateColors);
    connect(m_axisBar, &AxisBar::axesChanged, this, &TensorPane::updatePlanes);
    connect(&m_camera, &PlaneCamera::cursorChanged, this, &TensorPane::updateReadout);
}

QWidget *TensorPane::makeControls()
{
    auto *bar = new QWidget(this);
    auto *row = new QHBoxLayout(bar);
    m_controls = row;
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    QStringList maps;
    for (const ColorMap map : kColorMaps) {
        maps << QString::fromUtf8(colorMapName(map).data());
    }
    m_map = makeCombo(bar, tr("Colour map of A and B"), maps);
    m_map->setCurrentIndex(static_cast<int>(ColorMap::Viridis));
    m_scale = makeCombo(bar, tr("Scale"), {tr("linear"), tr("log"), tr("symlog")});
    m_preset = makeCombo(bar, tr("Range"),
                         {tr("min–max"), tr("1–99 %"), tr("0.1–99.9 %"), tr("symmetric")});
    m_kind = makeCombo(bar, tr("Difference"),
                       {tr("signed"), tr("absolute"), tr("squared"), tr("relative"), tr("steps")});
    row->addWidget(m_axisBar);
    row->addStretch(1);
    constexpr int kNarrowest = 68; // the row must not keep the panes beside it from growing
    for (QComboBox *combo : {m_map, m_scale, m_preset, m_kind}) {
        combo->setMinimumWidth(kNarrowest);
        row->addWidget(combo);
    }
    connect(m_map, &QComboBox::currentIndexChanged, this, &TensorPane::updateColors);
    connect(m_scale, &QComboBox::currentIndexChanged, this, &TensorPane::updateColors);
    connect(m_preset, &QComboBox::currentIndexChanged, this, &TensorPane::applyPreset);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &TensorPane::updatePlanes);
    return bar;
}

void TensorPane::addControl(QWidget *control)
{
    constexpr int kBehindAxes = 1;
    m_controls->insertWidget(kBehindAxes, control);
}

void TensorPane::setContent(TensorContent content)
{
    const bool sameShape = content.shape == m_content.shape;
    m_content = std::move(content);
    if (m_content.reference.values.empty() && m_content.candidate.values.empty()) {
        showMessage(m_content.problem.empty() ? tr("No values were captured here.")
                                              : QString::fromStdString(m_content.problem));
        return;
    }
    m_stack->setCurrentIndex(1);
    if (!sameShape) {
        m_camera.pick(std::nullopt);
        m_camera.fit();
    }
    m_axisBar->setShape(m_content.shape);
    m_rangeBar->setHistograms(m_content.reference.histogram, m_content.candidate.histogram);
    m_reference->setSubtitle(QString::fromStdString(m_content.reference.type));
    m_candidate->setSubtitle(QString::fromStdString(m_content.candidate.type));
    m_reference->setToolTip(QString::fromStdString(m_content.reference.name));
    m_candidate->setToolTip(QString::fromStdString(m_content.candidate.name));
    const QString badge =
        QString::fromStdString(m_content.problem.empty() ? m_content.badge : m_content.problem);
    m_badge->setText(badge);
    m_badge->setVisible(!badge.isEmpty());
    applyPreset();
    updatePlanes();
}

void TensorPane::showMessage(const QString &text)
{
    m_content = {};
    m_message->setText(text);
    m_stack->setCurrentIndex(0);
}

DifferenceKind TensorPane::differenceKind() const
{
    return static_cast<DifferenceKind>(m_kind->currentIndex());
}

void TensorPane::updatePlanes()
{
    m_difference = m_content.hasBoth()
                       ? difference(m_content.reference.values, m_content.candidate.values,
                                    differenceKind(), m_content.step)
                       : std::vector<float>{};
    const PlaneAxes &axes = m_axisBar->axes();
    m_reference->setPlane(extractPlane(m_content.reference.values, m_content.shape, axes));
    m_candidate->setPlane(extractPlane(m_content.candidate.values, m_content.shape, axes));
    m_differenceView->setPlane(extractPlane(m_difference, m_content.shape, axes));
    updateColors();
    updateReadout();
}

void TensorPane::applyPreset()
{
    m_rangeBar->setRange(presetRange(static_cast<RangePreset>(m_preset->currentIndex()),
                                     m_content.reference.histogram.counts.empty()
                                         ? m_content.candidate.histogram
                                         : m_content.reference.histogram,
                                     m_content.candidate.histogram));
    updateColors();
}

void TensorPane::updateColors()
{
    const auto map = static_cast<ColorMap>(m_map->currentIndex());
    const auto scale = static_cast<ValueScale>(m_scale->currentIndex());
    m_reference->setColors(m_rangeBar->range(), map, scale);
    m_candidate->setColors(m_rangeBar->range(), map, scale);
    const ValueRange extent = extentOf(m_difference, {});
    const double reach = std::max(std::abs(extent.low), std::abs(extent.high));
    const bool isSigned = differenceKind() == DifferenceKind::Signed ||
                          differenceKind() == DifferenceKind::QuantizationSteps;
    m_differenceView->setColors(isSigned ? ValueRange{-reach, reach} : ValueRange{0.0, reach},
                                isSigned ? ColorMap::Diverging : ColorMap::Magma,
                                ValueScale::Linear);
    m_differenceView->setSubtitle(
        m_difference.empty() ? QString() : tr("up to %1").arg(QString::number(reach, 'g', 3)));
}

void TensorPane::updateReadout()
{
    const auto cell = m_camera.hovered() ? m_camera.hovered() : m_camera.picked();
    const PlaneView *source = m_content.reference.values.empty() ? m_candidate : m_reference;
    const Plane &plane = source->plane();
    const bool inside = cell && cell->x() < static_cast<int>(plane.columns) &&
                        cell->y() < static_cast<int>(plane.rows);
    if (!inside) {
        m_readout->setText(tr("%1 · point at a cell to read its values")
                               .arg(QString::fromStdString(toText(m_content.shape))));
        return;
    }
    const std::uint64_t index =
        plane.flatIndex(static_cast<std::size_t>(cell->y()), static_cast<std::size_t>(cell->x()));
    QStringList parts{QString::fromStdString(indexText(unravel(index, m_content.shape)))};
    if (!m_content.reference.values.empty()) {
        parts << QStringLiteral("A ") + valueText(m_content.reference, index);
    }
    if (!m_content.candidate.values.empty()) {
        parts << QStringLiteral("B ") + valueText(m_content.candidate, index);
    }
    if (m_content.hasBoth()) {
        parts << QStringLiteral("Δ ") + number(double{m_content.candidate.values[index]} -
                                               double{m_content.reference.values[index]});
    }
    m_readout->setText(parts.join(QStringLiteral("   ")));
}

void TensorPane::goTo(std::uint64_t flatIndex)
{
    const auto index = unravel(flatIndex, m_content.shape);
    PlaneAxes axes = m_axisBar->axes();
    axes.fixed.assign(index.begin(), index.end());
    m_axisBar->setAxes(axes);
    if (!index.empty()) {
        const bool isLine = index.size() < 2;
        m_camera.pick(QPoint(static_cast<int>(index[axes.column]),
                             isLine ? 0 : static_cast<int>(index[axes.row])));
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
    const Plane &plane =
        m_content.reference.values.empty() ? m_candidate->plane() : m_reference->plane();
    if (const auto cell = m_camera.picked(); cell && !plane.isEmpty()) {
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

void TensorPane::setLayoutMode(Layout layout)
{
    m_layoutMode = layout;
    m_reference->setVisible(layout == Layout::SideBySide || layout == Layout::ReferenceOnly);
    m_candidate->setVisible(layout == Layout::SideBySide || layout == Layout::CandidateOnly);
    m_differenceView->setVisible(layout == Layout::SideBySide || layout == Layout::DifferenceOnly);
}

void TensorPane::cycleLayout()
{
    constexpr int kLayouts = 4;
    setLayoutMode(static_cast<Layout>((static_cast<int>(m_layoutMode) + 1) % kLayouts));
}

QJsonObject TensorPane::saveState() const
{
    return {{QStringLiteral("map"), m_map->currentIndex()},
            {QStringLiteral("scale"), m_scale->currentIndex()},
            {QStringLiteral("range"), m_preset->currentIndex()},
            {QStringLiteral("difference"), m_kind->currentIndex()},
            {QStringLiteral("layout"), static_cast<int>(m_layoutMode)}};
}

void TensorPane::restoreState(const QJsonObject &state)
{
    const auto restore = [&state](QComboBox *combo, const QString &key) {
        const int index = state.value(key).toInt(combo->currentIndex());
        combo->setCurrentIndex(std::clamp(index, 0, combo->count() - 1));
    };
    restore(m_map, QStringLiteral("map"));
    restore(m_scale, QStringLiteral("scale"));
    restore(m_preset, QStringLiteral("range"));
    restore(m_kind, QStringLiteral("difference"));
    setLayoutMode(
        static_cast<Layout>(std::clamp(state.value(QStringLiteral("layout")).toInt(0), 0, 3)));
}

} // namespace syncpoint
