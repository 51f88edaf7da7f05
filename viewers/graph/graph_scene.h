#pragma once
#include "viewers/graph/graph_outline.h"
#include "viewers/graph/op_runs.h"
#include "viewers/graph/op_scores.h"

#include <QPointF>
#include <QRectF>
#include <QString>
#include <array>
#include <span>
#include <vector>

namespace syncpoint {

struct SceneBox
{
    enum class Kind : std::uint8_t { Op, Collapsed, Expanded, Input, Output };
    Kind kind = Kind::Op;
    QRectF rect;              ///< scene pixels
    std::uint32_t parent = 0; ///< box of the group around it; box 0 is the whole model, not painted
    std::uint32_t leaf = GraphOutline::kNone;  ///< of an op, input or output; a group's owner
    std::uint32_t group = GraphOutline::kNone; ///< of a module; an op's own subgraphs
    std::uint32_t order = 0;                   ///< of its first leaf: execution order
    QString title;                             ///< op type, module or value name
    QString subtitle;                          ///< name, or how many ops a module has
    QString figure; ///< headline score with its unit; the worst of a module
    std::uint32_t firstRow = 0, rowCount = 0; ///< weights, in GraphScene::rows
    OpScore score;                            ///< of a module: its worst op
    std::array<std::uint32_t, 4> counts{};    ///< of a module: ok, warn, bad, not compared
    double introduced = 0.0;                  ///< of a module: the sum
    std::uint8_t family = 0;                  ///< of an op, see op_families.h
    OpRun run;                                ///< of a module: the sum
    bool hasBody() const { return group != GraphOutline::kNone; }
};

struct SceneEdge
{
    std::uint32_t source = 0, target = 0; ///< boxes
    std::uint32_t firstPoint = 0, pointCount = 0;
    ValueId value;
    bool isChip() const { return pointCount == 0; } ///< too long or one of many: named, not drawn
};

/// Stands for the edges that reach a box unseen.
struct SceneChip
{
    std::uint32_t box = 0;
    QRectF rect;
    QString label;
    std::vector<std::uint32_t> edges;
};

/// What is visible at one state of expansion: flat arrays, immutable.
struct GraphScene
{
    Side side = Side::Baseline;
    std::shared_ptr<const GraphOutline> outline;
    std::shared_ptr<const ComparisonResult> result;
    std::vector<OpScore> scores;  ///< per node
    OpRuns runs;                  ///< placement and time
    double worstIntroduced = 0.0; ///< over ops; scales the colouring by introduced error
    double totalIntroduced = 0.0; ///< over all points of the result
    std::vector<SceneBox> boxes;  ///< a group before what it holds
    std::vector<SceneEdge> edges;
    std::vector<QPointF> points;
    std::vector<SceneChip> chips;
    std::vector<QString> rows;
    std::vector<std::uint32_t> edgesOut, edgesIn; ///< edge indices by source and by target …
    std::vector<std::uint32_t> outStart, inStart; ///< … from start[box] to start[box + 1]
    std::vector<std::uint32_t> boxOfLeaf;         ///< the innermost visible box that shows a leaf
    std::vector<std::uint32_t> boxOfGroup;        ///< kNone inside collapsed groups

    std::span<const std::uint32_t> outgoing(std::uint32_t box) const
    {
        return std::span(edgesOut).subspan(outStart[box], outStart[box + 1] - outStart[box]);
    }
    std::span<const std::uint32_t> incoming(std::uint32_t box) const
    {
        return std::span(edgesIn).subspan(inStart[box], inStart[box + 1] - inStart[box]);
    }
    std::span<const QPointF> way(const SceneEdge &edge) const
    {
        return std::span(points).subspan(edge.firstPoint, edge.pointCount);
    }
    QRectF bounds() const { return boxes.empty() ? QRectF() : boxes.front().rect; }
};

} // namespace syncpoint
