// The part of MainWindow that makes menus and the actions behind them.
#include "ui/models/result_index.h"
#include "ui/pairing/edit_menu.h"
#include "ui/session/model_inspection.h"
#include "ui/session/selection.h"
#include "ui/session/session_controller.h"
#include "ui/settings/settings.h"
#include "ui/shell/action_texts.h"
#include "ui/shell/bookmark_menu.h"
#include "ui/shell/command_palette.h"
#include "ui/shell/key_bindings.h"
#include "ui/shell/main_window.h"
#include "ui/shell/settings_dialog.h"
#include "ui/shell/shortcut_list.h"
#include "ui/shell/start_page.h"
#include "ui/shell/viewer_docks.h"

#include <QAction>
#include <QMenu>
#include <QMenuBar>
#include <algorithm>

namespace syncpoint {

QAction *MainWindow::addAction(QMenu &menu, const QString &id, const QString &text,
                               const QList<QKeySequence> &keys, const std::function<void()> &run,
                               const QString &icon)
{
    auto *action = new QAction(text, this);
    action->setObjectName(id);
    action->setShortcuts(keys);
    setGroup(*action, menu.title().remove(QLatin1Char('&')));
    if (!icon.isEmpty()) {
        action->setIcon(m_context.theme.icon(icon));
        connect(&m_context.theme, &Theme::changed, action,
                [action, icon, this] { action->setIcon(m_context.theme.icon(icon)); });
    }
    connect(action, &QAction::triggered, this, run);
    menu.addAction(action);
    m_actions.push_back(action);
    return action;
}

void MainWindow::makeActions()
{
    makeFileMenu();
    makeEditMenu();
    makeViewMenu();
    makeGoMenu();
    makeRunMenu();
    makeHelpMenu();
    for (const auto &viewer : m_docks->viewers()) {
        const QList<QAction *> actions = viewer->actions();
        if (actions.isEmpty()) {
            continue;
        }
        QMenu *menu = m_panesMenu->addMenu(viewer->title());
        for (QAction *action : actions) {
            setGroup(*action, viewer->title());
            menu->addAction(action);
            m_actions.push_back(action);
        }
    }
    m_keys = std::make_unique<KeyBindings>(m_actions, m_settings);
    updateActions();
}

void MainWindow::makeFileMenu()
{
    QMenu &menu = *menuBar()->addMenu(QStringLiteral("&File"));
    addAction(
        menu, QStringLiteral("file.new"), QStringLiteral("&New comparison"), {QKeySequence::New},
        [this] { showStartPage(); }, QStringLiteral("file"));
    addAction(menu, QStringLiteral("file.newWindow"), QStringLiteral("New &window"),
              {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N)}, [this] { openNewWindow(); });
    addAction(
        menu, QStringLiteral("file.open"), QStringLiteral("&Open session…"), {QKeySequence::Open},
        [this] { askOpen(); }, QStringLiteral("open"));
    addAction(menu, QStringLiteral("file.openSweep"), QStringLiteral("Open s&weep…"), {},
              [this] { askOpenSweep(); });
    m_recentMenu = menu.addMenu(QStringLiteral("Open &recent"));
    fillRecentMenu();
    addAction(
        menu, QStringLiteral("file.example"), QStringLiteral("Open the e&xample"), {},
        [this] { openExample(); }, QStringLiteral("example"));
    menu.addSeparator();
    addAction(
        menu, QStringLiteral("file.save"), QStringLiteral("&Save session"), {QKeySequence::Save},
        [this] {
            const std::filesystem::path file = m_context.controller.file();
            file.empty() ? askSave() : saveSession(file);
        },
        QStringLiteral("save"));
    addAction(menu, QStringLiteral("file.saveAs"), QStringLiteral("Save session &as…"),
              {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S)}, [this] { askSave(); });
    addAction(
        menu, QStringLiteral("file.report"), QStringLiteral("&Export report…"),
        {QKeySequence(Qt::CTRL | Qt::Key_E)}, [this] { askReport(); }, QStringLiteral("report"));
    menu.addSeparator();
    addAction(
        menu, QStringLiteral("file.settings"), QStringLiteral("Se&ttings…"),
        {QKeySequence(Qt::CTRL | Qt::Key_Comma)},
        [this] { (new SettingsDialog(m_settings, m_context.theme, this))->show(); },
        QStringLiteral("settings"));
    addAction(menu, QStringLiteral("file.quit"), QStringLiteral("&Quit"),
              {QKeySequence(Qt::CTRL | Qt::Key_Q)}, [this] { close(); });
}

