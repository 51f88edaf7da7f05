#include "viewers/graph/graph_pane.h"

#include "ui/models/result_index.h"
#include "ui/session/model_inspection.h"
#include "ui/widgets/elided_label.h"
#include "viewers/graph/execution_strip.h"
#include "viewers/graph/graph_legend.h"
#include "viewers/graph/graph_toolbar.h"
#include "viewers/graph/scene_search.h"
#include "viewers/graph/scene_selection.h"

#include <QComboBox>
#include <QLineEdit>
#include <QToolButton>

namespace syncpoint {
namespace {

constexpr double kReadableScale = 0.4; ///< below it, titles are not drawn
constexpr double kReadingScale = 0.8;

Side otherOf(Side side)
{
    return side == Side::Baseline ? Side::Candidate : Side::Baseline;
}

} // namespace

GraphPane::GraphPane(const ViewerContext &context) : m_context(context), m_widget(new QWidget)
{
    buildWidget();
    buildActions();
    connect(&m_context.selection, &Selection::changed, this,
            [this](const Selection::Item &item, QObject *origin) {
                m_previous = std::exchange(m_current, item);
                showSelection(origin != this);
            });
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
    m_current = m_previous = {};
    if (!m_restoresView) {
        m_expanded.reset();
    }
    if (m_result && graphOf(m_side) == nullptr) { // only one side carries a graph
        m_side = otherOf(m_side);
    }
    const bool isAlone = m_result && !hasCandidate(*m_result);
    if (isAlone != m_isAlone) {
        m_isAlone = isAlone;
        colourForResult();
    }
    if (m_result && !canCompare()) {
        m_area->setComparing(false);
    }
    m_isNewPicture = true;
    showEmptyText();
    showScenes({}, {}, false);
    if (m_result && graphOf(m_side) != nullptr) {
        rebuild({}, false);
    } else {
        m_jobs.cancel();
    }
}

void GraphPane::showEmptyText()
{
    const QString text =
        !m_result ? tr("The graph of the compared models appears here: every op coloured by its "
                       "score, modules as boxes that open.\n\nOpen a baseline and a candidate "
                       "and compare them.")
        : graphOf(m_side) != nullptr
            ? tr("Laying out the graph …")
            : tr("Neither side carries a graph: both are dumps of tensors alone.\n\nAdd a "
                 "model to a side to see its graph.");
    canvas().setEmptyText(text);
    otherCanvas().setEmptyText(text);
}

const Graph *GraphPane::graphOf(Side side) const
{
    const Graph *graph = m_result ? sideOf(*m_result, side).graph.get() : nullptr;
    return graph != nullptr && graph->nodes().empty() ? nullptr : graph;
}

bool GraphPane::canCompare() const
{
    return !m_isAlone && graphOf(Side::Baseline) != nullptr && graphOf(Side::Candidate) != nullptr;
}

/// Scores say nothing about a model alone; op types do.
void GraphPane::colourForResult()
{
    const auto usual = [](bool isAlone) { return isAlone ? Coloring::OpType : Coloring::Score; };
    if (m_tools->coloring->currentIndex() == static_cast<int>(usual(!m_isAlone))) {
        setColoring(usual(m_isAlone));
    }
}

void GraphPane::rebuild(const std::string &anchorGroup, bool keepOutline)
{
    ScenePairRequest request;
    request.result = m_result;
    request.side = m_side;
    request.both = isComparing();
    request.foldQuantization = m_foldQuantization;
    request.expanded = m_expanded;
    const bool reuses = keepOutline && m_scenes.main;
    if (reuses) {
        request.mainOutline = m_scenes.main->outline;
        request.otherOutline = m_scenes.other ? m_scenes.other->outline : nullptr;
    }
    m_jobs.start<Result<ScenePair>>(
        [request = std::move(request), cache = m_cache](const JobContext &job) {
            return buildScenes(request, *cache, job);
        },
        [this, anchorGroup, reuses](Result<ScenePair> built) {
            if (built) {
                showScenes(std::move(built).value(), anchorGroup, reuses);
            }
        });
}

void GraphPane::showScenes(ScenePair scenes, const std::string &anchorGroup, bool isSameOutline)
{
    std::optional<GraphCanvas::Anchor> anchor;
    if (isSameOutline && scenes.main && m_scenes.main) {
        anchor = GraphCanvas::Anchor{};
        const std::uint32_t group = anchorGroup.empty()
                                        ? GraphOutline::kNone
                                        : groupWithKey(*scenes.main->outline, anchorGroup);
        if (group != GraphOutline::kNone) {
            anchor->before = m_scenes.main->boxOfGroup[group];
            anchor->after = scenes.main->boxOfGroup[group];
        }
    }
    m_scenes = std::move(scenes);
    if (m_scenes.main && !m_expanded) {
        m_expanded.emplace();
        addExpanded(*m_scenes.main, *m_expanded);
        if (m_scenes.other) {
            addExpanded(*m_scenes.other, *m_expanded);
        }
    }
    otherCanvas().setScene(m_scenes.other,
                           anchor ? std::optional(GraphCanvas::Anchor{}) : std::nullopt);
    canvas().setScene(m_scenes.main, anchor);
    m_legend->setScene(m_scenes.main);
    m_strip->setScene(m_scenes.main);
    find(m_tools->find->text());
    if (m_scenes.main) {
        if (m_restoresView && m_place) {
            canvas().setView(m_place->scale, m_place->origin);
            m_isNewPicture = false;
        }
        m_restoresView = false;
        m_place.reset();
        showSelection(std::exchange(m_revealWhenShown, false));
        m_area->alignOther();
        showSelection(false);
    }
    updateTools();
    updateView();
}

void GraphPane::refresh()
{
    m_area->main().viewport()->update();
    m_area->other().viewport()->update();
    m_legend->update();
    m_strip->update();
    showSelection(false);
}

/// Marks the selected op on both sides; with `reveal` also opens the modules around it and scrolls
/// there.
void GraphPane::showSelection(bool reveal)
{
    if (!m_scenes.main) {
        m_revealWhenShown = m_revealWhenShown || reveal;
        return;
    }
    const Selection::Item &item = m_context.selection.current();
    if (reveal && m_expanded) {
        bool opened = openAround(*m_scenes.main, item, *m_expanded);
        if (m_scenes.other) {
            opened = openAround(*m_scenes.other, item, *m_expanded) || opened;
        }
        if (opened) {
            m_revealWhenShown = true;
            rebuild({}, true);
            return;
        }
    }
    // A whole model fitted into the pane says little: a new picture starts at the selected op.
    const bool startsHere = m_isNewPicture && canvas().scale() < kReadableScale;
    // The side that was clicked keeps its place and so does what is locked to it.
    const bool revealsOther = reveal && item.side != m_side;
    if (m_scenes.other) {
        showIn(otherCanvas(), revealsOther, startsHere);
    }
    showIn(canvas(), reveal && !(m_scenes.other && revealsOther), startsHere);
    if (m_scenes.other && m_area->isLocked()) {
        // Heights agree; columns do not.
        GraphCanvas &counterpart = item.side == m_side ? otherCanvas() : canvas();
        if (!counterpart.isComfortablyVisible(counterpart.selected())) {
            counterpart.centreColumnOn(counterpart.selected());
        }
    }
    m_isNewPicture = m_isNewPicture && canvas().selected() == GraphOutline::kNone;
    m_tools->trail->setFullText(
        trailOf(*m_scenes.main, canvas().selected()).join(QStringLiteral(" › ")));
}

void GraphPane::showIn(GraphCanvas &canvas, bool reveal, bool startsHere)
{
    const std::uint32_t box = boxOfItem(*canvas.scene(), m_context.selection.current());
    canvas.select(box);
    if (!reveal || box == GraphOutline::kNone ||
        (!startsHere && canvas.isComfortablyVisible(box))) {
        return;
    }
    if (canvas.scale() < kReadableScale) {
        canvas.setScale(kReadingScale);
    }
    canvas.centreOn(box);
}

void GraphPane::setSide(Side side)
{
    if (side == m_side || graphOf(side) == nullptr) {
        return;
    }
    m_side = side;
    m_expanded.reset();
    m_revealWhenShown = canvas().selected() != GraphOutline::kNone;
    rebuild({}, false);
    updateTools();
}

void GraphPane::setComparing(bool on)
{
    if (on == isComparing() || (on && !canCompare())) {
        updateTools();
        return;
    }
    m_area->setComparing(on);
    m_revealWhenShown = canvas().selected() != GraphOutline::kNone;
    if (m_scenes.main) {
        rebuild({}, true);
    }
    updateTools();
}

void GraphPane::setColoring(Coloring coloring)
{
    m_tools->coloring->setCurrentIndex(static_cast<int>(coloring));
    canvas().setColoring(coloring);
    otherCanvas().setColoring(coloring);
    m_legend->setColoring(coloring);
}

void GraphPane::setFoldQuantization(bool fold)
{
    m_tools->fold->setChecked(fold);
    if (fold != m_foldQuantization) {
        m_foldQuantization = fold;
        if (graphOf(m_side) != nullptr) {
            rebuild({}, false);
        }
    }
}

std::size_t GraphPane::find(const QString &words)
{
    std::size_t ops = 0;
    for (GraphCanvas *canvas : {&m_area->main(), &m_area->other()}) {
        FoundOps found = canvas->scene() == nullptr ? FoundOps{} : findOps(*canvas->scene(), words);
        canvas->setHighlighted(std::move(found.boxes));
        ops = canvas == &m_area->main() ? found.ops : ops;
    }
    return ops;
}

} // namespace syncpoint
