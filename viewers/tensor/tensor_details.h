#pragma once
#include "viewers/tensor/plane_pictures.h"
#include "viewers/tensor/tensor_content.h"

#include <QTabWidget>

class QLabel;

namespace syncpoint {

class LinePlot;
class ScatterPlot;
class Theme;

/// What a picture does not show: statistics, a profile through the picked element, B against A,
/// scores per channel and, for outputs that may be logits, the likeliest classes. Only the tab in
/// view is computed.
class TensorDetails : public QTabWidget
{
    Q_OBJECT
public:
    explicit TensorDetails(const Theme &theme, QWidget *parent = nullptr);

    /// `content` must outlive the next call; `plane` tells which slice is on screen.
    void setContent(const TensorContent *content);
    /// The slice on screen or the picked cell changed.
    void setPlace(const Plane &baseline, const Plane &candidate, std::optional<QPoint> cell);

Q_SIGNALS:
    void columnClicked(std::size_t column); ///< of the profile
    void channelClicked(std::size_t axis, std::size_t index);

private:
    enum Tab { Statistics, Profile, Scatter, Channels, Classes };
    void updateTab();
    QString statisticsText() const;
    QString classesText() const;
    void showProfile();
    void showChannels();

    const TensorContent *m_content = nullptr;
    const Plane *m_baseline = nullptr, *m_candidate = nullptr;
    std::optional<QPoint> m_cell;
    QLabel *m_statistics, *m_classes;
    LinePlot *m_profile, *m_channels;
    ScatterPlot *m_scatter;
};

} // namespace syncpoint