void MainWindow::makeEditMenu()
{
    auto *menu = new EditMenu(m_context, this);
    menuBar()->addMenu(menu);
    connect(menu, &EditMenu::failed, this, &MainWindow::showError);
    for (QAction *action : menu->keyActions()) {
        setGroup(*action, QStringLiteral("Edit"));
        m_actions.push_back(action);
    }
}

void MainWindow::makeViewMenu()
{
    QMenu &menu = *menuBar()->addMenu(QStringLiteral("&View"));
    for (QAction *toggle : m_docks->toggleActions()) {
        setGroup(*toggle, QStringLiteral("View"));
        menu.addAction(toggle);
        m_actions.push_back(toggle);
    }
    QMenu &panes = *menu.addMenu(QStringLiteral("&Go to pane"));
    for (const auto &viewer : m_docks->viewers()) {
        addAction(panes, QStringLiteral("view.show.") + viewer->id(),
                  QStringLiteral("Show %1").arg(viewer->title().toLower()), {},
                  [this, id = viewer->id()] { m_docks->show(id); });
    }
    menu.addSeparator();
    addAction(menu, QStringLiteral("view.nextPane"), QStringLiteral("Next &pane"),
              {QKeySequence(Qt::Key_F6)}, [this] { m_docks->focusNext(); });
    addAction(menu, QStringLiteral("view.alone"), QStringLiteral("Show this pane &alone, or all"),
              {QKeySequence(Qt::Key_F11)}, [this] { m_docks->toggleAlone(); });
    addAction(
        menu, QStringLiteral("view.theme"), QStringLiteral("Switch light and &dark"),
        {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D)},
        [this] {
            const bool isDark = m_context.theme.mode() == Theme::Mode::Dark;
            m_settings.setThemeMode(isDark ? Theme::Mode::Light : Theme::Mode::Dark);
            m_context.theme.setMode(m_settings.themeMode());
        },
        QStringLiteral("theme"));
    m_panesMenu = menuBar()->addMenu(QStringLiteral("&Panes"));
}

void MainWindow::makeGoMenu()
{
    QMenu &menu = *menuBar()->addMenu(QStringLiteral("&Go"));
    addAction(
        menu, QStringLiteral("go.back"), QStringLiteral("&Back"),
        {QKeySequence(Qt::ALT | Qt::Key_Left)}, [this] { m_context.selection.back(); },
        QStringLiteral("back"));
    addAction(
        menu, QStringLiteral("go.forward"), QStringLiteral("&Forward"),
        {QKeySequence(Qt::ALT | Qt::Key_Right)}, [this] { m_context.selection.forward(); },
        QStringLiteral("forward"));
    menu.addSeparator();
    addAction(menu, QStringLiteral("go.nextDivergence"), QStringLiteral("&Next divergence"),
              {QKeySequence(Qt::ALT | Qt::Key_Down), QKeySequence(Qt::Key_F8)},
              [this] { goToSuspect(1); });
    addAction(menu, QStringLiteral("go.previousDivergence"), QStringLiteral("&Previous divergence"),
              {QKeySequence(Qt::ALT | Qt::Key_Up), QKeySequence(Qt::SHIFT | Qt::Key_F8)},
              [this] { goToSuspect(-1); });
    m_bookmarks = new BookmarkMenu(m_context, this);
    menu.addSeparator();
    menu.addMenu(m_bookmarks);
    for (QAction *action : m_bookmarks->keyActions()) {
        setGroup(*action, QStringLiteral("Go"));
        m_actions.push_back(action);
    }
}

