#include "viewers/tensor/tensor_pane.h"

#include "core/tensor/decode.h"
#include "ui/theme/theme.h"
#include "viewers/tensor/axis_bar.h"
#include "viewers/tensor/range_bar.h"
#include "viewers/tensor/tensor_details.h"
#include "viewers/tensor/tensor_export.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QRegularExpression>
#include <QSplitter>
#include <QStackedLayout>
#include <QToolButton>
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

/// An energy ratio as a signal-to-noise ratio: "23.1 dB".
QString ratioText(double nsr)
{
    return nsr > 0.0 ? QStringLiteral("%1 dB").arg(-10.0 * std::log10(nsr), 0, 'f', 1)
                     : TensorPane::tr("exact");
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
    : QWidget(parent), m_theme(theme), m_stack(new QStackedLayout),
      m_pictures(new PlanePictures(theme, this)), m_message(new QLabel(this)),
      m_readout(new QLabel(this)), m_badge(new QLabel(this)), m_index(new QLineEdit(this)),
      m_rangeBar(new RangeBar(theme, this)), m_axisBar(new AxisBar(this)),
      m_details(new TensorDetails(theme, this)),
      m_sheet(addToggle(QStringLiteral("tensor.sheet"), tr("Contact sheet of all slices"))),
      m_marksOutside(
          addToggle(QStringLiteral("tensor.markOutside"), tr("Mark values outside the range"))),
      m_marksNegative(addToggle(QStringLiteral("tensor.markNegative"), tr("Mark negative values"))),
      m_showsDetails(addToggle(QStringLiteral("tensor.details"),
                               tr("Statistics, profile, scatter and channels")))
{
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    m_message->setContentsMargins(24, 24, 24, 24);
    m_readout->setFont(theme.monoFont());
    m_readout->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_index->setFont(theme.monoFont());
    m_index->setPlaceholderText(tr("index, as 0, 3, 17"));
    m_index->setAccessibleName(tr("Go to index"));
    m_index->setMaximumWidth(m_index->fontMetrics().averageCharWidth() * 24);
    m_index->hide();
    connect(m_index, &QLineEdit::returnPressed, this, &TensorPane::goToTypedIndex);
    connect(m_index, &QLineEdit::editingFinished, m_index, &QWidget::hide);
    auto *foot = new QHBoxLayout;
    foot->addWidget(m_index);
    foot->addWidget(m_readout, 1);
    foot->addWidget(m_badge);

    auto *content = new QWidget(this);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(8, 4, 8, 4);
    column->setSpacing(4);
    column->addWidget(makeControls());
    auto *middle = new QSplitter(Qt::Horizontal, content);
    middle->setChildrenCollapsible(false);
    middle->addWidget(m_pictures);
    middle->addWidget(m_details);
    middle->setStretchFactor(0, 1);
    m_details->hide();
    column->addWidget(middle, 1);
    column->addWidget(m_rangeBar);
    column->addLayout(foot);

    setLayout(m_stack);
    m_stack->addWidget(m_message);
    m_stack->addWidget(content);

    connect(m_rangeBar, &RangeBar::rangeDragged, this, &TensorPane::updateColors);
    connect(m_axisBar, &AxisBar::axesChanged, this, &TensorPane::updatePlanes);
    connect(&m_pictures->camera(), &PlaneCamera::cursorChanged, this, &TensorPane::updateReadout);
    connect(m_sheet, &QAction::toggled, this, [this](bool on) {
        m_pictures->camera().pick(std::nullopt);
        m_pictures->camera().fit();
        m_axisBar->setSheet(on);
    });
    m_showsDetails->setShortcut(Qt::SHIFT | Qt::Key_V);
    connect(m_showsDetails, &QAction::toggled, this, [this](bool on) {
        m_details->setVisible(on);
        m_details->setContent(&m_content);
    });
    connect(m_details, &TensorDetails::columnClicked, this, [this](std::size_t clicked) {
        const QPoint from = m_pictures->camera().picked().value_or(QPoint(0, 0));
        m_pictures->camera().pick(QPoint(static_cast<int>(clicked), from.y()));
    });
    connect(m_details, &TensorDetails::channelClicked, this, &TensorPane::showChannel);
    connect(m_marksOutside, &QAction::toggled, this, &TensorPane::updateColors);
    connect(m_marksNegative, &QAction::toggled, this, &TensorPane::updateColors);
}

QAction *TensorPane::addToggle(const QString &key, const QString &text)
{
    auto *action = new QAction(text, this);
    action->setObjectName(key);
    action->setCheckable(true);
    return action;
}

QWidget *TensorPane::makeControls()
{
    auto *bar = new QWidget(this);
    auto *row = new QHBoxLayout(bar);
    m_controls = row;
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    QStringList maps;
    for (const ColorMap map : kColorMaps) {
        maps << QString::fromUtf8(colorMapName(map).data());
    }
    m_mode = makeCombo(bar, tr("Pictures"),
                       {tr("A | B | Δ"), tr("Δ"), tr("A"), tr("B"), tr("swipe"), tr("blink")});
    m_map = makeCombo(bar, tr("Colour map of A and B"), maps);
    m_map->setCurrentIndex(static_cast<int>(ColorMap::Viridis));
    m_scale = makeCombo(bar, tr("Scale"), {tr("linear"), tr("log"), tr("symlog"), tr("gamma ½")});
    m_preset = makeCombo(bar, tr("Range"),
                         {tr("min–max"), tr("1–99 %"), tr("0.1–99.9 %"), tr("symmetric")});
    m_kind = makeCombo(
        bar, tr("Difference"),
        {tr("signed"), tr("absolute"), tr("squared"), tr("relative"), tr("steps"), tr("ULP")});
    row->addWidget(m_axisBar);
    row->addStretch(1);
    // The row must not keep the panes beside it from growing: names of presets may be cut, the
    // first ones are not.
    const int arrow = m_mode->fontMetrics().averageCharWidth() * 6;
    for (QComboBox *combo : {m_mode, m_map, m_scale, m_preset, m_kind}) {
        combo->setMinimumWidth(combo->fontMetrics().horizontalAdvance(combo->currentText()) +
                               arrow);
        row->addWidget(combo);
    }
    auto *more = new QToolButton(bar);
    more->setIcon(m_theme.icon(QStringLiteral("settings")));
    more->setToolTip(tr("Contact sheet and marks"));
    more->setAccessibleName(more->toolTip());
    more->setAutoRaise(true);
    more->setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(more);
    menu->addActions(toggles());
    more->setMenu(menu);
    row->addWidget(more);
    connect(m_mode, &QComboBox::currentIndexChanged, this,
            [this](int mode) { m_pictures->setMode(static_cast<PictureMode>(mode)); });
    connect(m_map, &QComboBox::currentIndexChanged, this, &TensorPane::updateColors);
    connect(m_scale, &QComboBox::currentIndexChanged, this, &TensorPane::updateColors);
    connect(m_preset, &QComboBox::currentIndexChanged, this, &TensorPane::applyPreset);
    connect(m_kind, &QComboBox::currentIndexChanged, this, [this] {
        updateDifference();
        updatePlanes();
    });
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
    m_pictures->clear();
    m_content = std::move(content);
    if (m_content.reference.values.empty() && m_content.candidate.values.empty()) {
        showMessage(m_content.problem.empty() ? tr("No values were captured here.")
                                              : QString::fromStdString(m_content.problem));
        return;
    }
    m_stack->setCurrentIndex(1);
    if (!sameShape) {
        m_pictures->camera().pick(std::nullopt);
        m_pictures->camera().fit();
    }
    m_axisBar->setShape(m_content.shape);
    m_rangeBar->setHistograms(m_content.reference.histogram, m_content.candidate.histogram);
    m_pictures->baseline().setSubtitle(QString::fromStdString(m_content.reference.type));
    m_pictures->candidate().setSubtitle(QString::fromStdString(m_content.candidate.type));
    m_pictures->baseline().setToolTip(QString::fromStdString(m_content.reference.name));
    m_pictures->candidate().setToolTip(QString::fromStdString(m_content.candidate.name));
    const QString badge =
        QString::fromStdString(m_content.problem.empty() ? m_content.badge : m_content.problem);
    m_badge->setText(badge);
    m_badge->setVisible(!badge.isEmpty());
    updateDifference();
    applyPreset();
    updatePlanes();
    m_details->setContent(&m_content);
}

void TensorPane::showMessage(const QString &text)
{
    m_pictures->clear();
    m_content = {};
    m_details->setContent(nullptr);
    m_message->setText(text);
    m_stack->setCurrentIndex(0);
}

DifferenceKind TensorPane::differenceKind() const
{
    return static_cast<DifferenceKind>(m_kind->currentIndex());
}

void TensorPane::updateDifference()
{
    m_pictures->difference().setPlane({}, Reduction::Largest);
    m_difference = m_content.hasBoth()
                       ? difference(m_content.reference.values, m_content.candidate.values,
                                    differenceKind(), m_content.step)
                       : std::vector<float>{};
    const ValueRange extent = extentOf(m_difference, {});
    m_largestDifference = std::max(std::abs(extent.low), std::abs(extent.high));
}

void TensorPane::updatePlanes()
{
    const PlaneAxes &axes = m_axisBar->axes();
    const auto planeOf = [this, &axes](const std::vector<float> &values) {
        return extractPlane(values, m_content.shape, axes);
    };
    m_pictures->baseline().setPlane(planeOf(m_content.reference.values), Reduction::Mean);
    m_pictures->candidate().setPlane(planeOf(m_content.candidate.values), Reduction::Mean);
    m_pictures->difference().setPlane(planeOf(m_difference), Reduction::Largest);
    const QStringList names = tileNames();
    for (PlaneView *view :
         {&m_pictures->baseline(), &m_pictures->candidate(), &m_pictures->difference()}) {
        view->setTileNames(names);
    }
    updateColors();
    updateReadout();
}

/// Of a contact sheet: the slice's index, and how good it is where channels were scored.
QStringList TensorPane::tileNames() const
{
    QStringList names;
    const auto sheet = m_axisBar->axes().sheet;
    const auto &channels = m_content.channels;
    for (std::size_t i = 0; sheet && i < m_pictures->plane().tiles; ++i) {
        QString name = QString::number(i);
        if (channels && channels->axis == *sheet && i < channels->nsr.size()) {
            name += QStringLiteral(" · ") + ratioText(channels->nsr[i]);
        }
        names << name;
    }
    return names;
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
    PlaneColors colors;
    colors.range = m_rangeBar->range();
    colors.map = static_cast<ColorMap>(m_map->currentIndex());
    colors.scale = static_cast<ValueScale>(m_scale->currentIndex());
    colors.marksOutside = m_marksOutside->isChecked();
    colors.marksNegative = m_marksNegative->isChecked();
    m_pictures->baseline().setColors(colors);
    m_pictures->candidate().setColors(colors);
    const double reach = m_largestDifference;
    const bool isSigned = differenceKind() == DifferenceKind::Signed ||
                          differenceKind() == DifferenceKind::QuantizationSteps ||
                          differenceKind() == DifferenceKind::Ulp;
    PlaneColors error;
    error.range = isSigned ? ValueRange{-reach, reach} : ValueRange{0.0, reach};
    error.map = isSigned ? ColorMap::Diverging : ColorMap::Magma;
    m_pictures->difference().setColors(error);
    m_pictures->difference().setSubtitle(
        m_difference.empty() ? QString() : tr("up to %1").arg(QString::number(reach, 'g', 3)));
}

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
    const PlaneCell cell = cellOf(m_pictures->plane(), axes, index);
    m_pictures->camera().pick(QPoint(static_cast<int>(cell.column), static_cast<int>(cell.row)));
}

