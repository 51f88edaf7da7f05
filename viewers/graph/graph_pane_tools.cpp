#include "viewers/graph/execution_strip.h"
#include "viewers/graph/graph_legend.h"
#include "viewers/graph/graph_pane.h"
#include "viewers/graph/scene_export.h"

#include <QAction>
#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

namespace syncpoint {
namespace {

constexpr std::uint32_t kNone = GraphOutline::kNone;
constexpr double kZoomStep = 1.25;

} // namespace

void GraphPane::buildWidget()
{
    m_widget->setAccessibleName(tr("Graph"));
    m_canvas = new GraphCanvas(m_context.theme, m_widget);
    m_legend = new GraphLegend(m_context.theme, m_widget);
    m_strip = new ExecutionStrip(m_context.theme, m_widget);
    m_sideButton = new QToolButton(m_widget);
    m_sideButton->setToolTip(tr("Show the other side (X)"));
    m_coloring = new QComboBox(m_widget);
    m_coloring->addItems({tr("Score"), tr("Introduced error"), tr("Op type")});
    m_coloring->setAccessibleName(tr("Colour by"));
    m_coloring->setToolTip(tr("What the colour of a box means (M)"));
    m_fold = new QToolButton(m_widget);
    m_fold->setText(tr("Fold Q/DQ"));
    m_fold->setCheckable(true);
    m_fold->setChecked(true);
    m_fold->setToolTip(tr("Show QuantizeLinear and DequantizeLinear as part of their op"));
    m_find = new QLineEdit(m_widget);
    m_find->setPlaceholderText(tr("Find ops"));
    m_find->setClearButtonEnabled(true);
    m_find->setMaximumWidth(200);
    m_trail = new QLabel(m_widget);
    m_trail->setProperty("muted", true);
    m_trail->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_zoom = new QLabel(m_widget);
    m_zoom->setProperty("muted", true);
    m_zoom->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_zoom->setMinimumWidth(48);

    auto *tools = new QHBoxLayout;
    tools->setContentsMargins(Theme::kGrid, Theme::kGrid, Theme::kGrid, Theme::kGrid);
    tools->setSpacing(2 * Theme::kGrid);
    for (QWidget *tool : std::initializer_list<QWidget *>{m_sideButton, m_coloring, m_fold}) {
        tools->addWidget(tool);
    }
    tools->addWidget(m_trail, 1);
    tools->addWidget(m_find);
    tools->addWidget(m_zoom);
    auto *middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(m_canvas, 1);
    middle->addWidget(m_strip);
    auto *layout = new QVBoxLayout(m_widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(tools);
    layout->addLayout(middle, 1);
    layout->addWidget(m_legend);
    m_widget->setFocusProxy(m_canvas);

    connect(m_canvas, &GraphCanvas::boxClicked, this, &GraphPane::selectBox);
    connect(m_canvas, &GraphCanvas::toggleRequested, this, &GraphPane::toggle);
    connect(m_canvas, &GraphCanvas::upRequested, this, &GraphPane::goUp);
    connect(m_canvas, &GraphCanvas::chipClicked, this, &GraphPane::showChipMenu);
    connect(m_canvas, &GraphCanvas::viewChanged, this, &GraphPane::updateView);
    connect(m_strip, &ExecutionStrip::jumpRequested, this, [this](std::uint32_t leaf) {
        m_canvas->centreOn(m_scene ? m_scene->boxOfLeaf[leaf] : kNone);
    });
    connect(m_sideButton, &QToolButton::clicked, this,
            [this] { setSide(m_side == Side::Baseline ? Side::Candidate : Side::Baseline); });
    connect(m_coloring, &QComboBox::activated, this,
            [this](int index) { setColoring(static_cast<Coloring>(index)); });
    connect(m_fold, &QToolButton::toggled, this, &GraphPane::setFoldQuantization);
    connect(m_find, &QLineEdit::textChanged, this, &GraphPane::find);
    connect(m_find, &QLineEdit::returnPressed, this, &GraphPane::goToNextMatch);
}

QAction *GraphPane::addAction(const QString &key, const QString &text,
                              const QList<QKeySequence> &shortcuts, std::function<void()> run)
{
    auto *action = new QAction(text, this);
    action->setObjectName(QStringLiteral("graph.") + key);
    action->setShortcuts(shortcuts);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(action, &QAction::triggered, this, std::move(run));
    m_widget->addAction(action);
    m_actions.append(action);
    return action;
}

void GraphPane::buildActions()
{
    const auto key = [](auto... codes) { return QList<QKeySequence>{QKeySequence(codes)...}; };
    addAction(QStringLiteral("fit"), tr("Fit the graph"), key(Qt::Key_Space),
              [this] { m_canvas->fit(); });
    addAction(QStringLiteral("fitSelection"), tr("Fit the selection"), key(Qt::Key_F),
              [this] { m_canvas->fitBoxes({m_canvas->selected()}); });
    addAction(QStringLiteral("zoomIn"), tr("Zoom in"), key(Qt::Key_Plus, Qt::Key_Equal),
              [this] { m_canvas->zoomBy(kZoomStep); });
    addAction(QStringLiteral("zoomOut"), tr("Zoom out"), key(Qt::Key_Minus),
              [this] { m_canvas->zoomBy(1.0 / kZoomStep); });
    addAction(QStringLiteral("zoomReset"), tr("Zoom to 100 %"), key(Qt::Key_0),
              [this] { m_canvas->setScale(1.0); });
    addAction(QStringLiteral("swapSide"), tr("Show the other side"), key(Qt::Key_X),
              [this] { setSide(m_side == Side::Baseline ? Side::Candidate : Side::Baseline); });
    addAction(QStringLiteral("cycleColoring"), tr("Next colouring"), key(Qt::Key_M), [this] {
        setColoring(static_cast<Coloring>((m_coloring->currentIndex() + 1) % m_coloring->count()));
    });
    addAction(QStringLiteral("find"), tr("Find in the graph"), key(Qt::Key_Slash), [this] {
        m_find->setFocus();
        m_find->selectAll();
    });
    addAction(QStringLiteral("inputs"), tr("Go to the next model input"), key(Qt::Key_I),
              [this] { goToTerminal(SceneBox::Kind::Input); });
    addAction(QStringLiteral("outputs"), tr("Go to the next model output"), key(Qt::Key_O),
              [this] { goToTerminal(SceneBox::Kind::Output); });
    addAction(QStringLiteral("expandAll"), tr("Open all modules"), {},
              [this] { setAllExpanded(true); });
    addAction(QStringLiteral("collapseAll"), tr("Close all modules"), {},
              [this] { setAllExpanded(false); });
    addAction(QStringLiteral("export"), tr("Export the graph as a picture…"), {},
              [this] { chooseExportFile(); });
}

void GraphPane::showChipMenu(std::uint32_t index, const QPoint &global)
{
    const SceneChip &chip = m_scene->chips[index];
    if (chip.edges.size() == 1) {
        goTo(m_scene->edges[chip.edges.front()].source);
        return;
    }
    auto *menu = new QMenu(m_widget);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const std::uint32_t edge : chip.edges) {
        const std::uint32_t source = m_scene->edges[edge].source;
        const SceneBox &box = m_scene->boxes[source];
        menu->addAction(box.title + QStringLiteral("  ") + box.subtitle, this,
                        [this, source, scene = m_scene] {
                            if (scene == m_scene) {
                                goTo(source);
                            }
                        });
    }
    menu->popup(global);
}

void GraphPane::goTo(std::uint32_t box)
{
    selectBox(box);
    m_canvas->centreOn(box);
}

void GraphPane::goToTerminal(SceneBox::Kind kind)
{
    if (!m_scene) {
        return;
    }
    std::uint32_t first = kNone;
    for (std::uint32_t b = 0; b < m_scene->boxes.size(); ++b) {
        if (m_scene->boxes[b].kind != kind) {
            continue;
        }
        first = std::min(first, b);
        const bool isAfter = m_canvas->selected() == kNone ||
                             m_scene->boxes[m_canvas->selected()].kind != kind ||
                             b > m_canvas->selected();
        if (isAfter) {
            goTo(b);
            return;
        }
    }
    if (first != kNone) {
        goTo(first);
    }
}

/// The next op, in execution order, that the search marks, opening the modules around it.
void GraphPane::goToNextMatch()
{
    if (!m_scene || m_find->text().isEmpty()) {
        return;
    }
    const auto &marked = m_canvas->highlighted();
    const auto order = [this](std::uint32_t b) { return std::pair(m_scene->boxes[b].order, b); };
    std::uint32_t next = kNone;
    std::uint32_t first = kNone;
    for (const std::uint32_t b : marked) {
        if (first == kNone || order(b) < order(first)) {
            first = b;
        }
        const bool isAfter =
            m_canvas->selected() == kNone || order(b) > order(m_canvas->selected());
        if (isAfter && (next == kNone || order(b) < order(next))) {
            next = b;
        }
    }
    if (first != kNone) {
        goTo(next == kNone ? first : next);
    }
}

/// Brings zoom, strip and buttons in line with the canvas.
void GraphPane::updateView()
{
    m_zoom->setText(QStringLiteral("%1 %").arg(std::lround(m_canvas->scale() * 100.0)));
    m_sideButton->setText(m_side == Side::Baseline ? tr("Baseline") : tr("Candidate"));
    m_sideButton->setEnabled(m_result && !m_isAlone && m_result->baseline.graph &&
                             m_result->candidate.graph);
    m_sideButton->setVisible(!m_isAlone);
    if (!m_scene) {
        return;
    }
    std::uint32_t first = kNone;
    std::uint32_t last = 0;
    for (const std::uint32_t b : m_canvas->visibleBoxes()) {
        const SceneBox &box = m_scene->boxes[b];
        if (box.kind == SceneBox::Kind::Op || box.kind == SceneBox::Kind::Collapsed) {
            first = std::min(first, box.order);
            last = std::max(last, box.order);
        }
    }
    m_strip->setWindow(first, last);
}

/// The modules around the selection, outermost first.
void GraphPane::updateTrail()
{
    QStringList trail;
    if (m_scene && m_canvas->selected() != kNone) {
        for (std::uint32_t b = m_canvas->selected(); b != 0; b = m_scene->boxes[b].parent) {
            trail.prepend(m_scene->boxes[b].title);
        }
    }
    m_trail->setText(trail.join(QStringLiteral(" › ")));
}

void GraphPane::chooseExportFile()
{
    auto *dialog = new QFileDialog(m_widget, tr("Export the graph"), QString(),
                                   tr("Whole graph, SVG (*.svg);;Visible part, PNG (*.png)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("svg"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &file) {
        const auto done = exportPicture(*m_canvas, file);
        if (!done) {
            m_trail->setText(QString::fromStdString(done.error().message));
        }
    });
    dialog->open();
}

} // namespace syncpoint
