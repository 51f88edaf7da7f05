#pragma once
#include "ui/session/job_runner.h"
#include "ui/viewer/viewer.h"

#include <QMainWindow>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

class QMenu;
class QStackedWidget;

namespace syncpoint {

/// Members of a session's view state besides those of the panes.
inline constexpr QLatin1String kSelectionState{"selection"};
inline constexpr QLatin1String kBookmarkState{"bookmarks"};

class BookmarkMenu;
class KeyBindings;
class ProblemModel;
class Settings;
class StartPage;
class VerdictBar;
class ViewerDocks;
struct RecentSession;

using ViewerFactory =
    std::function<std::vector<std::unique_ptr<Viewer>>(const ViewerContext &context)>;

/// The window: the start page first, then the panes around the verdict. Everything it is given must
/// outlive it.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    MainWindow(const ViewerContext &context, Settings &settings, const ViewerFactory &viewers,
               QWidget *parent = nullptr);
    ~MainWindow() override;

    void compare(const SessionConfig &config);
    void openSession(const std::filesystem::path &file);
    void saveSession(const std::filesystem::path &file);
    /// In the background; the writer follows the file's extension.
    void exportReport(const std::filesystem::path &file);
    /// A session is opened, one model is shown alone; a second one and pairs fill the start page.
    void openFiles(const QStringList &files);
    void setConfig(const SessionConfig &config); ///< fills the start page
    void openExample();
    void openSweep(const std::filesystem::path &file); ///< in the background

    const ProblemModel &problems() const { return *m_problems; }
    QList<QAction *> allActions() const;
    bool isOnStartPage() const;

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void makeCentre(const ViewerFactory &viewers);
    void makeActions();
    void makeFileMenu();
    void makeEditMenu();
    void makeViewMenu();
    void makeGoMenu();
    void makeRunMenu();
    void makeHelpMenu();
    QAction *addAction(QMenu &menu, const QString &id, const QString &text,
                       const QList<QKeySequence> &keys, const std::function<void()> &run,
                       const QString &icon = {});
    void connectController();
    void showResult();
    void showSweep();
    void showStartPage();
    void showWorkspace();
    void showError(const QString &sentence);
    void showProblem(const Diagnostic &diagnostic);
    void updateTitle();
    void updateActions();
    void fillRecentMenu();
    void openRecent(const RecentSession &session);
    void remember();
    void swapSides();
    void goToSuspect(int step);
    void restoreSelection(const QJsonObject &state);
    void selectFirst();
    void openNewWindow();
    void askOpen();
    void askOpenSweep();
    void askSave();
    void askReport();
    QString viewState() const;

    ViewerContext m_context;
    Settings &m_settings;
    ProblemModel *m_problems;
    QStackedWidget *m_pages;
    StartPage *m_start;
    QWidget *m_workspace;
    VerdictBar *m_verdict;
    QMenu *m_recentMenu = nullptr;
    QMenu *m_panesMenu = nullptr;
    BookmarkMenu *m_bookmarks = nullptr;
    QList<QAction *> m_actions;
    QString m_pendingView;                           ///< of a session that is still being compared
    std::shared_ptr<const ComparisonResult> m_shown; ///< what the panes show
    JobRunner m_exports;
    std::unique_ptr<ViewerDocks> m_docks;
    std::unique_ptr<KeyBindings> m_keys;
};

} // namespace syncpoint
