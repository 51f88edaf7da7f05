#include "ui/shell/main_window.h"

#include "ui/models/problem_model.h"
#include "ui/models/result_index.h"
#include "ui/models/selection_state.h"
#include "ui/session/model_inspection.h"
#include "ui/session/selection.h"
#include "ui/session/session_controller.h"
#include "ui/settings/settings.h"
#include "ui/shell/bookmark_menu.h"
#include "ui/shell/job_bar.h"
#include "ui/shell/key_bindings.h"
#include "ui/shell/problems_panel.h"
#include "ui/shell/reload_offer.h"
#include "ui/shell/start_page.h"
#include "ui/shell/verdict_bar.h"
#include "ui/shell/viewer_docks.h"

#include <QCloseEvent>
#include <QFileInfo>
#include <QFrame>
#include <QJsonDocument>
#include <QJsonObject>
#include <QScrollArea>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTabWidget>
#include <QVBoxLayout>

namespace syncpoint {

namespace {
constexpr QSize kFirstSize(1600, 1000);
const QString kSweepPane = QStringLiteral("sweep");

bool comparesTheSame(const SessionConfig &a, const SessionConfig &b)
{
    return a.baseline == b.baseline && a.candidate == b.candidate;
}
} // namespace

MainWindow::MainWindow(const ViewerContext &context, Settings &settings,
                       const ViewerFactory &viewers, QWidget *parent)
    : QMainWindow(parent), m_context(context), m_settings(settings),
      m_problems(new ProblemModel(context.theme, this)), m_pages(new QStackedWidget(this)),
      m_start(new StartPage(context.theme, settings, this)), m_workspace(new QWidget(this)),
      m_verdict(new VerdictBar(context.selection, context.theme, this))
{
    setAcceptDrops(true);
    setObjectName(QStringLiteral("mainWindow"));
    makeCentre(viewers);
    makeActions();
    statusBar()->addPermanentWidget(new JobBar(context.controller, context.theme, this));
    statusBar()->setSizeGripEnabled(false);
    connectController();
    resize(kFirstSize);
    restoreGeometry(settings.geometry());
    showStartPage();
    updateTitle();
}

// The panes go first: they hold plain pointers into widgets that the base class deletes.
MainWindow::~MainWindow() = default;

void MainWindow::makeCentre(const ViewerFactory &viewers)
{
    auto *tabs = new QTabWidget(m_workspace);
    auto *line = new QFrame(m_workspace);
    line->setProperty("separator", true);
    line->setFixedHeight(1);
    auto *layout = new QVBoxLayout(m_workspace);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(new ReloadOffer(m_context.controller, m_workspace));
    layout->addWidget(m_verdict);
    m_verdict->hide(); // until there is one
    layout->addWidget(line);
    layout->addWidget(tabs, 1);

    auto *scroll = new QScrollArea(this); // large fonts on small screens
    scroll->setWidgetResizable(true);
    scroll->setWidget(m_start);
    m_pages->addWidget(scroll);
    m_pages->addWidget(m_workspace);
    setCentralWidget(m_pages);

    m_docks = std::make_unique<ViewerDocks>(*this, *tabs, viewers(m_context));
    auto *panel = new ProblemsPanel(*m_problems, m_context.theme, this);
    m_docks->addPanel(QStringLiteral("problems"), QStringLiteral("Problems"), panel);
    connect(panel, &ProblemsPanel::activated, this, &MainWindow::showProblem);
    connect(m_start, &StartPage::compareRequested, this, &MainWindow::compare);
    connect(m_start, &StartPage::exampleRequested, this, &MainWindow::openExample);
    connect(m_start, &StartPage::recentRequested, this, &MainWindow::openRecent);
    connect(&m_context.theme, &Theme::changed, this, [this] { m_docks->refresh(); });
}

void MainWindow::connectController()
{
    SessionController &controller = m_context.controller;
    connect(&controller, &SessionController::resultChanged, this, &MainWindow::showResult);
    connect(&controller, &SessionController::sweepChanged, this, &MainWindow::showSweep);
    connect(&controller, &SessionController::failed, this, &MainWindow::showError);
    connect(&controller, &SessionController::configChanged, this, &MainWindow::updateTitle);
    connect(&controller, &SessionController::busyChanged, this, [this](bool busy) {
        m_start->setBusy(busy);
        updateActions();
    });
    connect(&m_context.selection, &Selection::changed, this, &MainWindow::updateActions);
}

void MainWindow::compare(const SessionConfig &config)
{
    m_problems->clearErrors();
    m_context.controller.setConfig(config);
    m_context.controller.compare();
}

void MainWindow::showResult()
{
    const auto result = m_context.controller.result();
    if (m_pendingView.isEmpty() && m_shown && comparesTheSame(m_shown->config, result->config)) {
        m_pendingView = viewState(); // compared again: the user stays where they were
    }
    m_shown = result;
    m_context.selection.clear();
    m_problems->setResultDiagnostics(result->diagnostics);
    m_verdict->setResult(result);
    m_verdict->show();
    m_docks->setResult(result);
    showWorkspace();
    if (m_docks->isInFront(kSweepPane)) { // the pair was opened there
        m_docks->endAlone();
        m_docks->show(QStringLiteral("graph"));
    }
    const QJsonObject view = QJsonDocument::fromJson(m_pendingView.toUtf8()).object();
    if (!view.isEmpty()) {
        m_docks->restoreState(view);
        m_bookmarks->restoreState(view.value(kBookmarkState).toObject());
    }
    m_pendingView.clear();
    restoreSelection(view.value(kSelectionState).toObject());
    remember();
    updateTitle();
    updateActions();
}

void MainWindow::showSweep()
{
    showWorkspace();
    m_docks->show(kSweepPane);
    if (!m_context.controller.result()) { // the other panes have nothing to show
        m_docks->showCentreAlone();
    }
    updateActions();
}

void MainWindow::restoreSelection(const QJsonObject &state)
{
    const auto result = m_context.controller.result();
    const Selection::Item item = selectionFromState(*result, state);
    if (item == Selection::Item{}) {
        selectFirst();
    } else {
        m_context.selection.select(item, this);
    }
    m_context.selection.setSample(sampleFromState(*result, state), this);
}

/// Where to look first: the worst suspect, else an output, else the first op of a model alone.
void MainWindow::selectFirst()
{
    const auto result = m_context.controller.result();
    const Divergence &divergence = result->divergence;
    SyncPointId point;
    if (!divergence.suspects.empty()) {
        point = divergence.suspects.front().point;
    } else if (!result->outputs.empty()) {
        point = result->outputs.front();
    }
    if (point.isValid()) {
        m_context.selection.select(itemForPoint(*result, point), this);
        return;
    }
    const Graph &graph = *result->baseline.graph;
    for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
        const auto &outputs = graph.nodes()[i].outputs;
        if (!outputs.empty() && outputs.front().isValid() &&
            !graph.value(outputs.front()).isConstant) {
            m_context.selection.select(
                itemForNode(*result, ResultIndex(*result), Side::Baseline, NodeId{i}), this);
            return;
        }
    }
}

