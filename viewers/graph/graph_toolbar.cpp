#include "viewers/graph/graph_toolbar.h"

#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>
#include <cmath>

namespace syncpoint {

GraphToolbar::GraphToolbar(QWidget *parent) : QWidget(parent)
{
    constexpr int kFindWidth = 200;
    constexpr int kZoomWidth = 48;
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(Theme::kGrid, Theme::kGrid, Theme::kGrid, Theme::kGrid);
    layout->setSpacing(2 * Theme::kGrid);
    side = addButton(tr("Baseline"), tr("Show the other side, or swap both (X)"), false);
    compare = addButton(tr("Both"), tr("Both sides next to each other (S)"), true);
    lock = addButton(tr("Locked"), tr("Both sides scroll and zoom together (L)"), true);
    coloring = new QComboBox(this);
    coloring->addItems(
        {tr("Score"), tr("Introduced error"), tr("Op type"), tr("Placement"), tr("Time")});
    coloring->setAccessibleName(tr("Colour by"));
    coloring->setToolTip(tr("What the colour of a box means (M)"));
    layout->addWidget(coloring);
    fold = addButton(tr("Fold Q/DQ"),
                     tr("Show QuantizeLinear and DequantizeLinear as part of their op"), true);
    fold->setChecked(true);
    trail = new ElidedLabel(this);
    trail->setProperty("muted", true);
    trail->setTextFormat(Qt::PlainText);
    trail->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    find = new QLineEdit(this);
    find->setPlaceholderText(tr("Find ops"));
    find->setAccessibleName(tr("Find ops"));
    find->setClearButtonEnabled(true);
    find->setMaximumWidth(kFindWidth);
    m_zoom = new QLabel(this);
    m_zoom->setProperty("muted", true);
    m_zoom->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_zoom->setMinimumWidth(kZoomWidth);
    layout->addWidget(trail, 1);
    layout->addWidget(find);
    layout->addWidget(m_zoom);
}

QToolButton *GraphToolbar::addButton(const QString &text, const QString &toolTip, bool isCheckable)
{
    auto *button = new QToolButton(this);
    button->setText(text);
    button->setToolTip(toolTip);
    button->setCheckable(isCheckable);
    layout()->addWidget(button);
    return button;
}

void GraphToolbar::setZoom(double scale)
{
    m_zoom->setText(QStringLiteral("%1 %").arg(std::lround(scale * 100.0)));
}

} // namespace syncpoint