void MainWindow::makeRunMenu()
{
    QMenu &menu = *menuBar()->addMenu(QStringLiteral("&Run"));
    addAction(
        menu, QStringLiteral("run.compare"), QStringLiteral("&Compare"), {QKeySequence(Qt::Key_F5)},
        [this] { isOnStartPage() ? m_start->request() : compare(m_context.controller.config()); },
        QStringLiteral("play"));
    addAction(
        menu, QStringLiteral("run.stop"), QStringLiteral("&Stop"),
        {QKeySequence(Qt::SHIFT | Qt::Key_F5)}, [this] { m_context.controller.cancel(); },
        QStringLiteral("stop"));
    addAction(
        menu, QStringLiteral("run.swap"), QStringLiteral("S&wap baseline and candidate"), {},
        [this] { swapSides(); }, QStringLiteral("swap"));
}

void MainWindow::makeHelpMenu()
{
    QMenu &menu = *menuBar()->addMenu(QStringLiteral("&Help"));
    addAction(
        menu, QStringLiteral("help.palette"), QStringLiteral("&Command palette"),
        {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P)},
        [this] { (new CommandPalette(allActions(), this))->show(); }, QStringLiteral("search"));
    addAction(
        menu, QStringLiteral("help.keys"), QStringLiteral("All &keys"),
        {QKeySequence(Qt::Key_Question)},
        [this] { (new ShortcutList(*m_keys, m_context.theme, this))->show(); },
        QStringLiteral("keyboard"));
}

QList<QAction *> MainWindow::allActions() const
{
    return m_actions;
}

void MainWindow::updateActions()
{
    const auto result = m_context.controller.result();
    const bool hasResult = result && hasCandidate(*result);
    const bool isBusy = m_context.controller.jobs().isRunning();
    const bool hasSuspects = hasResult && !result->divergence.suspects.empty();
    const auto enable = [this](const char *id, bool isEnabled) {
        if (auto *action = findChild<QAction *>(QLatin1String(id))) {
            action->setEnabled(isEnabled);
        }
    };
    enable("file.save", hasResult);
    enable("file.saveAs", hasResult);
    enable("file.report", hasResult);
    enable("go.back", m_context.selection.canGoBack());
    enable("go.forward", m_context.selection.canGoForward());
    enable("go.nextDivergence", hasSuspects);
    enable("go.previousDivergence", hasSuspects);
    enable("run.stop", isBusy);
    enable("run.swap", hasResult && !isBusy);
}

void MainWindow::swapSides()
{
    SessionConfig config = m_context.controller.config();
    std::swap(config.baseline, config.candidate);
    for (auto &[baseline, candidate] : config.map.pairs) {
        std::swap(baseline, candidate);
    }
    for (auto &[baseline, candidate] : config.map.forbidden) {
        std::swap(baseline, candidate);
    }
    m_start->setConfig(config);
    compare(config);
}

void MainWindow::goToSuspect(int step)
{
    const auto result = m_context.controller.result();
    const auto &suspects = result->divergence.suspects;
    const SyncPointId current = m_context.selection.current().point;
    const auto found =
        std::find_if(suspects.begin(), suspects.end(),
                     [current](const Divergence::Suspect &s) { return s.point == current; });
    const auto count = static_cast<std::ptrdiff_t>(suspects.size());
    std::ptrdiff_t place = step > 0 ? 0 : count - 1;
    if (found != suspects.end()) {
        place = (found - suspects.begin() + step + count) % count;
    }
    m_context.selection.select(
        itemForPoint(*result, suspects[static_cast<std::size_t>(place)].point), this);
}

} // namespace syncpoint
