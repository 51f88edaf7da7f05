// The part of GraphPane that answers the mouse, the toolbar and the context menu.
#include "ui/models/result_index.h"
#include "ui/pairing/pairing_edits.h"
#include "ui/widgets/elided_label.h"
#include "viewers/graph/execution_strip.h"
#include "viewers/graph/graph_legend.h"
#include "viewers/graph/graph_pane.h"
#include "viewers/graph/graph_toolbar.h"
#include "viewers/graph/scene_export.h"
#include "viewers/graph/scene_search.h"
#include "viewers/graph/scene_selection.h"

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

namespace syncpoint {
namespace {

} // namespace

void GraphPane::buildWidget()
{
    m_widget->setAccessibleName(tr("Graph"));
    m_tools = new GraphToolbar(m_widget);
    m_area = new CompareArea(m_context.theme, m_widget);
    m_legend = new GraphLegend(m_context.theme, m_widget);
    m_strip = new ExecutionStrip(m_context.theme, m_widget);
    auto *middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(m_area, 1);
    middle->addWidget(m_strip);
    auto *layout = new QVBoxLayout(m_widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_tools);
    layout->addLayout(middle, 1);
    layout->addWidget(m_legend);
    m_widget->setFocusProxy(&canvas());

    connectCanvas(canvas());
    connectCanvas(otherCanvas());
    connect(&canvas(), &GraphCanvas::viewChanged, this, &GraphPane::updateView);
    connect(m_strip, &ExecutionStrip::jumpRequested, this, [this](std::uint32_t leaf) {
        canvas().centreOn(m_scenes.main ? m_scenes.main->boxOfLeaf[leaf] : GraphOutline::kNone);
    });
    connect(m_tools->side, &QToolButton::clicked, this, &GraphPane::swapSides);
    connect(m_tools->compare, &QToolButton::clicked, this, &GraphPane::setComparing);
    connect(m_tools->lock, &QToolButton::clicked, m_area, &CompareArea::setLocked);
    connect(m_tools->coloring, &QComboBox::activated, this,
            [this](int index) { setColoring(static_cast<Coloring>(index)); });
    connect(m_tools->fold, &QToolButton::toggled, this, &GraphPane::setFoldQuantization);
    connect(m_tools->find, &QLineEdit::textChanged, this, &GraphPane::find);
    connect(m_tools->find, &QLineEdit::returnPressed, this, &GraphPane::goToNextMatch);
}

void GraphPane::connectCanvas(GraphCanvas &canvas)
{
    connect(&canvas, &GraphCanvas::boxClicked, this,
            [this, &canvas](std::uint32_t box) { selectBox(canvas, box); });
    connect(&canvas, &GraphCanvas::toggleRequested, this,
            [this, &canvas](std::uint32_t box) { toggle(canvas, box); });
    connect(&canvas, &GraphCanvas::upRequested, this, [this, &canvas] { goUp(canvas); });
    connect(&canvas, &GraphCanvas::chipClicked, this,
            [this, &canvas](std::uint32_t chip, const QPoint &global) {
                showChipMenu(canvas, chip, global);
            });
    connect(&canvas, &GraphCanvas::pathRequested, this, [&canvas](std::uint32_t box) {
        canvas.setTrace(tracePaths(*canvas.scene(), canvas.selected(), box));
    });
    connect(&canvas, &GraphCanvas::menuRequested, this,
            [this, &canvas](std::uint32_t box, const QPoint &global) {
                auto *menu = new QMenu(m_widget);
                menu->setAttribute(Qt::WA_DeleteOnClose);
                fillMenu(*menu, canvas, box);
                menu->popup(global);
            });
}

GraphCanvas &GraphPane::active()
{
    return isComparing() && otherCanvas().hasFocus() ? otherCanvas() : canvas();
}

void GraphPane::selectBox(GraphCanvas &canvas, std::uint32_t box)
{
    if (canvas.scene() == nullptr) {
        return;
    }
    m_context.selection.select(itemOfBox(*canvas.scene(), box), this);
    canvas.select(box); // a collapsed module stays the one that was clicked
}

void GraphPane::goTo(GraphCanvas &canvas, std::uint32_t box)
{
    if (box != GraphOutline::kNone) {
        selectBox(canvas, box);
        canvas.centreOn(box);
    }
}

void GraphPane::toggle(GraphCanvas &canvas, std::uint32_t index)
{
    const SceneBox &box = canvas.scene()->boxes[index];
    if (!m_expanded || box.group == GraphOutline::kNone || box.group == 0) {
        return;
    }
    const std::string &key = canvas.scene()->outline->groups[box.group].key;
    if (m_expanded->erase(key) == 0) {
        m_expanded->insert(key);
    }
    rebuild(key, true);
}

/// Closes the selected module, or the one around the selection, and selects it.
void GraphPane::goUp(GraphCanvas &canvas)
{
    if (canvas.scene() == nullptr || canvas.selected() == GraphOutline::kNone) {
        return;
    }
    std::uint32_t box = canvas.selected();
    if (canvas.scene()->boxes[box].kind != SceneBox::Kind::Expanded) {
        box = canvas.scene()->boxes[box].parent;
    }
    if (box != 0) {
        selectBox(canvas, box);
        toggle(canvas, box);
    }
}

void GraphPane::setAllExpanded(bool expanded)
{
    if (!m_scenes.main || !m_expanded) {
        return;
    }
    m_expanded->clear();
    for (const auto &scene : {m_scenes.main, m_scenes.other}) {
        for (std::size_t g = 1; expanded && scene && g < scene->outline->groups.size(); ++g) {
            m_expanded->insert(scene->outline->groups[g].key);
        }
    }
    rebuild({}, true);
}

/// With both sides in view they change places.
void GraphPane::swapSides()
{
    if (isComparing()) {
        m_area->swapPlaces();
    } else {
        setSide(m_side == Side::Baseline ? Side::Candidate : Side::Baseline);
    }
}

void GraphPane::goToCounterpart()
{
    if (!isComparing()) {
        setSide(m_side == Side::Baseline ? Side::Candidate : Side::Baseline);
        return;
    }
    GraphCanvas &target = &active() == &canvas() ? otherCanvas() : canvas();
    if (target.selected() != GraphOutline::kNone) {
        target.centreOn(target.selected());
    }
    target.setFocus();
}

/// Between the last two selected ops.
void GraphPane::tracePath()
{
    for (GraphCanvas *canvas : {&m_area->main(), &m_area->other()}) {
        if (canvas->scene() != nullptr) {
            canvas->setTrace(tracePaths(*canvas->scene(), boxOfItem(*canvas->scene(), m_previous),
                                        boxOfItem(*canvas->scene(), m_current)));
        }
    }
}

void GraphPane::fillMenu(QMenu &menu, GraphCanvas &canvas, std::uint32_t box)
{
    const auto scene = &canvas == &this->canvas() ? m_scenes.main : m_scenes.other;
    const auto add = [&](const QString &text, SceneTrace trace) {
        menu.addAction(text, this,
                       [&canvas, scene, trace] {
                           if (canvas.scene() == scene.get()) {
                               canvas.setTrace(trace);
                           }
                       })
            ->setEnabled(!trace.empty());
    };
    add(tr("Trace &inputs"), traceInputs(*scene, box));
    add(tr("Trace &outputs"), traceOutputs(*scene, box));
    if (canvas.selected() != GraphOutline::kNone && canvas.selected() != box) {
        add(tr("Path from the selected op"), tracePaths(*scene, canvas.selected(), box));
    }
    menu.addSeparator();
    for (const PairingEdit &edit : pairingEdits(m_context.controller, m_context.selection,
                                                itemOfBox(*scene, box), m_widget->window())) {
        menu.addAction(edit.text, this, edit.run)->setEnabled(edit.isEnabled);
    }
}

void GraphPane::showChipMenu(GraphCanvas &canvas, std::uint32_t index, const QPoint &global)
{
    const auto scene = &canvas == &this->canvas() ? m_scenes.main : m_scenes.other;
    const SceneChip &chip = scene->chips[index];
    if (chip.edges.size() == 1) {
        goTo(canvas, scene->edges[chip.edges.front()].source);
        return;
    }
    auto *menu = new QMenu(m_widget);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const std::uint32_t edge : chip.edges) {
        const std::uint32_t source = scene->edges[edge].source;
        const SceneBox &box = scene->boxes[source];
        menu->addAction(box.title + QStringLiteral("  ") + box.subtitle, this,
                        [this, &canvas, source, scene] {
                            if (canvas.scene() == scene.get()) {
                                goTo(canvas, source);
                            }
                        });
    }
    menu->popup(global);
}

