#pragma once
#include "ui/session/job_runner.h"
#include "ui/viewer/viewer.h"
#include "viewers/graph/compare_area.h"
#include "viewers/graph/scene_pair.h"

#include <QPointer>

class QMenu;

namespace syncpoint {

class ExecutionStrip;
class GraphLegend;
class GraphToolbar;

/// The graph viewer: one side of the comparison, or both at common heights, with its tools, the
/// execution strip and the legend.
class GraphPane final : public Viewer
{
    Q_OBJECT
public:
    explicit GraphPane(const ViewerContext &context);
    ~GraphPane() override;

    QString id() const override { return QStringLiteral("graph"); }
    QString title() const override { return tr("Graph"); }
    ViewerArea area() const override { return ViewerArea::Centre; }
    QWidget *widget() override { return m_widget; }
    void setResult(std::shared_ptr<const ComparisonResult> result) override;
    void refresh() override;
    QJsonObject saveState() const override;
    void restoreState(const QJsonObject &state) override;
    QList<QAction *> actions() override { return m_actions; }

    Side side() const { return m_side; }
    void setSide(Side side);
    void setComparing(bool on); ///< both sides; ignored where one has no graph
    bool isComparing() const { return m_area->isComparing(); }
    void setColoring(Coloring coloring);
    void setFoldQuantization(bool fold);
    /// Marks boxes whose name or type contains all words; returns how many ops match. Matches in
    /// collapsed modules mark the module.
    std::size_t find(const QString &words);
    GraphCanvas &canvas() { return m_area->main(); }
    GraphCanvas &otherCanvas() { return m_area->other(); }
    /// What may be done with a box, as its context menu shows it.
    void fillMenu(QMenu &menu, GraphCanvas &canvas, std::uint32_t box);

private:
    /// Where the canvas stands, to come back to it.
    struct Place
    {
        double scale = 1.0;
        QPointF origin;
    };
    void buildWidget();
    void connectCanvas(GraphCanvas &canvas);
    void buildActions();
    void buildViewActions();
    QAction *addAction(const QString &key, const QString &text,
                       const QList<QKeySequence> &shortcuts, std::function<void()> run);
    void rebuild(const std::string &anchorGroup, bool keepOutline);
    void showScenes(ScenePair scenes, const std::string &anchorGroup, bool isSameOutline);
    void showEmptyText();
    const Graph *graphOf(Side side) const; ///< null when the side has none, or an empty one
    bool canCompare() const;
    void colourForResult();
    void showSelection(bool reveal);
    void showIn(GraphCanvas &canvas, bool reveal, bool startsHere);
    GraphCanvas &active(); ///< the one with the focus, else the main one
    void selectBox(GraphCanvas &canvas, std::uint32_t box);
    void goTo(GraphCanvas &canvas, std::uint32_t box);
    void toggle(GraphCanvas &canvas, std::uint32_t box);
    void goUp(GraphCanvas &canvas);
    void setAllExpanded(bool expanded);
    void swapSides();
    void goToCounterpart();
    void tracePath();
    void showChipMenu(GraphCanvas &canvas, std::uint32_t chip, const QPoint &global);
    void goToNextMatch();
    void updateView();
    void updateTools();
    void chooseExportFile();

    ViewerContext m_context;
    QPointer<QWidget> m_widget; ///< the shell may have taken and deleted it
    GraphToolbar *m_tools = nullptr;
    CompareArea *m_area = nullptr;
    GraphLegend *m_legend = nullptr;
    ExecutionStrip *m_strip = nullptr;
    QList<QAction *> m_actions;

    std::shared_ptr<const ComparisonResult> m_result;
    ScenePair m_scenes;
    std::shared_ptr<LayoutCache> m_cache = std::make_shared<LayoutCache>();
    Side m_side = Side::Baseline;
    bool m_isAlone = false; ///< one model without a candidate
    /// Opened modules of both sides; nothing yet: as many as fit.
    std::optional<std::set<std::string>> m_expanded;
    bool m_foldQuantization = true;
    bool m_isNewPicture = true;     ///< nothing of this result was shown yet
    bool m_revealWhenShown = false; ///< the selection waits for the scene that is being built
    bool m_restoresView = false;
    std::optional<Place> m_place;          ///< to restore with the next scene
    Selection::Item m_current, m_previous; ///< the last two selections, for paths
    JobRunner m_jobs;
};

} // namespace syncpoint