void MainWindow::showStartPage()
{
    m_start->showRecent();
    m_docks->setVisible(false);
    m_pages->setCurrentIndex(0);
    updateActions();
}

void MainWindow::showWorkspace()
{
    m_pages->setCurrentWidget(m_workspace);
    m_docks->setVisible(true);
}

bool MainWindow::isOnStartPage() const
{
    return m_pages->currentWidget() != m_workspace;
}

void MainWindow::showError(const QString &sentence)
{
    m_problems->addError(sentence);
    statusBar()->showMessage(sentence);
    if (isOnStartPage()) {
        m_start->showError(sentence);
    } else {
        m_docks->show(QStringLiteral("problems"));
    }
}

void MainWindow::showProblem(const Diagnostic &diagnostic)
{
    const auto result = m_context.controller.result();
    if (!result || diagnostic.where.empty()) {
        return;
    }
    for (const Side side : {Side::Baseline, Side::Candidate}) {
        const auto value = sideOf(*result, side).graph->findValue(diagnostic.where);
        if (!value) {
            continue;
        }
        const auto &outcomes =
            side == Side::Baseline ? result->alignment.reference : result->alignment.candidate;
        Selection::Item item;
        item.side = side;
        item.value = *value;
        item.node = sideOf(*result, side).graph->value(*value).producer;
        if (value->index() < outcomes.size()) { // empty for a model alone
            item.point = outcomes[value->index()].point;
        }
        m_context.selection.select(item, this);
        return;
    }
}

void MainWindow::remember()
{
    if (!hasCandidate(*m_context.controller.result())) {
        return; // recent entries are comparisons
    }
    const SessionConfig &config = m_context.controller.config();
    const auto text = [](const std::optional<std::filesystem::path> &path) {
        return path ? QFileInfo(QString::fromStdString(path->string())).absoluteFilePath()
                    : QString();
    };
    const auto file = [&text](const SideConfig &side) {
        return text(side.model ? side.model : side.dump);
    };
    const std::filesystem::path &session = m_context.controller.file();
    m_settings.addRecentSession({session.empty() ? QString() : text(session), file(config.baseline),
                                 file(config.candidate), text(config.inputs.file)});
    fillRecentMenu();
}

void MainWindow::updateTitle()
{
    const SessionController &controller = m_context.controller;
    const auto name = [](const SideConfig &side) {
        const auto &path = side.model ? side.model : side.dump;
        return path ? QString::fromStdString(path->filename().string()) : QString();
    };
    QString title = QStringLiteral("Syncpoint");
    if (!controller.file().empty()) {
        title = QStringLiteral("%1[*] – Syncpoint")
                    .arg(QString::fromStdString(controller.file().filename().string()));
    } else if (controller.result() && !hasCandidate(*controller.result())) {
        title = QStringLiteral("%1 – Syncpoint").arg(name(controller.config().baseline));
    } else if (controller.result()) {
        title = QStringLiteral("%1 → %2[*] – Syncpoint")
                    .arg(name(controller.config().baseline), name(controller.config().candidate));
    }
    setWindowTitle(title);
    setWindowModified(title.contains(QStringLiteral("[*]")) && controller.isModified());
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    m_context.controller.cancel(); // its runner waits for the job when it is destroyed
    m_settings.setGeometry(saveGeometry());
    event->accept();
}

} // namespace syncpoint
