#pragma once
#include "viewers/tensor/plane_pictures.h"
#include "viewers/tensor/tensor_content.h"

#include <QTabWidget>

class QComboBox;
class QLabel;

namespace syncpoint {

class LinePlot;
class PlaneTable;
class ScatterPlot;
class Theme;

/// What a picture does not show: statistics, the numbers of the slice, a profile through the picked
/// element, B against A, scores per channel and, for outputs that may be logits, the likeliest
/// classes. Only the tab in view is computed.
class TensorDetails : public QTabWidget
{
    Q_OBJECT
public:
    explicit TensorDetails(const Theme &theme, QWidget *parent = nullptr);

    /// `content` must outlive the next call; `plane` tells which slice is on screen.
    void setContent(const TensorContent *content);
    /// The slice on screen or the picked cell changed.
    void setPlace(const Plane &baseline, const Plane &candidate, std::optional<QPoint> cell);
    void setColors(const PlaneColors &baseline, const PlaneColors &candidate); ///< of the pictures
    void renewPlanes() { m_hasNewPlanes = true; } ///< those of setPlace() show something else now

Q_SIGNALS:
    void cellClicked(QPoint cell); ///< of the table or the profile
    void channelClicked(std::size_t axis, std::size_t index);

private:
    enum Tab { Statistics, Numbers, Profile, Scatter, Channels, Classes };
    QWidget *makeNumbers();
    QWidget *makeProfile();
    void showNumbers();
    void updateTab();
    QString statisticsText() const;
    QString classesText() const;
    void showProfile();
    bool isProfileOfColumn() const;
    void showChannels();

    const TensorContent *m_content = nullptr;
    const Plane *m_baseline = nullptr, *m_candidate = nullptr;
    std::optional<QPoint> m_cell;
    QLabel *m_statistics, *m_classes;
    PlaneTable *m_table;
    QComboBox *m_tableSide, *m_profileDirection;
    bool m_hasNewPlanes = true; ///< that the table does not have yet
    LinePlot *m_profile, *m_channels;
    ScatterPlot *m_scatter;
};

} // namespace syncpoint