void TensorPane::exportTensor()
{
    if (const QString said = askAndExport(*this); !said.isEmpty()) {
        m_readout->setText(said);
    }
}

void TensorPane::copyValue()
{
    QGuiApplication::clipboard()->setText(m_readout->text());
}

void TensorPane::copyPictures()
{
    QGuiApplication::clipboard()->setImage(pictureWithBars(*m_pictures));
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

void TensorPane::setMode(PictureMode mode)
{
    m_mode->setCurrentIndex(static_cast<int>(mode));
}

void TensorPane::cycleMode()
{
    m_mode->setCurrentIndex((m_mode->currentIndex() + 1) % kPictureModes);
}

QJsonObject TensorPane::saveState() const
{
    return {{QStringLiteral("map"), m_map->currentIndex()},
            {QStringLiteral("scale"), m_scale->currentIndex()},
            {QStringLiteral("range"), m_preset->currentIndex()},
            {QStringLiteral("difference"), m_kind->currentIndex()},
            {QStringLiteral("layout"), m_mode->currentIndex()},
            {QStringLiteral("sheet"), m_sheet->isChecked()},
            {QStringLiteral("marksOutside"), m_marksOutside->isChecked()},
            {QStringLiteral("marksNegative"), m_marksNegative->isChecked()},
            {QStringLiteral("details"), m_showsDetails->isChecked()}};
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
    restore(m_mode, QStringLiteral("layout"));
    m_sheet->setChecked(state.value(QStringLiteral("sheet")).toBool());
    m_marksOutside->setChecked(state.value(QStringLiteral("marksOutside")).toBool());
    m_marksNegative->setChecked(state.value(QStringLiteral("marksNegative")).toBool());
    m_showsDetails->setChecked(state.value(QStringLiteral("details")).toBool());
}

} // namespace syncpoint
