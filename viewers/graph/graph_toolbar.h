#pragma once
#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QToolButton;

namespace syncpoint {

class ElidedLabel;

/// The row above the canvas. Holds widgets only; the pane connects them.
class GraphToolbar : public QWidget
{
    Q_OBJECT
public:
    explicit GraphToolbar(QWidget *parent = nullptr);

    QToolButton *side;    ///< which side is shown; swaps
    QToolButton *compare; ///< both sides
    QToolButton *lock;    ///< both scroll together
    QComboBox *coloring;  ///< in the order of Coloring
    QToolButton *fold;    ///< Q/DQ pairs
    ElidedLabel *trail;   ///< modules around the selection
    QLineEdit *find;
    void setZoom(double scale);

private:
    QToolButton *addButton(const QString &text, const QString &toolTip, bool isCheckable);
    QLabel *m_zoom;
};

} // namespace syncpoint
