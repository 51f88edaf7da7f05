// The part of TensorPane that users set: lists, toggles, and what session files keep of them.
#include "ui/theme/theme.h"
#include "ui/widgets/flow_layout.h"
#include "viewers/tensor/axis_bar.h"
#include "viewers/tensor/tensor_pane.h"

#include <QAction>
#include <QComboBox>
#include <QMenu>
#include <QToolButton>
#include <algorithm>

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
} // namespace

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
    auto *row = new FlowLayout(bar);
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
    for (QComboBox *combo : {m_mode, m_map, m_scale, m_preset, m_kind}) {
        row->addWidget(combo);
    }
    auto *more = new QToolButton(bar);
    more->setIcon(m_theme.icon(QStringLiteral("settings")));
    more->setToolTip(tr("Contact sheet, colours, ranges and marks"));
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
    connect(m_preset, &QComboBox::currentIndexChanged, this, [this] {
        m_dragged.erase(tensorKey());
        applyPreset();
    });
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

QJsonObject TensorPane::saveState() const
{
    return {{QStringLiteral("map"), m_map->currentIndex()},
            {QStringLiteral("scale"), m_scale->currentIndex()},
            {QStringLiteral("range"), m_preset->currentIndex()},
            {QStringLiteral("difference"), m_kind->currentIndex()},
            {QStringLiteral("layout"), m_mode->currentIndex()},
            {QStringLiteral("sheet"), m_sheet->isChecked()},
            {QStringLiteral("color"), m_color->isChecked()},
            {QStringLiteral("ownRanges"), m_ownRanges->isChecked()},
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
    m_color->setChecked(state.value(QStringLiteral("color")).toBool());
    m_ownRanges->setChecked(state.value(QStringLiteral("ownRanges")).toBool());
    m_marksOutside->setChecked(state.value(QStringLiteral("marksOutside")).toBool());
    m_marksNegative->setChecked(state.value(QStringLiteral("marksNegative")).toBool());
    m_showsDetails->setChecked(state.value(QStringLiteral("details")).toBool());
}

} // namespace syncpoint
