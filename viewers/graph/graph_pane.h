#pragma once
#include "ui/session/job_runner.h"
#include "ui/viewer/viewer.h"
#include "viewers/graph/graph_canvas.h"
#include "viewers/graph/scene_builder.h"

#include <QPointer>

class QComboBox;
class QLabel;
class QLineEdit;
class QToolButton;

namespace syncpoint {

class ExecutionStrip;
class GraphLegend;

/// The graph viewer: one side of the comparison at a time on a GraphCanvas, with its tools, the
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
    void setColoring(Coloring coloring);
    void setFoldQuantization(bool fold);
    /// Marks boxes whose name or type contains all words; returns how many ops match. Matches in
    /// collapsed modules mark the module.
    std::size_t find(const QString &words);
    GraphCanvas &canvas() { return *m_canvas; }

private:
    /// What is selected on the shown side, whatever is expanded.
    struct Target
    {
        std::uint32_t leaf = GraphOutline::kNone;
        std::uint32_t group = GraphOutline::kNone;
    };
    void buildWidget();
    void buildActions();
    QAction *addAction(const QString &key, const QString &text,
                       const QList<QKeySequence> &shortcuts, std::function<void()> run);
    void rebuild(std::optional<std::uint32_t> anchorGroup, bool keepOutline);
    void showScene(std::shared_ptr<const GraphScene> scene,
                   std::optional<std::uint32_t> anchorGroup, bool isSameOutline);
    const Graph *shownGraph() const; ///< null when the side has none, or an empty one
    void colourForResult();
    Target targetOf(const Selection::Item &item) const;
    std::uint32_t boxOf(const Target &target) const;
    void showSelection(bool reveal);
    void showReadably(std::uint32_t box);
    bool expandAround(const Target &target);
    void selectBox(std::uint32_t box);
    ModuleId moduleWithPath(const Graph *graph, const std::string &path) const;
    void toggle(std::uint32_t box);
    void goUp();
    void setAllExpanded(bool expanded);
    void showChipMenu(std::uint32_t chip, const QPoint &global);
    void goTo(std::uint32_t box);
    void goToTerminal(SceneBox::Kind kind);
    void goToNextMatch();
    void updateView();
    void updateTrail();
    void chooseExportFile();

    ViewerContext m_context;
    QPointer<QWidget> m_widget; ///< the shell may have taken and deleted it
    GraphCanvas *m_canvas = nullptr;
    GraphLegend *m_legend = nullptr;
    ExecutionStrip *m_strip = nullptr;
    QToolButton *m_sideButton = nullptr;
    QComboBox *m_coloring = nullptr;
    QToolButton *m_fold = nullptr;
    QLineEdit *m_find = nullptr;
    QLabel *m_trail = nullptr;
    QLabel *m_zoom = nullptr;
    QList<QAction *> m_actions;

    std::shared_ptr<const ComparisonResult> m_result;
    std::shared_ptr<const GraphScene> m_scene;
    std::shared_ptr<LayoutCache> m_cache = std::make_shared<LayoutCache>();
    Side m_side = Side::Baseline;
    bool m_isAlone = false; ///< one model without a candidate
    /// Opened modules; nothing yet: as many as fit.
    std::optional<std::set<std::string>> m_expanded;
    bool m_foldQuantization = true;
    bool m_isNewPicture = true;     ///< nothing of this result was shown yet
    bool m_revealWhenShown = false; ///< the selection waits for the scene that is being built
    bool m_restoresView = false;
    JobRunner m_jobs;
};

} // namespace syncpoint
