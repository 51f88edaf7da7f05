#pragma once
#include "viewers/tensor/plane_pictures.h"
#include "viewers/tensor/tensor_content.h"

#include <QJsonObject>
#include <QWidget>
#include <map>
#include <string>

class QAction;
class QComboBox;
class QLabel;
class QLineEdit;
class QStackedLayout;

namespace syncpoint {

class AxisBar;
class FlowLayout;
class RangeBar;
class TensorDetails;
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
    const PlanePictures &pictures() const { return *m_pictures; }

    /// Another control, left of the colour controls.
    void addControl(QWidget *control);
    /// On and off: contact sheet, colour picture, own ranges, marks and details; objectName is the
    /// stable key.
    QList<QAction *> toggles() const
    {
        return {m_sheet, m_color, m_ownRanges, m_marksOutside, m_marksNegative, m_showsDetails};
    }
    void goToWorst();         ///< largest |B − A| of the whole tensor
    void goToNextNonfinite(); ///< from the picked cell on, over the whole tensor
    void cycleMode();         ///< to the next PictureMode
    void setMode(PictureMode mode);
    void exportTensor(); ///< asks where to
    void copyValue();    ///< what the read-out says, as text
    void copyPictures(); ///< with their colour bars
    void askIndex();     ///< puts the cursor where an index can be typed
    void goTo(std::uint64_t flatIndex);

    QJsonObject saveState() const;
    void restoreState(const QJsonObject &state);

private:
    QWidget *makeControls();
    QAction *addToggle(const QString &key, const QString &text);
    void goToTypedIndex();
    void showChannel(std::size_t axis, std::size_t index);
    void updateDifference();
    void updatePlanes();
    void updateColors();
    void updateReadout();
    void updateBadge();
    void resetRanges(); ///< for another tensor or another way to choose them
    void applyPreset();
    void keepDragged();
    bool hasOwnRanges() const;
    std::string tensorKey() const; ///< for what is remembered of it
    DifferenceKind differenceKind() const;
    QStringList tileNames() const;
    QString colorText(const QString &name, const TensorSide &side, std::uint64_t index,
                      std::size_t axis) const;

    const Theme &m_theme;
    TensorContent m_content;
    FloatArray m_difference;
    double m_largestDifference = 0.0; ///< by magnitude, of m_difference
    QStackedLayout *m_stack;
    PlanePictures *m_pictures;
    QLabel *m_message, *m_readout, *m_badge;
    QLineEdit *m_index;
    FlowLayout *m_controls = nullptr;
    struct DraggedRange
    {
        bool isOwn = false;
        ValueRange baseline, candidate;
    };
    std::map<std::string, DraggedRange> m_dragged; ///< by tensor
    RangeBar *m_rangeBar;
    RangeBar *m_candidateBar; ///< where each side has its own range
    AxisBar *m_axisBar;
    QComboBox *m_map, *m_scale, *m_preset, *m_kind, *m_mode;
    TensorDetails *m_details;
    QAction *m_sheet, *m_color, *m_ownRanges, *m_marksOutside, *m_marksNegative, *m_showsDetails;
};

} // namespace syncpoint
