#include "viewers/tensor/axis_bar.h"

#include "viewers/tensor/color_planes.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSpinBox>
#include <utility>

namespace syncpoint {

AxisBar::AxisBar(QWidget *parent) : QWidget(parent), m_layout(new QHBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(4);
}

void AxisBar::setShape(const Shape &shape)
{
    if (shape == m_shape) {
        return;
    }
    m_shape = shape;
    m_axes = guessAxes(shape);
    guessFurther(m_axes);
    rebuild();
}

void AxisBar::setAxes(const PlaneAxes &axes)
{
    const bool fits = axes.fixed.size() == m_shape.size() && axes.row < m_shape.size() &&
                      axes.column < m_shape.size();
    if (fits && axes != m_axes) {
        m_axes = axes;
        rebuild();
        Q_EMIT axesChanged();
    }
}

/// What users asked for, where the axes that are left allow it.
void AxisBar::guessFurther(PlaneAxes &axes) const
{
    axes.color = m_wantsColor ? guessColorAxis(m_shape, axes) : std::nullopt;
    axes.sheet = m_wantsSheet ? guessSheetAxis(m_shape, axes) : std::nullopt;
}

void AxisBar::setColor(bool on)
{
    m_wantsColor = on;
    PlaneAxes axes = m_axes;
    guessFurther(axes);
    setAxes(axes);
}

void AxisBar::setSheet(bool on)
{
    m_wantsSheet = on;
    PlaneAxes axes = m_axes;
    guessFurther(axes);
    setAxes(axes);
}

QComboBox *AxisBar::makeAxisCombo(std::size_t PlaneAxes::*axis, const QString &name)
{
    auto *combo = new QComboBox(this);
    combo->setAccessibleName(name);
    combo->setToolTip(name);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    for (std::size_t i = 0; i < m_shape.size(); ++i) {
        combo->addItem(tr("%1 (%2)").arg(i).arg(m_shape[i]));
    }
    combo->setCurrentIndex(static_cast<int>(m_axes.*axis));
    connect(combo, &QComboBox::activated, this, [this, axis](int index) {
        PlaneAxes axes = m_axes;
        const auto chosen = static_cast<std::size_t>(index);
        // Choosing the other picture axis swaps the two: a plane always has two different axes.
        if (chosen == axes.row || chosen == axes.column) {
            std::swap(axes.row, axes.column);
        } else {
            axes.*axis = chosen;
        }
        guessFurther(axes);
        setAxes(axes);
    });
    return combo;
}

void AxisBar::rebuild()
{
    while (QLayoutItem *item = m_layout->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->deleteLater(); // the signal that led here may come from it
            widget->hide();
        }
        delete item;
    }
    if (m_shape.size() < 2) {
        return;
    }
    m_layout->addWidget(new QLabel(tr("rows"), this));
    m_layout->addWidget(makeAxisCombo(&PlaneAxes::row, tr("Axis shown as rows")));
    m_layout->addWidget(new QLabel(tr("cols"), this));
    m_layout->addWidget(makeAxisCombo(&PlaneAxes::column, tr("Axis shown as columns")));
    for (std::size_t axis = 0; axis < m_shape.size(); ++axis) {
        const bool isFixed = axis != m_axes.row && axis != m_axes.column && m_shape[axis] > 1;
        if (!isFixed) {
            continue;
        }
        if (axis == m_axes.color) {
            m_layout->addWidget(new QLabel(tr("RGB on axis %1").arg(axis), this));
            continue;
        }
        if (axis == m_axes.sheet) {
            m_layout->addWidget(
                new QLabel(tr("all %1 of axis %2").arg(m_shape[axis]).arg(axis), this));
            continue;
        }
        auto *index = new QSpinBox(this);
        index->setRange(0, static_cast<int>(m_shape[axis] - 1));
        index->setValue(static_cast<int>(m_axes.fixed[axis]));
        index->setPrefix(tr("axis %1: ").arg(axis));
        index->setSuffix(tr(" of %1").arg(m_shape[axis]));
        index->setAccessibleName(tr("Index on axis %1").arg(axis));
        connect(index, &QSpinBox::valueChanged, this, [this, axis](int value) {
            m_axes.fixed[axis] = value;
            Q_EMIT axesChanged();
        });
        m_layout->addWidget(index);
    }
}

} // namespace syncpoint
