#pragma once
#include "ui/theme/theme.h"
#include "viewers/graph/scene_index.h"
#include "viewers/graph/scene_trace.h"

#include <QFont>
#include <QTransform>
#include <set>

class QPainter;

namespace syncpoint {

enum class Coloring : std::uint8_t { Score, Introduced, OpType, Placement, Time };

/// Part of the scene on a surface: scene point p is drawn at (p − origin) · scale.
struct SceneView
{
    QPointF origin;
    double scale = 1.0;
    QSizeF size; ///< of the surface

    QRectF area() const { return {origin, size / scale}; }
    QPointF toSurface(const QPointF &p) const { return (p - origin) * scale; }
    QRectF toSurface(const QRectF &r) const { return {toSurface(r.topLeft()), r.size() * scale}; }
    QPointF toScene(const QPointF &p) const { return p / scale + origin; }
};

/// What the user has marked.
struct SceneMarks
{
    std::uint32_t selected = GraphOutline::kNone;
    std::uint32_t hovered = GraphOutline::kNone;
    std::set<std::uint32_t> highlighted; ///< boxes found by a search
    SceneTrace trace;                    ///< everything else fades while it is not empty
};

/// Draws a scene in three levels of detail: coloured blocks, blocks with titles, everything.
class GraphPainter
{
public:
    explicit GraphPainter(const Theme &theme);

    void setColoring(Coloring coloring) { m_coloring = coloring; }
    Coloring coloring() const { return m_coloring; }
    void paint(QPainter &painter, const GraphScene &scene, const SceneIndex &index,
               const SceneView &view, const SceneMarks &marks);

    /// The full-strength colour of a box; nothing is compared, or no colour applies: grey.
    QColor fillOf(const GraphScene &scene, const SceneBox &box) const;

private:
    enum class Detail : std::uint8_t { Blocks, Titles, Full };
    struct Fonts
    {
        QFont title, mono, small;
        double monoAdvance = 0.0, smallAdvance = 0.0;
    };
    void prepare(const SceneView &view);
    void paintGroups(QPainter &painter, const GraphScene &scene) const;
    void paintEdges(QPainter &painter, const GraphScene &scene, const SceneMarks &marks) const;
    void paintLongEdges(QPainter &painter, const GraphScene &scene) const;
    void paintBlocks(QPainter &painter, const GraphScene &scene) const;
    void paintBox(QPainter &painter, const GraphScene &scene, const SceneBox &box) const;
    void paintBorder(QPainter &painter, const SceneBox &box, const QRectF &rect) const;
    void paintOpText(QPainter &painter, const GraphScene &scene, const SceneBox &box,
                     const QRectF &rect) const;
    void paintModuleText(QPainter &painter, const SceneBox &box, const QRectF &rect) const;
    void paintCounts(QPainter &painter, const SceneBox &box, const QRectF &rect) const;
    void paintChips(QPainter &painter, const GraphScene &scene) const;
    void paintFade(QPainter &painter, const GraphScene &scene, const SceneMarks &marks) const;
    void paintMarks(QPainter &painter, const GraphScene &scene, const SceneMarks &marks) const;
    void paintFigure(QPainter &painter, const SceneBox &box, const QRectF &rect, double baseline,
                     double &right) const;
    void paintShape(QPainter &painter, Severity severity, const QPointF &centre, double size) const;
    void paintName(QPainter &painter, const QString &text, double x, double baseline, double width,
                   bool isSmall) const;
    QColor tint(const QColor &color, double strength) const;

    const Theme &m_theme;
    Coloring m_coloring = Coloring::Score;
    SceneView m_view;
    QColor m_grey; ///< of boxes that no score colours
    Detail m_detail = Detail::Full;
    Fonts m_fonts;
    std::vector<std::uint32_t> m_boxes, m_edges; ///< in the view
};

} // namespace syncpoint
