#include "viewers/graph/compare_area.h"

#include <QLabel>
#include <QScopedValueRollback>
#include <QSplitter>
#include <QVBoxLayout>

namespace syncpoint {
namespace {

constexpr int kBlinkTime = 600; ///< ms per side: long enough to look, slow enough for anyone

} // namespace

CompareArea::CompareArea(const Theme &theme, QWidget *parent)
    : QWidget(parent),
      m_splitter(new QSplitter(Qt::Horizontal, this)), m_halves{makeHalf(theme), makeHalf(theme)}
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);
    m_splitter->setChildrenCollapsible(false);
    for (const Half &half : m_halves) {
        m_splitter->addWidget(half.box);
    }
    connect(&main(), &GraphCanvas::viewChanged, this, [this] { follow(main(), other()); });
    connect(&other(), &GraphCanvas::viewChanged, this, [this] { follow(other(), main()); });
    m_blink.setInterval(kBlinkTime);
    connect(&m_blink, &QTimer::timeout, this, &CompareArea::blink);
    showHalves();
}

CompareArea::Half CompareArea::makeHalf(const Theme &theme)
{
    Half half;
    half.box = new QWidget(this);
    half.title = new QLabel(half.box);
    half.title->setProperty("muted", true);
    half.title->setMargin(Theme::kGrid);
    half.title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    half.canvas = new GraphCanvas(theme, half.box);
    auto *layout = new QVBoxLayout(half.box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(half.title);
    layout->addWidget(half.canvas, 1);
    return half;
}

void CompareArea::setTitles(const QString &main, const QString &other)
{
    m_halves[0].title->setText(main);
    m_halves[1].title->setText(other);
    this->main().setAccessibleName(tr("Graph, %1").arg(main));
    this->other().setAccessibleName(tr("Graph, %1").arg(other));
}

void CompareArea::showHalves()
{
    const bool isBlinking = m_isComparing && m_blink.isActive();
    for (std::size_t i = 0; i < m_halves.size(); ++i) {
        const bool isOther = i == 1;
        m_halves[i].box->setVisible(isBlinking ? isOther == m_showsOther
                                               : !isOther || m_isComparing);
        m_halves[i].title->setVisible(m_isComparing);
    }
}

void CompareArea::setComparing(bool on)
{
    m_isComparing = on;
    if (!on) {
        m_blink.stop();
    }
    showHalves();
    if (on && !m_blink.isActive()) {
        m_splitter->setSizes({1, 1});
    }
}

void CompareArea::setLocked(bool on)
{
    m_isLocked = on;
    alignOther();
}

void CompareArea::setBlinking(bool on)
{
    m_showsOther = false;
    on ? m_blink.start() : m_blink.stop();
    showHalves();
}

void CompareArea::blink()
{
    m_showsOther = !m_showsOther;
    showHalves();
    m_showsOther ? follow(main(), other()) : follow(other(), main());
}

void CompareArea::swapPlaces()
{
    m_splitter->addWidget(m_splitter->widget(0)); // moves it to the end
}

bool CompareArea::isSwapped() const
{
    return m_splitter->indexOf(m_halves[0].box) == 1;
}

void CompareArea::alignOther()
{
    follow(main(), other());
}

/// Widths differ, so only height and scale are shared; each side keeps its own column in view.
void CompareArea::follow(const GraphCanvas &from, GraphCanvas &to)
{
    if (!m_isComparing || !m_isLocked || m_isFollowing || from.scene() == nullptr ||
        to.scene() == nullptr) {
        return;
    }
    const QScopedValueRollback guard(m_isFollowing, true);
    const SceneView source = from.view();
    const SceneView target = to.view();
    const double centre = target.origin.x() + target.size.width() / 2.0 / target.scale;
    const double left = centre - target.size.width() / 2.0 / source.scale;
    to.setView(source.scale, {left, source.origin.y()});
}

} // namespace syncpoint