/// The next op, in execution order, that the search marks.
void GraphPane::goToNextMatch()
{
    if (m_scenes.main && !m_tools->find->text().isEmpty()) {
        goTo(canvas(), nextMarked(*m_scenes.main, canvas().highlighted(), canvas().selected()));
    }
}

void GraphPane::updateTools()
{
    const auto nameOf = [](Side side) {
        return side == Side::Baseline ? tr("Baseline") : tr("Candidate");
    };
    const auto titleOf = [this, &nameOf](Side side) {
        const QString path =
            m_result ? QString::fromStdString(sideOf(*m_result, side).path) : QString();
        return nameOf(side) + QStringLiteral("  ") + path.section(QLatin1Char('/'), -1);
    };
    const Side other = m_side == Side::Baseline ? Side::Candidate : Side::Baseline;
    m_tools->side->setText(isComparing() ? tr("Swap") : nameOf(m_side));
    m_tools->side->setVisible(!m_isAlone);
    m_tools->side->setEnabled(canCompare());
    m_tools->compare->setVisible(!m_isAlone);
    m_tools->compare->setEnabled(canCompare());
    m_tools->compare->setChecked(isComparing());
    m_tools->lock->setVisible(isComparing());
    m_tools->lock->setChecked(m_area->isLocked());
    m_area->setTitles(titleOf(m_side), titleOf(other));
}

