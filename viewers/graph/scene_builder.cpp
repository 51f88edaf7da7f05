#include "viewers/graph/scene_builder.h"

#include "viewers/graph/box_labels.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace syncpoint {
namespace {

constexpr std::size_t kMostConsumers = 8; ///< of one value drawn as lines; the others get chips
constexpr double kBoxWidth = 228.0;
constexpr double kOpHeight = 40.0;
constexpr double kRowHeight = 14.0;
constexpr double kRowsMargin = 4.0;
constexpr double kGroupHeight = 52.0;
constexpr double kTerminalHeight = 24.0;
constexpr double kChipHeight = 14.0;
constexpr double kChipWidth = 92.0;

class SceneBuilder
{
public:
    explicit SceneBuilder(const SceneRequest &request)
        : m_request(request), m_outline(*request.outline), m_scene(std::make_shared<GraphScene>())
    {
        m_scene->side = request.side;
        m_scene->outline = request.outline;
        m_scene->result = request.result;
    }

    Result<std::shared_ptr<const GraphScene>> run(LayoutCache &cache, const JobContext &job)
    {
        scoreAll();
        addBoxes();
        if (job.isCancelled()) {
            return JobContext::cancelledError();
        }
        addEdges();
        auto layout = layoutModules(compound(), {}, cache, job);
        if (!layout) {
            return layout.error();
        }
        takePositions(*layout);
        addChips();
        return std::shared_ptr<const GraphScene>(std::move(m_scene));
    }

private:
    void scoreAll()
    {
        const Graph &graph = *m_outline.graph;
        if (m_request.result) {
            m_scene->scores = scoreOps(graph, m_request.side, *m_request.result);
            m_scene->runs = opRuns(graph, m_request.side, *m_request.result);
            for (const PointResult &point : m_request.result->points) {
                m_scene->totalIntroduced += point.attribution.introducedOrDelta();
            }
        } else {
            m_scene->scores.resize(graph.nodes().size());
            m_scene->runs.ofNode.resize(graph.nodes().size());
        }
        for (const OpScore &score : m_scene->scores) {
            if (std::isfinite(score.introduced)) {
                m_scene->worstIntroduced = std::max(m_scene->worstIntroduced, score.introduced);
            }
        }
    }

    bool isExpanded(std::uint32_t group) const
    {
        return group == 0 || m_request.expanded.contains(m_outline.groups[group].key);
    }
    /// Groups in the order of their first leaf, opened ones with their content.
    void addBoxes()
    {
        m_scene->boxOfLeaf.assign(m_outline.leaves.size(), GraphOutline::kNone);
        m_scene->boxOfGroup.assign(m_outline.groups.size(), GraphOutline::kNone);
        for (std::uint32_t g = 0; g < m_outline.groups.size(); ++g) { // parents come first
            const auto &group = m_outline.groups[g];
            const std::uint32_t parent = g == 0 ? 0 : m_scene->boxOfGroup[group.parent];
            if (g != 0 && (parent == GraphOutline::kNone ||
                           m_scene->boxes[parent].kind != SceneBox::Kind::Expanded)) {
                continue;
            }
            SceneBox box;
            box.kind = isExpanded(g) ? SceneBox::Kind::Expanded : SceneBox::Kind::Collapsed;
            box.parent = parent;
            box.group = g;
            box.leaf = group.owner;
            box.title = QString::fromStdString(group.title);
            m_scene->boxOfGroup[g] = static_cast<std::uint32_t>(m_scene->boxes.size());
            m_scene->boxes.push_back(std::move(box));
        }
        for (std::uint32_t leaf = 0; leaf < m_outline.leaves.size(); ++leaf) {
            addLeaf(leaf);
        }
        for (SceneBox &box : m_scene->boxes) {
            labelBox(*m_scene, box);
        }
    }

