#include "viewers/graph/graph_painter.h"
#include "viewers/graph/op_families.h"
#include "viewers/graph/place_painter.h"

#include <cmath>

namespace syncpoint {
namespace {

constexpr double kDecades = 4.0; ///< of introduced error below the worst op that get a colour

} // namespace

QColor GraphPainter::fillOf(const GraphScene &scene, const SceneBox &box) const
{
    switch (m_coloring) {
    case Coloring::Score:
        return box.score.severity ? m_theme.scoreColor(box.score.position) : m_grey;
    case Coloring::Introduced:
        if (!box.score.severity) {
            return m_grey;
        }
        if (box.introduced <= 0.0 || scene.worstIntroduced <= 0.0) {
            return m_theme.scoreColor(1.0);
        }
        if (!std::isfinite(box.introduced)) {
            return m_theme.scoreColor(0.0);
        }
        return m_theme.scoreColor(-std::log10(box.introduced / scene.worstIntroduced) / kDecades);
    case Coloring::OpType:
        return box.kind == SceneBox::Kind::Op ? m_theme.color(opFamilyRole(box.family)) : m_grey;
    case Coloring::Placement:
        return box.run.place == OpRun::kUnknown ? m_grey : m_theme.color(placeRole(box.run.place));
    case Coloring::Time:
        if (box.run.microseconds <= 0.0 || scene.runs.slowest <= 0.0) {
            return m_grey;
        }
        return m_theme.scoreColor(1.0 - std::min(1.0, box.run.microseconds / scene.runs.slowest));
    }
    return m_grey;
}

} // namespace syncpoint
