#pragma once
#include "viewers/tensor/plane.h"

#include <QWidget>

class QComboBox;
class QHBoxLayout;

namespace syncpoint {

/// Which axes are rows and columns, a spin box for each of the others, and whether one of them is
/// shown as a contact sheet. Guessed from the shape, always editable.
class AxisBar : public QWidget
{
    Q_OBJECT
public:
    explicit AxisBar(QWidget *parent = nullptr);

    /// Keeps the axes when the shape stays the same, so that walking through sync points does not
    /// jump.
    void setShape(const Shape &shape);
    const PlaneAxes &axes() const { return m_axes; }
    void setAxes(const PlaneAxes &axes);
    bool isSheet() const { return m_axes.sheet.has_value(); }
    void setColor(bool on); ///< of the axis that holds red, green and blue; nothing without one
    void setSheet(bool on); ///< over the axis that makes the best one; nothing without such an axis

Q_SIGNALS:
    void axesChanged();

private:
    void guessFurther(PlaneAxes &axes) const;
    void rebuild();
    QComboBox *makeAxisCombo(std::size_t PlaneAxes::*axis, const QString &name);

    QHBoxLayout *m_layout;
    Shape m_shape;
    PlaneAxes m_axes;
    bool m_wantsSheet = false, m_wantsColor = false;
};

} // namespace syncpoint