    /// The box of the innermost opened group around a leaf, or of the collapsed one it is in.
    std::uint32_t visibleAround(std::uint32_t group) const
    {
        while (m_scene->boxOfGroup[group] == GraphOutline::kNone) {
            group = m_outline.groups[group].parent;
        }
        return m_scene->boxOfGroup[group];
    }
    void addLeaf(std::uint32_t leaf)
    {
        const auto &data = m_outline.leaves[leaf];
        const std::uint32_t around = visibleAround(data.group);
        countIn(around, leaf);
        if (m_scene->boxes[around].kind != SceneBox::Kind::Expanded) {
            m_scene->boxOfLeaf[leaf] = around;
            return;
        }
        if (data.body != GraphOutline::kNone) { // drawn as the group of its subgraphs
            m_scene->boxOfLeaf[leaf] = m_scene->boxOfGroup[data.body];
            if (data.node.isValid()) {
                m_scene->boxes[m_scene->boxOfLeaf[leaf]].score = m_scene->scores[data.node.index()];
            }
            return;
        }
        SceneBox box;
        box.kind = data.kind == GraphOutline::Leaf::Kind::Op      ? SceneBox::Kind::Op
                   : data.kind == GraphOutline::Leaf::Kind::Input ? SceneBox::Kind::Input
                                                                  : SceneBox::Kind::Output;
        box.parent = around;
        box.leaf = leaf;
        box.order = leaf;
        if (data.node.isValid()) {
            box.score = m_scene->scores[data.node.index()];
            box.introduced = box.score.introduced;
            box.run = m_scene->runs.ofNode[data.node.index()];
        }
        m_scene->boxOfLeaf[leaf] = static_cast<std::uint32_t>(m_scene->boxes.size());
        m_scene->boxes.push_back(std::move(box));
    }

    /// Adds an op to the figures of every group around it.
    void countIn(std::uint32_t box, std::uint32_t leaf)
    {
        const NodeId node = m_outline.leaves[leaf].node;
        if (!node.isValid()) {
            return;
        }
        const OpScore &score = m_scene->scores[node.index()];
        const std::size_t kind = score.severity ? static_cast<std::size_t>(*score.severity) : 3;
        for (;; box = m_scene->boxes[box].parent) {
            SceneBox &group = m_scene->boxes[box];
            if (std::accumulate(group.counts.begin(), group.counts.end(), 0U) == 0) {
                group.order = leaf;
            }
            ++group.counts[kind];
            group.introduced += score.introduced;
            group.run.add(m_scene->runs.ofNode[node.index()]);
            const bool isWorse = score.severity && (!group.score.severity ||
                                                    *score.severity > *group.score.severity ||
                                                    (*score.severity == *group.score.severity &&
                                                     score.position < group.score.position));
            if (isWorse) {
                group.score = score;
            }
            if (box == 0) {
                break;
            }
        }
    }

    /// Links between the visible boxes, each value once per pair of boxes.
    void addEdges()
    {
        auto &edges = m_scene->edges;
        for (const auto &link : m_outline.links) {
            const std::uint32_t source = m_scene->boxOfLeaf[link.source];
            const std::uint32_t target = m_scene->boxOfLeaf[link.target];
            if (source != target) {
                edges.push_back({source, target, 0, 0, link.value});
            }
        }
        const auto key = [](const SceneEdge &edge) {
            return std::tuple(edge.source, edge.value, edge.target);
        };
        std::sort(edges.begin(), edges.end(),
                  [&](const SceneEdge &a, const SceneEdge &b) { return key(a) < key(b); });
        edges.erase(
            std::unique(edges.begin(), edges.end(),
                        [&](const SceneEdge &a, const SceneEdge &b) { return key(a) == key(b); }),
            edges.end());
        const auto group = [&](auto end, auto &start, auto &list) {
            start.assign(m_scene->boxes.size() + 1, 0);
            for (const SceneEdge &edge : edges) {
                ++start[end(edge) + 1];
            }
            std::partial_sum(start.begin(), start.end(), start.begin());
            list.resize(edges.size());
            std::vector<std::uint32_t> next(start.begin(), start.end() - 1);
            for (std::uint32_t e = 0; e < edges.size(); ++e) {
                list[next[end(edges[e])]++] = e;
            }
        };
        group([](const SceneEdge &e) { return e.source; }, m_scene->outStart, m_scene->edgesOut);
        group([](const SceneEdge &e) { return e.target; }, m_scene->inStart, m_scene->edgesIn);
    }