/// Brings zoom and strip in line with the canvas.
void GraphPane::updateView()
{
    m_tools->setZoom(canvas().scale());
    if (!m_scenes.main) {
        return;
    }
    std::uint32_t first = GraphOutline::kNone;
    std::uint32_t last = 0;
    for (const std::uint32_t b : canvas().visibleBoxes()) {
        const SceneBox &box = m_scenes.main->boxes[b];
        if (box.kind == SceneBox::Kind::Op || box.kind == SceneBox::Kind::Collapsed) {
            first = std::min(first, box.order);
            last = std::max(last, box.order);
        }
    }
    m_strip->setWindow(first, last);
}

void GraphPane::chooseExportFile()
{
    auto *dialog = new QFileDialog(m_widget, tr("Export the graph"), QString(),
                                   tr("Whole graph, SVG (*.svg);;Whole graph, PDF (*.pdf);;"
                                      "Visible part, PNG (*.png);;Graphviz (*.dot)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("svg"));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString &filter) {
        const auto dot = filter.lastIndexOf(QLatin1Char('.'));
        dialog->setDefaultSuffix(filter.mid(dot + 1).remove(QLatin1Char(')')));
    });
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &file) {
        std::vector<GraphCanvas *> canvases{&canvas()};
        if (isComparing()) {
            canvases.insert(m_area->isSwapped() ? canvases.begin() : canvases.end(),
                            &otherCanvas());
        }
        const auto done = exportGraph(canvases, file);
        if (!done) {
            m_tools->trail->setFullText(QString::fromStdString(done.error().message));
        }
    });
    dialog->open();
}

} // namespace syncpoint
