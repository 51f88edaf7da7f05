// The part of MainWindow that deals with files: sessions, reports, dropped and recent files.
#include "compare/report/report_writer.h"
#include "compare/sweep/sweep_overview.h"
#include "ui/models/problem_model.h"
#include "ui/models/selection_state.h"
#include "ui/session/model_inspection.h"
#include "ui/session/session_controller.h"
#include "ui/settings/settings.h"
#include "ui/shell/bookmark_menu.h"
#include "ui/shell/example.h"
#include "ui/shell/main_window.h"
#include "ui/shell/start_page.h"
#include "ui/shell/viewer_docks.h"
#include "ui/widgets/path_field.h"

#include <QCoreApplication>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMenu>
#include <QMimeData>
#include <QProcess>
#include <QStatusBar>
#include <QUrl>
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace syncpoint {

namespace {

const QString kSessionFilter = QStringLiteral("Syncpoint sessions (*.syncpoint)");

struct ReportKind
{
    const char *suffix;
    const char *writer;
    const char *filter;
};
constexpr std::array kReportKinds{
    ReportKind{".html", "html", "HTML report (*.html)"},
    ReportKind{".md", "markdown", "Markdown (*.md)"},
    ReportKind{".csv", "csv", "Sync points as CSV (*.csv)"},
    ReportKind{".node_data.json", "node-data",
               "Model Explorer node data, candidate (*.node_data.json)"},
    ReportKind{".baseline_node_data.json", "baseline-node-data",
               "Model Explorer node data, baseline (*.baseline_node_data.json)"},
    ReportKind{".sync_navigation.json", "sync-navigation",
               "Model Explorer mapping (*.sync_navigation.json)"},
    ReportKind{".json", "json", "JSON (*.json)"},
    ReportKind{".xml", "junit", "JUnit XML (*.xml)"},
};

/// The kind whose suffix the name has; null when it has none.
const ReportKind *kindOfName(const std::string &name)
{
    const auto *kind =
        std::find_if(kReportKinds.begin(), kReportKinds.end(),
                     [&name](const ReportKind &k) { return name.ends_with(k.suffix); });
    return kind == kReportKinds.end() ? nullptr : kind;
}

/// The name as the kind of the chosen filter has it: "a" and, as several kinds are JSON, "a.json"
/// get the filter's suffix; "a.csv" says more than the filter.
std::string nameFor(const std::string &name, const QString &filter)
{
    const auto *chosen =
        std::find_if(kReportKinds.begin(), kReportKinds.end(),
                     [&filter](const ReportKind &k) { return filter == k.filter; });
    const ReportKind *named = kindOfName(name);
    if (chosen == kReportKinds.end() || named == chosen) {
        return name;
    }
    if (named == nullptr) {
        return name + chosen->suffix;
    }
    const bool isLessSpecific = std::string_view(chosen->suffix).ends_with(named->suffix);
    return isLessSpecific ? name.substr(0, name.size() - std::string_view(named->suffix).size()) +
                                chosen->suffix
                          : name;
}

bool isSessionFile(const QString &file)
{
    return file.endsWith(QStringLiteral(".syncpoint"), Qt::CaseInsensitive);
}

QStringList localFiles(const QMimeData &data)
{
    QStringList files;
    for (const QUrl &url : data.urls()) {
        if (url.isLocalFile()) {
            files.push_back(url.toLocalFile());
        }
    }
    return files;
}

} // namespace

void MainWindow::openSession(const std::filesystem::path &file)
{
    auto view = m_context.controller.open(file);
    if (!view) {
        showError(QString::fromStdString(view.error().message));
        return;
    }
    m_pendingView = *view;
    m_start->setConfig(m_context.controller.config());
    m_problems->clearErrors();
    m_context.controller.compare();
}

void MainWindow::saveSession(const std::filesystem::path &file)
{
    const auto saved = m_context.controller.save(file, viewState());
    if (!saved) {
        showError(QString::fromStdString(saved.error().message));
        return;
    }
    statusBar()->showMessage(QStringLiteral("Saved %1").arg(pathText(file)));
    remember();
    updateTitle();
}

QString MainWindow::viewState() const
{
    QJsonObject view = m_docks->saveState();
    view.insert(kBookmarkState, m_bookmarks->saveState());
    if (m_shown) {
        view.insert(kSelectionState, selectionState(*m_shown, m_context.selection));
    }
    return QString::fromUtf8(QJsonDocument(view).toJson(QJsonDocument::Compact));
}

void MainWindow::openFiles(const QStringList &files)
{
    if (files.size() == 1 && isSessionFile(files.front())) {
        openSession(toPath(files.front()));
        return;
    }
    if (files.size() == 1 && mayBeSweep(toPath(files.front()))) {
        openSweep(toPath(files.front()));
        return;
    }
    const auto result = m_context.controller.result();
    const bool isAlone = result && !hasCandidate(*result);
    const bool isSecond = isOnStartPage() ? m_start->hasBaseline() : isAlone;
    if (files.size() == 1 && !isSecond) {
        SessionConfig config;
        config.baseline.model = toPath(files.front());
        m_start->setConfig(config);
        compare(config);
        return;
    }
    showStartPage();
    m_start->setFiles(files);
}

void MainWindow::setConfig(const SessionConfig &config)
{
    m_start->setConfig(config);
}

void MainWindow::openExample()
{
    const auto folder = findExampleFolder();
    if (!folder) {
        showError(QStringLiteral("The example's files were not found beside the program."));
        return;
    }
    const SessionConfig config = exampleConfig(*folder);
    m_start->setConfig(config);
    compare(config);
}

void MainWindow::openSweep(const std::filesystem::path &file)
{
    m_problems->clearErrors();
    m_context.controller.openSweep(file);
}

void MainWindow::openRecent(const RecentSession &session)
{
    if (!session.session.isEmpty()) {
        openSession(toPath(session.session));
        return;
    }
    SessionConfig config;
    config.baseline.model = toPath(session.baseline);
    config.candidate.model = toPath(session.candidate);
    if (!session.inputs.isEmpty()) {
        config.inputs.file = toPath(session.inputs);
    }
    showStartPage();
    m_start->setConfig(config); // a dump is recognised there
}

void MainWindow::fillRecentMenu()
{
    m_recentMenu->clear();
    for (const RecentSession &session : m_settings.recentSessions()) {
        const QString text =
            session.session.isEmpty()
                ? QStringLiteral("%1 → %2").arg(QFileInfo(session.baseline).fileName(),
                                                QFileInfo(session.candidate).fileName())
                : QFileInfo(session.session).fileName();
        m_recentMenu->addAction(text, this, [this, session] { openRecent(session); });
    }
    m_recentMenu->setEnabled(!m_recentMenu->isEmpty());
}

/// A process of its own: a crash or a long job in one window leaves the others alone.
void MainWindow::openNewWindow()
{
    if (!QProcess::startDetached(QCoreApplication::applicationFilePath(), {})) {
        showError(QStringLiteral("Another window could not be started."));
    }
}

void MainWindow::askOpen()
{
    const QString file =
        QFileDialog::getOpenFileName(this, QStringLiteral("Open session"), {}, kSessionFilter);
    if (!file.isEmpty()) {
        openSession(toPath(file));
    }
}

void MainWindow::askOpenSweep()
{
    const QString file =
        QFileDialog::getOpenFileName(this, QStringLiteral("Open sweep"), {},
                                     QStringLiteral("Sweeps and möbius summaries (*.json)"));
    if (!file.isEmpty()) {
        openSweep(toPath(file));
    }
}

void MainWindow::askSave()
{
    QString file =
        QFileDialog::getSaveFileName(this, QStringLiteral("Save session"), {}, kSessionFilter);
    if (file.isEmpty()) {
        return;
    }
    if (!isSessionFile(file)) {
        file += QStringLiteral(".syncpoint");
    }
    saveSession(toPath(file));
}

void MainWindow::askReport()
{
    QStringList filters;
    for (const ReportKind &kind : kReportKinds) {
        filters.push_back(QString::fromLatin1(kind.filter));
    }
    QString filter;
    const QString file = QFileDialog::getSaveFileName(this, QStringLiteral("Export report"), {},
                                                      filters.join(QStringLiteral(";;")), &filter);
    if (!file.isEmpty()) {
        exportReport(nameFor(toPath(file).string(), filter));
    }
}

void MainWindow::exportReport(const std::filesystem::path &file)
{
    constexpr std::size_t kPictures = 5;
    std::filesystem::path target = file;
    const ReportKind *kind = kindOfName(file.filename().string());
    if (kind == nullptr) {
        kind = kReportKinds.data();
        target += kind->suffix;
    }
    m_exports.start<Result<void>>(
        [result = m_context.controller.result(), writer = std::string(kind->writer),
         target](const JobContext &) {
            return writeReport(writer, buildReport(result, {kPictures}), target);
        },
        [this, target](const Result<void> &written) {
            if (!written) {
                showError(QString::fromStdString(written.error().message));
                return;
            }
            statusBar()->showMessage(QStringLiteral("Wrote %1").arg(pathText(target)));
        });
    statusBar()->showMessage(QStringLiteral("Writing %1…").arg(pathText(target)));
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    const qsizetype count = localFiles(*event->mimeData()).size();
    if (count == 1 || count == 2) {
        event->acceptProposedAction();
    }
}

void MainWindow::dropEvent(QDropEvent *event)
{
    openFiles(localFiles(*event->mimeData()));
    event->acceptProposedAction();
}

} // namespace syncpoint
