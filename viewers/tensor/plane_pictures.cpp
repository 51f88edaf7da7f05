#include "viewers/tensor/plane_pictures.h"

#include <QHBoxLayout>

namespace syncpoint {

PlanePictures::PlanePictures(const Theme &theme, QWidget *parent)
    : QWidget(parent), m_baseline(new PlaneView(tr("A  baseline"), m_camera, theme, this)),
      m_candidate(new PlaneView(tr("B  candidate"), m_camera, theme, this)),
      m_difference(new PlaneView(tr("B − A"), m_camera, theme, this))
{
    constexpr int kBlinkTime = 600; // ms per side, as in the graph
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    for (PlaneView *view : {m_baseline, m_candidate, m_difference}) {
        row->addWidget(view, 1);
    }
    m_blink.setInterval(kBlinkTime);
    connect(&m_blink, &QTimer::timeout, this, [this] {
        showViews(!m_baseline->isVisibleTo(this), m_baseline->isVisibleTo(this), false);
    });
}

void PlanePictures::showViews(bool baseline, bool candidate, bool difference)
{
    m_baseline->setVisible(baseline);
    m_candidate->setVisible(candidate);
    m_difference->setVisible(difference);
}

void PlanePictures::clear()
{
    for (PlaneView *view : {m_baseline, m_candidate, m_difference}) {
        view->setPlane({}, Reduction::Mean);
    }
}

void PlanePictures::setMode(PictureMode mode)
{
    m_mode = mode;
    mode == PictureMode::Blink ? m_blink.start() : m_blink.stop();
    m_candidate->setSwipe(mode == PictureMode::Swipe ? m_baseline : nullptr);
    const bool all = mode == PictureMode::SideBySide;
    showViews(all || mode == PictureMode::BaselineOnly || mode == PictureMode::Blink,
              all || mode == PictureMode::CandidateOnly || mode == PictureMode::Swipe,
              all || mode == PictureMode::DifferenceOnly);
}

} // namespace syncpoint
