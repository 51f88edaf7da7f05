// The part of GraphPane that makes its actions.
#include "viewers/graph/graph_pane.h"
#include "viewers/graph/graph_toolbar.h"
#include "viewers/graph/scene_search.h"

#include <QAction>
#include <QComboBox>
#include <QLineEdit>

namespace syncpoint {
namespace {

constexpr double kZoomStep = 1.25;

template <typename... Codes>
QList<QKeySequence> keys(Codes... codes)
{
    return {QKeySequence(codes)...};
}

} // namespace

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
    buildViewActions();
    addAction(QStringLiteral("find"), tr("Find in the graph"), keys(Qt::Key_Slash), [this] {
        m_tools->find->setFocus();
        m_tools->find->selectAll();
    });
    const auto trace = [this](SceneTrace (*walk)(const GraphScene &, std::uint32_t)) {
        return [this, walk] {
            for (GraphCanvas *canvas : {&m_area->main(), &m_area->other()}) {
                if (canvas->scene() != nullptr) {
                    canvas->setTrace(walk(*canvas->scene(), canvas->selected()));
                }
            }
        };
    };
    addAction(QStringLiteral("traceInputs"), tr("Trace the inputs of the selected op"),
              keys(Qt::Key_I), trace(traceInputs));
    addAction(QStringLiteral("traceOutputs"), tr("Trace the outputs of the selected op"),
              keys(Qt::Key_O), trace(traceOutputs));
    addAction(QStringLiteral("path"), tr("Path between the last two selected ops"),
              keys(Qt::SHIFT | Qt::Key_P), [this] { tracePath(); });
    addAction(QStringLiteral("endTrace"), tr("End the trace"), {}, [this] {
        canvas().setTrace({});
        otherCanvas().setTrace({});
    });
    const auto next = [this](SceneBox::Kind kind) {
        return [this, kind] {
            GraphCanvas &canvas = active();
            if (canvas.scene() != nullptr) {
                goTo(canvas, nextOfKind(*canvas.scene(), kind, canvas.selected()));
            }
        };
    };
    addAction(QStringLiteral("inputs"), tr("Go to the next model input"),
              keys(Qt::SHIFT | Qt::Key_I), next(SceneBox::Kind::Input));
    addAction(QStringLiteral("outputs"), tr("Go to the next model output"),
              keys(Qt::SHIFT | Qt::Key_O), next(SceneBox::Kind::Output));
    addAction(QStringLiteral("expandAll"), tr("Open all modules"), {},
              [this] { setAllExpanded(true); });
    addAction(QStringLiteral("collapseAll"), tr("Close all modules"), {},
              [this] { setAllExpanded(false); });
    addAction(QStringLiteral("export"), tr("Export the graph…"), {},
              [this] { chooseExportFile(); });
}

void GraphPane::buildViewActions()
{
    addAction(QStringLiteral("fit"), tr("Fit the graph"), keys(Qt::Key_Space),
              [this] { active().fit(); });
    addAction(QStringLiteral("fitSelection"), tr("Fit the selection"), keys(Qt::Key_F),
              [this] { active().fitBoxes({active().selected()}); });
    addAction(QStringLiteral("zoomIn"), tr("Zoom in"), keys(Qt::Key_Plus, Qt::Key_Equal),
              [this] { active().zoomBy(kZoomStep); });
    addAction(QStringLiteral("zoomOut"), tr("Zoom out"), keys(Qt::Key_Minus),
              [this] { active().zoomBy(1.0 / kZoomStep); });
    addAction(QStringLiteral("zoomReset"), tr("Zoom to 100 %"), keys(Qt::Key_0),
              [this] { active().setScale(1.0); });
    addAction(QStringLiteral("compare"), tr("Both sides next to each other"), keys(Qt::Key_S),
              [this] { setComparing(!isComparing()); });
    addAction(QStringLiteral("swapSide"), tr("Show the other side, or swap both"), keys(Qt::Key_X),
              [this] { swapSides(); });
    addAction(QStringLiteral("blink"), tr("Blink between both sides"), keys(Qt::Key_B), [this] {
        const bool on = !m_area->isBlinking();
        setComparing(on || isComparing());
        m_area->setBlinking(on && isComparing());
    });
    addAction(QStringLiteral("lock"), tr("Lock both sides together"), keys(Qt::Key_L), [this] {
        m_area->setLocked(!m_area->isLocked());
        updateTools();
    });
    addAction(QStringLiteral("counterpart"), tr("Go to the counterpart on the other side"),
              keys(Qt::Key_C), [this] { goToCounterpart(); });
    addAction(QStringLiteral("cycleColoring"), tr("Next colouring"), keys(Qt::Key_M), [this] {
        const QComboBox &box = *m_tools->coloring;
        setColoring(static_cast<Coloring>((box.currentIndex() + 1) % box.count()));
    });
}

} // namespace syncpoint