    static double heightOf(const SceneBox &box)
    {
        switch (box.kind) {
        case SceneBox::Kind::Op:
            return box.rowCount == 0
                       ? kOpHeight
                       : kOpHeight + kRowsMargin + kRowHeight * static_cast<double>(box.rowCount);
        case SceneBox::Kind::Collapsed:
            return kGroupHeight;
        case SceneBox::Kind::Input:
        case SceneBox::Kind::Output:
            return kTerminalHeight;
        case SceneBox::Kind::Expanded:
            break;
        }
        return 0.0;
    }
    /// Layout items are the boxes, parents first, in execution order within a group.
    CompoundGraph compound()
    {
        m_itemOfBox.resize(m_scene->boxes.size());
        CompoundGraph graph;
        graph.items.reserve(m_scene->boxes.size());
        std::vector<std::uint32_t> byOrder(m_scene->boxes.size());
        std::iota(byOrder.begin(), byOrder.end(), 0U);
        std::stable_sort(byOrder.begin(), byOrder.end(), [this](std::uint32_t a, std::uint32_t b) {
            const bool groupA = m_scene->boxes[a].kind == SceneBox::Kind::Expanded;
            const bool groupB = m_scene->boxes[b].kind == SceneBox::Kind::Expanded;
            if (groupA || groupB) { // opened groups first, in the order they were made
                return groupA && (!groupB || a < b);
            }
            return m_scene->boxes[a].order < m_scene->boxes[b].order;
        });
        for (const std::uint32_t b : byOrder) {
            const SceneBox &box = m_scene->boxes[b];
            m_itemOfBox[b] = static_cast<std::uint32_t>(graph.items.size());
            const bool isGroup = box.kind == SceneBox::Kind::Expanded;
            graph.items.push_back(
                {m_itemOfBox[box.parent], isGroup, b == 0 ? 0.0 : kBoxWidth, heightOf(box)});
        }
        const auto &edges = m_scene->edges;
        m_drawn.clear();
        for (std::uint32_t first = 0; first < edges.size();) {
            std::uint32_t last = first;
            while (last < edges.size() && edges[last].source == edges[first].source &&
                   edges[last].value == edges[first].value) {
                ++last;
            }
            // One line stays, or the graph would fall apart.
            const std::uint32_t drawn = last - first > kMostConsumers ? first + 1 : last;
            for (std::uint32_t e = first; e < drawn; ++e) {
                m_drawn.push_back(e);
                graph.edges.push_back({m_itemOfBox[edges[e].source], m_itemOfBox[edges[e].target],
                                       static_cast<std::uint32_t>(edges[e].value.index())});
            }
            first = last;
        }
        return graph;
    }

    void takePositions(const CompoundLayout &layout)
    {
        for (std::size_t b = 0; b < m_scene->boxes.size(); ++b) {
            const auto &item = layout.items[m_itemOfBox[b]];
            m_scene->boxes[b].rect = QRectF(item.x, item.y, item.width, item.height);
        }
        m_scene->points.reserve(layout.points.size());
        for (const LayoutPoint &point : layout.points) {
            m_scene->points.emplace_back(point.x, point.y);
        }
        for (std::size_t i = 0; i < m_drawn.size(); ++i) {
            SceneEdge &edge = m_scene->edges[m_drawn[i]];
            edge.firstPoint = layout.edgeStart[i];
            edge.pointCount = layout.edgeStart[i + 1] - layout.edgeStart[i];
        }
    }

    void addChips()
    {
        for (std::uint32_t b = 0; b < m_scene->boxes.size(); ++b) {
            SceneChip chip;
            chip.box = b;
            for (const std::uint32_t e : m_scene->incoming(b)) {
                if (m_scene->edges[e].isChip()) {
                    chip.edges.push_back(e);
                }
            }
            if (chip.edges.empty()) {
                continue;
            }
            const QRectF &rect = m_scene->boxes[b].rect;
            chip.rect = QRectF(rect.right() - kChipWidth - 4.0,
                               rect.top() - kChipHeight / 2.0 - 2.0, kChipWidth, kChipHeight);
            chip.label = chipLabel(*m_scene, chip);
            m_scene->chips.push_back(std::move(chip));
        }
    }

    const SceneRequest &m_request;
    const GraphOutline &m_outline;
    std::shared_ptr<GraphScene> m_scene;
    std::vector<std::uint32_t> m_itemOfBox;
    std::vector<std::uint32_t> m_drawn; ///< edges that the layout routes
};

} // namespace

Result<std::shared_ptr<const GraphScene>> buildScene(const SceneRequest &request,
                                                     LayoutCache &cache, const JobContext &job)
{
    return SceneBuilder(request).run(cache, job);
}

std::set<std::string> initiallyExpanded(const GraphOutline &outline, std::size_t boxes)
{
    std::set<std::string> expanded;
    std::size_t shown = outline.groups[0].groups.size() + outline.groups[0].leaves.size();
    std::vector<std::uint32_t> level = outline.groups[0].groups;
    while (!level.empty()) {
        std::size_t more = 0;
        std::vector<std::uint32_t> next;
        for (const std::uint32_t g : level) {
            const auto &group = outline.groups[g];
            more += group.groups.size() + group.leaves.size();
            next.insert(next.end(), group.groups.begin(), group.groups.end());
        }
        if (shown + more > boxes && level.size() > 1) {
            break;
        }
        for (const std::uint32_t g : level) {
            expanded.insert(outline.groups[g].key);
        }
        shown += more;
        level = std::move(next);
    }
    return expanded;
}

} // namespace syncpoint
