#pragma once
#include "viewers/tensor/plane.h"
#include "viewers/tensor/plane_camera.h"
#include "viewers/tensor/plane_view.h"
#include "viewers/tensor/tensor_content.h"

#include <QJsonObject>
#include <QWidget>

class QComboBox;
class QHBoxLayout;
class QLabel;
class QStackedLayout;

namespace syncpoint {

class AxisBar;
class RangeBar;
class Theme;

/// The tensor viewer's widget: A | B | difference with one range, the range bar, axes and the
/// read-out. Knows nothing of sessions; setContent() gives it what to show.
class TensorPane : public QWidget
{
    Q_OBJECT
public:
    explicit TensorPane(const Theme &theme, QWidget *parent = nullptr);

    void setContent(TensorContent content);
    void showMessage(const QString &text); ///< the empty state
    const TensorContent &content() const { return m_content; }

    /// Another control, left of the colour controls.
    void addControl(QWidget *control);
    void goToWorst();         ///< largest |B − A| of the whole tensor
    void goToNextNonfinite(); ///< from the picked cell on, over the whole tensor
    void cycleLayout();       ///< side by side → difference only → A only → B only
    void goTo(std::uint64_t flatIndex);

    QJsonObject saveState() const;
    void restoreState(const QJsonObject &state);

private:
    enum class Layout { SideBySide, DifferenceOnly, ReferenceOnly, CandidateOnly };
    QWidget *makeControls();
    void setLayoutMode(Layout layout);
    void updatePlanes();
    void updateColors();
    void updateReadout();
    void applyPreset();
    DifferenceKind differenceKind() const;

    const Theme &m_theme;
    TensorContent m_content;
    std::vector<float> m_difference;
    PlaneCamera m_camera;
    Layout m_layoutMode = Layout::SideBySide;
    QStackedLayout *m_stack;
    QLabel *m_message, *m_readout, *m_badge;
    PlaneView *m_reference, *m_candidate, *m_differenceView;
    QHBoxLayout *m_controls = nullptr;
    RangeBar *m_rangeBar;
    AxisBar *m_axisBar;
    QComboBox *m_map, *m_scale, *m_preset, *m_kind;
};

} // namespace syncpoint
