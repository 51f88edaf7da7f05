#pragma once
#include "core/layout/proper_graph.h"

#include <algorithm>

namespace syncpoint {

/// Where the ends of arcs are within their ranks: the vertex's place, and on a vertex the share of
/// its width at which the arc is attached, so that arcs at different ports can cross, too.
class ArcPlaces
{
public:
    explicit ArcPlaces(const ProperGraph &proper) : m_proper(proper)
    {
        m_sourceShare.reserve(proper.arcs.size());
        m_targetShare.reserve(proper.arcs.size());
        for (const auto &arc : proper.arcs) {
            m_sourceShare.push_back(share(arc.source, arc.sourcePort));
            m_targetShare.push_back(share(arc.target, arc.targetPort));
        }
    }
    double source(std::uint32_t arc) const
    {
        return m_proper.position[m_proper.arcs[arc].source] + m_sourceShare[arc];
    }
    double target(std::uint32_t arc) const
    {
        return m_proper.position[m_proper.arcs[arc].target] + m_targetShare[arc];
    }

private:
    double share(std::uint32_t vertex, double port) const
    {
        const double width = m_proper.width[vertex];
        return width > 0.0 ? std::clamp(port / width, -0.49, 0.49) : 0.0;
    }

    const ProperGraph &m_proper;
    std::vector<double> m_sourceShare, m_targetShare; ///< per arc
};

} // namespace syncpoint
