#include "viewers/graph/graph_painter.h"
#include "viewers/graph/op_families.h"

#include <cmath>

namespace syncpoint {
namespace {

constexpr double kDecades = 4.0; ///< of introduced error below the worst op that get a colour

} // namespace

QColor GraphPainter::fillOf(const GraphScene &scene, const SceneBox &box) const
{
    const QColor grey = tint(m_theme.color(Theme::Role::NotCompared), 0.45);
    switch (m_coloring) {
    case Coloring::Score:
        return box.score.severity ? m_theme.scoreColor(box.score.position) : grey;
    case Coloring::Introduced:
        if (!box.score.severity) {
            return grey;
        }
        if (box.introduced <= 0.0 || scene.worstIntroduced <= 0.0) {
            return m_theme.scoreColor(1.0);
        }
        if (!std::isfinite(box.introduced)) {
            return m_theme.scoreColor(0.0);
        }
        return m_theme.scoreColor(-std::log10(box.introduced / scene.worstIntroduced) / kDecades);
    case Coloring::OpType:
        return box.kind == SceneBox::Kind::Op ? m_theme.color(opFamilyRole(box.family)) : grey;
    }
    return grey;
}

} // namespace syncpoint
