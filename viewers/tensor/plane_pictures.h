#pragma once
#include "viewers/tensor/plane_camera.h"
#include "viewers/tensor/plane_view.h"

#include <QTimer>
#include <QWidget>

namespace syncpoint {

/// How A, B and their difference share the space.
enum class PictureMode { SideBySide, DifferenceOnly, BaselineOnly, CandidateOnly, Swipe, Blink };
inline constexpr int kPictureModes = 6;

/// The three pictures of a pair with one camera.
class PlanePictures : public QWidget
{
    Q_OBJECT
public:
    explicit PlanePictures(const Theme &theme, QWidget *parent = nullptr);

    void setMode(PictureMode mode);
    PictureMode mode() const { return m_mode; }

    /// Planes may point into the tensors: forget them before those change.
    void clear();
    PlaneView &baseline() const { return *m_baseline; }
    PlaneView &candidate() const { return *m_candidate; }
    PlaneView &difference() const { return *m_difference; }
    PlaneCamera &camera() { return m_camera; }
    /// The picture that knows which cell is which element.
    const Plane &plane() const
    {
        return m_baseline->plane().isEmpty() ? m_candidate->plane() : m_baseline->plane();
    }

private:
    void showViews(bool baseline, bool candidate, bool difference);

    PlaneCamera m_camera;
    PlaneView *m_baseline, *m_candidate, *m_difference;
    PictureMode m_mode = PictureMode::SideBySide;
    QTimer m_blink;
};

} // namespace syncpoint
