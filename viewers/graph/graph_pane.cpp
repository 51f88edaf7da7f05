#include "viewers/graph/graph_pane.h"

#include "ui/session/model_inspection.h"
#include "viewers/graph/execution_strip.h"
#include "viewers/graph/graph_legend.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

namespace syncpoint {
namespace {

constexpr std::uint32_t kNone = GraphOutline::kNone;
constexpr double kReadableScale = 0.4; ///< below it, titles are not drawn
constexpr double kReadingScale = 0.8;

} // namespace

GraphPane::GraphPane(const ViewerContext &context) : m_context(context), m_widget(new QWidget)
{
    buildWidget();
    buildActions();
    connect(&m_context.selection, &Selection::changed, this,
            [this](const Selection::Item &, QObject *origin) { showSelection(origin != this); });
    connect(&m_context.theme, &Theme::changed, this, &GraphPane::refresh);
    setResult(nullptr);
}

GraphPane::~GraphPane()
{
    m_jobs.cancel();
    delete m_widget.data();
}

void GraphPane::setResult(std::shared_ptr<const ComparisonResult> result)
{
    m_result = std::move(result);
    if (!m_restoresView) {
        m_expanded.reset();
    }
    if (m_result && shownGraph() == nullptr) { // only one side carries a graph
        m_side = m_side == Side::Baseline ? Side::Candidate : Side::Baseline;
    }
    const bool isAlone = m_result && !hasCandidate(*m_result);
    if (isAlone != m_isAlone) {
        m_isAlone = isAlone;
        colourForResult();
    }
    const bool hasGraph = shownGraph() != nullptr;
    m_canvas->setEmptyText(
        !m_result  ? tr("The graph of the compared models appears here: every op coloured by its "
                         "score, modules as boxes that open.\n\nOpen a baseline and a candidate "
                         "and compare them.")
        : hasGraph ? tr("Laying out the graph …")
                   : tr("Neither side carries a graph: both are dumps of tensors alone.\n\nAdd a "
                        "model to a side to see its graph."));
    m_isNewPicture = true;
    m_scene.reset();
    showScene(nullptr, std::nullopt, false);
    if (hasGraph) {
        rebuild(std::nullopt, false);
    } else {
        m_jobs.cancel();
    }
}

const Graph *GraphPane::shownGraph() const
{
    if (!m_result) {
        return nullptr;
    }
    const Graph *graph =
        (m_side == Side::Baseline ? m_result->baseline : m_result->candidate).graph.get();
    return graph != nullptr && graph->nodes().empty() ? nullptr : graph;
}

/// Scores say nothing about a model alone; op types do.
void GraphPane::colourForResult()
{
    const auto usual = [](bool isAlone) { return isAlone ? Coloring::OpType : Coloring::Score; };
    if (m_coloring->currentIndex() == static_cast<int>(usual(!m_isAlone))) {
        setColoring(usual(m_isAlone));
    }
}

void GraphPane::rebuild(std::optional<std::uint32_t> anchorGroup, bool keepOutline)
{
    SceneRequest request;
    request.result = m_result;
    request.side = m_side;
    const bool reuses = keepOutline && m_scene;
    if (reuses) {
        request.outline = m_scene->outline;
    }
    const auto graph = (m_side == Side::Baseline ? m_result->baseline : m_result->candidate).graph;
    using Built = Result<std::shared_ptr<const GraphScene>>;
    m_jobs.start<Built>(
        [request, graph, expanded = m_expanded, fold = m_foldQuantization,
         cache = m_cache](const JobContext &job) mutable -> Built {
            if (!request.outline) {
                auto outline = makeOutline(graph, fold, job);
                if (!outline) {
                    return outline.error();
                }
                request.outline = std::move(outline).value();
            }
            request.expanded = expanded ? *expanded : initiallyExpanded(*request.outline);
            return buildScene(request, *cache, job);
        },
        [this, anchorGroup, reuses](Built built) {
            if (built) {
                showScene(std::move(built).value(), anchorGroup, reuses);
            }
        });
}

void GraphPane::showScene(std::shared_ptr<const GraphScene> scene,
                          std::optional<std::uint32_t> anchorGroup, bool isSameOutline)
{
    std::optional<GraphCanvas::Anchor> anchor;
    if (isSameOutline && scene && m_scene) {
        anchor = GraphCanvas::Anchor{};
        if (anchorGroup) {
            anchor->before = m_scene->boxOfGroup[*anchorGroup];
            anchor->after = scene->boxOfGroup[*anchorGroup];
        }
    }
    m_scene = std::move(scene);
    if (m_scene && !m_expanded) {
        m_expanded.emplace();
        for (const SceneBox &box : m_scene->boxes) {
            if (box.kind == SceneBox::Kind::Expanded) {
                m_expanded->insert(m_scene->outline->groups[box.group].key);
            }
        }
    }
    if (m_restoresView && m_scene) {
        m_restoresView = false;
    }
    m_canvas->setScene(m_scene, anchor);
    m_legend->setScene(m_scene);
    m_strip->setScene(m_scene);
    if (!m_find->text().isEmpty()) {
        find(m_find->text());
    }
    const bool reveal = m_revealWhenShown;
    if (m_scene) {
        m_revealWhenShown = false;
        showSelection(reveal);
    }
    updateView();
}

void GraphPane::refresh()
{
    m_canvas->viewport()->update();
    m_legend->update();
    m_strip->update();
    showSelection(false);
}

GraphPane::Target GraphPane::targetOf(const Selection::Item &item) const
{
    Target target;
    const Graph *graph = shownGraph();
    if (!m_scene || graph == nullptr) {
        return target;
    }
    const auto &outline = *m_scene->outline;
    NodeId node = item.side == m_side ? item.node : NodeId{};
    const auto &points = m_result->alignment.points;
    if (!node.isValid() && item.point.isValid() && item.point.index() < points.size()) {
        const SyncPoint &point = points[item.point.index()];
        node = m_side == Side::Baseline ? point.referenceNode : point.candidateNode;
    }
    if (node.isValid() && node.index() < outline.leafOfNode.size()) {
        target.leaf = outline.leafOfNode[node.index()];
    } else if (item.module.isValid() && m_result->baseline.graph) {
        ModuleId module = item.module;
        if (m_side == Side::Candidate &&
            module.index() < m_result->baseline.graph->modules().size()) {
            module = moduleWithPath(graph, m_result->baseline.graph->module(module).path);
        }
        target.group = outline.groupOfModule(module);
    }
    if (target.leaf == kNone && item.side == m_side && item.value.isValid()) {
        for (std::uint32_t leaf = 0; leaf < outline.leaves.size(); ++leaf) {
            if (outline.leaves[leaf].value == item.value) {
                target.leaf = leaf;
                break;
            }
        }
    }
    return target;
}

ModuleId GraphPane::moduleWithPath(const Graph *graph, const std::string &path) const
{
    for (std::size_t m = 0; graph != nullptr && m < graph->modules().size(); ++m) {
        if (graph->modules()[m].path == path) {
            return ModuleId{m};
        }
    }
    return {};
}

std::uint32_t GraphPane::boxOf(const Target &target) const
{
    if (target.leaf != kNone) {
        return m_scene->boxOfLeaf[target.leaf];
    }
    return target.group != kNone && target.group != 0 ? m_scene->boxOfGroup[target.group] : kNone;
}

/// Marks the selected op; with `reveal` also opens the modules around it and scrolls there.
void GraphPane::showSelection(bool reveal)
{
    if (!m_scene) {
        m_revealWhenShown = m_revealWhenShown || reveal;
        return;
    }
    const Target target = targetOf(m_context.selection.current());
    if (reveal && expandAround(target)) {
        m_revealWhenShown = true;
        rebuild(std::nullopt, true);
        return;
    }
    const std::uint32_t box = boxOf(target);
    m_canvas->select(box);
    // A whole model fitted into the pane says little: a new picture starts at the selected op.
    const bool startsHere = m_isNewPicture && m_canvas->scale() < kReadableScale;
    if (reveal && box != kNone && (startsHere || !m_canvas->isComfortablyVisible(box))) {
        showReadably(box);
    }
    m_isNewPicture = m_isNewPicture && box == kNone;
    updateTrail();
}

/// Scrolls to a box; zooms in when its text could not be read.
void GraphPane::showReadably(std::uint32_t box)
{
    if (m_canvas->scale() < kReadableScale) {
        m_canvas->setScale(kReadingScale);
    }
    m_canvas->centreOn(box);
}

/// True when something had to be opened for the target to have a box of its own.
bool GraphPane::expandAround(const Target &target)
{
    if (!m_expanded) {
        return false;
    }
    const auto &outline = *m_scene->outline;
    std::uint32_t group = target.leaf != kNone ? outline.leaves[target.leaf].group
                          : target.group != kNone && target.group != 0
                              ? outline.groups[target.group].parent
                              : 0;
    bool changed = false;
    for (; group != 0 && group != kNone; group = outline.groups[group].parent) {
        changed = m_expanded->insert(outline.groups[group].key).second || changed;
    }
    return changed;
}

void GraphPane::selectBox(std::uint32_t index)
{
    Selection::Item item;
    item.side = m_side;
    if (m_scene && index < m_scene->boxes.size()) {
        const SceneBox &box = m_scene->boxes[index];
        const auto &outline = *m_scene->outline;
        const bool isModule =
            box.kind == SceneBox::Kind::Collapsed || box.kind == SceneBox::Kind::Expanded;
        if (isModule && outline.groups[box.group].module.isValid()) {
            const ModuleId own = outline.groups[box.group].module;
            item.module = m_side == Side::Baseline
                              ? own
                              : moduleWithPath(m_result->baseline.graph.get(),
                                               outline.graph->module(own).path);
        } else if (box.leaf != kNone) {
            const auto &leaf = outline.leaves[box.leaf];
            item.node = leaf.node;
            item.value = leaf.value;
            const auto &outcomes = m_side == Side::Baseline ? m_result->alignment.reference
                                                            : m_result->alignment.candidate;
            if (leaf.node.isValid()) {
                item.point = m_scene->scores[leaf.node.index()].point;
            } else if (leaf.value.index() < outcomes.size()) {
                item.point = outcomes[leaf.value.index()].point;
            }
        }
    }
    m_context.selection.select(item, this);
    m_canvas->select(index);
    updateTrail();
}

void GraphPane::toggle(std::uint32_t index)
{
    const SceneBox &box = m_scene->boxes[index];
    if (!m_expanded || box.group == kNone || box.group == 0) {
        return;
    }
    const std::string &key = m_scene->outline->groups[box.group].key;
    if (m_expanded->erase(key) == 0) {
        m_expanded->insert(key);
    }
    rebuild(box.group, true);
}

/// Closes the selected module, or the one around the selection, and selects it.
void GraphPane::goUp()
{
    if (!m_scene || m_canvas->selected() == kNone) {
        return;
    }
    std::uint32_t box = m_canvas->selected();
    if (m_scene->boxes[box].kind != SceneBox::Kind::Expanded) {
        box = m_scene->boxes[box].parent;
    }
    if (box != 0) {
        selectBox(box);
        toggle(box);
    }
}

void GraphPane::setAllExpanded(bool expanded)
{
    if (!m_scene || !m_expanded) {
        return;
    }
    m_expanded->clear();
    if (expanded) {
        for (std::size_t g = 1; g < m_scene->outline->groups.size(); ++g) {
            m_expanded->insert(m_scene->outline->groups[g].key);
        }
    }
    rebuild(0, true);
}

void GraphPane::setSide(Side side)
{
    const Side before = m_side;
    m_side = side;
    if (side == before || shownGraph() == nullptr) {
        m_side = before;
        updateView();
        return;
    }
    m_expanded.reset();
    m_revealWhenShown = m_canvas->selected() != kNone;
    rebuild(std::nullopt, false);
}

void GraphPane::setColoring(Coloring coloring)
{
    m_coloring->setCurrentIndex(static_cast<int>(coloring));
    m_canvas->setColoring(coloring);
    m_legend->setColoring(coloring);
}

void GraphPane::setFoldQuantization(bool fold)
{
    m_fold->setChecked(fold);
    if (fold != m_foldQuantization) {
        m_foldQuantization = fold;
        if (shownGraph() != nullptr) {
            rebuild(std::nullopt, false);
        }
    }
}

std::size_t GraphPane::find(const QString &words)
{
    std::set<std::uint32_t> boxes;
    std::size_t matches = 0;
    const QStringList parts = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (m_scene && !parts.isEmpty()) {
        const auto &outline = *m_scene->outline;
        for (std::uint32_t leaf = 0; leaf < outline.leaves.size(); ++leaf) {
            const NodeId id = outline.leaves[leaf].node;
            if (!id.isValid()) {
                continue;
            }
            const Node &node = outline.graph->node(id);
            const QString text =
                QString::fromStdString(node.opType + ' ' + outline.graph->displayName(id));
            if (std::all_of(parts.begin(), parts.end(), [&text](const QString &part) {
                    return text.contains(part, Qt::CaseInsensitive);
                })) {
                ++matches;
                boxes.insert(m_scene->boxOfLeaf[leaf]);
            }
        }
    }
    m_canvas->setHighlighted(std::move(boxes));
    return matches;
}

QJsonObject GraphPane::saveState() const
{
    QJsonArray expanded;
    if (m_expanded) {
        for (const std::string &key : *m_expanded) {
            expanded.append(QString::fromStdString(key));
        }
    }
    return {{QStringLiteral("side"),
             m_side == Side::Baseline ? QStringLiteral("baseline") : QStringLiteral("candidate")},
            {QStringLiteral("coloring"), m_coloring->currentIndex()},
            {QStringLiteral("foldQuantization"), m_foldQuantization},
            {QStringLiteral("hasExpanded"), m_expanded.has_value()},
            {QStringLiteral("expanded"), expanded}};
}

void GraphPane::restoreState(const QJsonObject &state)
{
    m_side = state.value(QStringLiteral("side")).toString() == QStringLiteral("candidate")
                 ? Side::Candidate
                 : Side::Baseline;
    const int coloring = state.value(QStringLiteral("coloring")).toInt();
    setColoring(static_cast<Coloring>(std::clamp(coloring, 0, m_coloring->count() - 1)));
    m_foldQuantization = state.value(QStringLiteral("foldQuantization")).toBool(true);
    m_fold->setChecked(m_foldQuantization);
    if (state.value(QStringLiteral("hasExpanded")).toBool()) {
        m_expanded.emplace();
        for (const auto &key : state.value(QStringLiteral("expanded")).toArray()) {
            m_expanded->insert(key.toString().toStdString());
        }
        m_restoresView = true; // the next result belongs to this session
    }
    if (shownGraph() != nullptr) {
        rebuild(std::nullopt, false);
    }
}

} // namespace syncpoint
