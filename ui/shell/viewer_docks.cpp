#include "ui/shell/viewer_docks.h"

#include <QAction>
#include <QApplication>
#include <QDockWidget>
#include <QMainWindow>
#include <QTabWidget>
#include <algorithm>

namespace syncpoint {

namespace {

constexpr int kLeftWidth = 492;
constexpr int kRightWidth = 340;
constexpr double kBottomShare = 0.38; ///< of the window's height

Qt::DockWidgetArea dockArea(ViewerArea area)
{
    switch (area) {
    case ViewerArea::Left:
        return Qt::LeftDockWidgetArea;
    case ViewerArea::Right:
        return Qt::RightDockWidgetArea;
    default:
        return Qt::BottomDockWidgetArea;
    }
}

} // namespace

ViewerDocks::ViewerDocks(QMainWindow &window, QTabWidget &centre,
                         std::vector<std::unique_ptr<Viewer>> viewers)
    : m_window(window), m_centre(centre), m_viewers(std::move(viewers))
{
    m_window.setDockNestingEnabled(true);
    m_window.setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    m_window.setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    m_window.setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    m_centre.setDocumentMode(true);
    for (const auto &viewer : m_viewers) {
        Viewer *pane = viewer.get();
        pane->widget()->setAccessibleName(pane->title());
        if (pane->area() == ViewerArea::Centre) {
            m_centre.addTab(pane->widget(), pane->title());
            continue;
        }
        QDockWidget *dock =
            addDock(pane->id(), pane->title(), pane->widget(), dockArea(pane->area()));
        connect(dock, &QDockWidget::visibilityChanged, pane, [pane](bool isVisible) {
            if (isVisible) {
                pane->refresh();
            }
        });
    }
    connect(&m_centre, &QTabWidget::currentChanged, this, [this] {
        for (const auto &viewer : m_viewers) {
            if (viewer->widget() == m_centre.currentWidget()) {
                viewer->refresh();
            }
        }
    });
}

// Viewers take their widgets with them, which changes tabs and docks: nobody may hear of it while
// half of the viewers are gone.
ViewerDocks::~ViewerDocks()
{
    disconnect(&m_centre, nullptr, this, nullptr);
    for (const QDockWidget *dock : m_docks) {
        disconnect(dock, &QDockWidget::visibilityChanged, nullptr, nullptr);
        disconnect(dock, nullptr, this, nullptr);
    }
}

QDockWidget *ViewerDocks::addPanel(const QString &id, const QString &title, QWidget *panel)
{
    return addDock(id, title, panel, Qt::BottomDockWidgetArea);
}

QDockWidget *ViewerDocks::addDock(const QString &id, const QString &title, QWidget *content,
                                  Qt::DockWidgetArea area)
{
    auto *dock = new QDockWidget(title, &m_window);
    dock->setObjectName(id + QStringLiteral("Dock"));
    dock->setWidget(content);
    m_window.addDockWidget(area, dock);
    for (QDockWidget *other : m_docks) {
        if (m_window.dockWidgetArea(other) == area) {
            m_window.tabifyDockWidget(other, dock);
            break;
        }
    }
    m_docks.push_back(dock);
    connect(dock, &QDockWidget::topLevelChanged, this, &ViewerDocks::updateTitles);
    connect(dock, &QDockWidget::dockLocationChanged, this, &ViewerDocks::updateTitles);
    connect(dock, &QDockWidget::visibilityChanged, this, &ViewerDocks::updateTitles);
    dock->toggleViewAction()->setObjectName(id + QStringLiteral(".toggle"));
    return dock;
}

// A tab already says the title, so only a pane that stands alone gets a title bar of its own.
void ViewerDocks::updateTitles()
{
    for (QDockWidget *dock : m_docks) {
        const bool isTab = !dock->isFloating() && !m_window.tabifiedDockWidgets(dock).isEmpty();
        const bool hasEmptyTitle = dock->titleBarWidget() != nullptr;
        if (isTab && !hasEmptyTitle) {
            dock->setTitleBarWidget(new QWidget(dock));
        } else if (!isTab && hasEmptyTitle) {
            QWidget *empty = dock->titleBarWidget();
            dock->setTitleBarWidget(nullptr);
            empty->deleteLater();
        }
    }
}

void ViewerDocks::setResult(const std::shared_ptr<const ComparisonResult> &result)
{
    for (const auto &viewer : m_viewers) {
        viewer->setResult(result);
    }
}

void ViewerDocks::setVisible(bool visible)
{
    if (visible == m_isVisible) {
        return;
    }
    endAlone();
    m_isVisible = visible;
    if (!visible) {
        m_closed.clear();
    }
    for (QDockWidget *dock : m_docks) {
        if (!visible && dock->isHidden()) {
            m_closed.push_back(dock);
        }
        dock->setVisible(visible && !m_closed.contains(dock));
        dock->toggleViewAction()->setEnabled(visible);
    }
    updateTitles();
    if (visible && !m_isArranged) { // sizes of hidden docks would not stick
        m_isArranged = true;
        arrange();
    }
}

void ViewerDocks::refresh()
{
    for (const auto &viewer : m_viewers) {
        viewer->refresh();
    }
}

void ViewerDocks::focusNext()
{
    QList<QWidget *> panes;
    for (QDockWidget *dock : m_docks) {
        if (dock->isVisible() && !dock->visibleRegion().isEmpty()) {
            panes.push_back(dock->widget());
        }
    }
    if (m_centre.currentWidget() != nullptr) {
        panes.insert(std::min<qsizetype>(1, panes.size()), m_centre.currentWidget());
    }
    if (panes.isEmpty()) {
        return;
    }
    qsizetype current = -1;
    for (qsizetype i = 0; i < panes.size(); ++i) {
        if (panes[i]->isAncestorOf(QApplication::focusWidget()) ||
            panes[i] == QApplication::focusWidget()) {
            current = i;
        }
    }
    QWidget *next = panes[(current + 1) % panes.size()];
    next->setFocus(Qt::TabFocusReason);
    if (next->focusPolicy() == Qt::NoFocus && next->focusProxy() == nullptr) {
        for (QWidget *child : next->findChildren<QWidget *>()) {
            if (child->isVisible() && (child->focusPolicy() & Qt::TabFocus) != 0) {
                child->setFocus(Qt::TabFocusReason);
                break;
            }
        }
    }
}

void ViewerDocks::show(const QString &id)
{
    for (QDockWidget *dock : m_docks) {
        if (dock->objectName() == id + QStringLiteral("Dock")) {
            dock->show();
            dock->raise();
            dock->widget()->setFocus(Qt::OtherFocusReason);
        }
    }
    for (const auto &viewer : m_viewers) {
        if (viewer->id() == id && viewer->area() == ViewerArea::Centre) {
            m_centre.setCurrentWidget(viewer->widget());
            viewer->widget()->setFocus(Qt::OtherFocusReason);
        }
    }
}

bool ViewerDocks::isInFront(const QString &id) const
{
    return std::any_of(m_viewers.begin(), m_viewers.end(), [&](const auto &viewer) {
        return viewer->id() == id && viewer->widget() == m_centre.currentWidget();
    });
}

void ViewerDocks::endAlone()
{
    if (!m_layout.isEmpty()) {
        m_centre.show();
        m_window.restoreState(m_layout);
        m_layout.clear();
        updateTitles();
    }
}

void ViewerDocks::toggleAlone()
{
    if (!m_layout.isEmpty()) {
        return endAlone();
    }
    const QWidget *focus = QApplication::focusWidget();
    const auto hasFocus = [focus](const QWidget &pane) {
        return focus != nullptr && (&pane == focus || pane.isAncestorOf(focus));
    };
    const auto chosen = std::find_if(m_docks.begin(), m_docks.end(),
                                     [&](const QDockWidget *dock) { return hasFocus(*dock); });
    const bool isCentre = hasFocus(m_centre);
    if (chosen != m_docks.end() || isCentre) {
        showAlone(isCentre ? nullptr : *chosen);
    }
}

void ViewerDocks::showCentreAlone()
{
    if (m_layout.isEmpty()) {
        showAlone(nullptr);
    }
}

void ViewerDocks::showAlone(QDockWidget *chosen)
{
    m_layout = m_window.saveState();
    m_centre.setVisible(chosen == nullptr);
    for (QDockWidget *dock : m_docks) {
        dock->setVisible(dock == chosen);
    }
    if (chosen != nullptr) { // what stands above the centre would take its room
        const bool isBottom = m_window.dockWidgetArea(chosen) == Qt::BottomDockWidgetArea;
        m_window.resizeDocks({chosen}, {isBottom ? m_window.height() : m_window.width()},
                             isBottom ? Qt::Vertical : Qt::Horizontal);
    }
    updateTitles();
}

QList<QAction *> ViewerDocks::toggleActions() const
{
    QList<QAction *> actions;
    for (QDockWidget *dock : m_docks) {
        actions.push_back(dock->toggleViewAction());
    }
    return actions;
}

QJsonObject ViewerDocks::saveState() const
{
    QJsonObject panes;
    for (const auto &viewer : m_viewers) {
        panes.insert(viewer->id(), viewer->saveState());
    }
    return {
        {QStringLiteral("panes"), panes},
        {QStringLiteral("centre"), m_centre.currentIndex()},
        {QStringLiteral("docks"),
         QString::fromLatin1((m_layout.isEmpty() ? m_window.saveState() : m_layout).toBase64())}};
}

void ViewerDocks::restoreState(const QJsonObject &state)
{
    const QJsonObject panes = state.value(QStringLiteral("panes")).toObject();
    for (const auto &viewer : m_viewers) {
        if (panes.contains(viewer->id())) {
            viewer->restoreState(panes.value(viewer->id()).toObject());
        }
    }
    m_centre.setCurrentIndex(state.value(QStringLiteral("centre")).toInt());
    const QByteArray docks =
        QByteArray::fromBase64(state.value(QStringLiteral("docks")).toString().toLatin1());
    if (!docks.isEmpty()) {
        endAlone();
        m_window.restoreState(docks);
        updateTitles();
    }
}

void ViewerDocks::arrange()
{
    QList<QDockWidget *> left, right, bottom;
    for (QDockWidget *dock : m_docks) {
        const Qt::DockWidgetArea area = m_window.dockWidgetArea(dock);
        (area == Qt::LeftDockWidgetArea    ? left
         : area == Qt::RightDockWidgetArea ? right
                                           : bottom)
            .push_back(dock);
    }
    for (const auto &docks : {left, right, bottom}) {
        if (!docks.isEmpty()) {
            docks.front()->raise();
        }
    }
    if (!left.isEmpty() && !right.isEmpty()) { // at once, or the second takes from the first
        m_window.resizeDocks({left.front(), right.front()}, {kLeftWidth, kRightWidth},
                             Qt::Horizontal);
    }
    if (!bottom.isEmpty()) {
        m_window.resizeDocks({bottom.front()}, {static_cast<int>(m_window.height() * kBottomShare)},
                             Qt::Vertical);
    }
    updateTitles();
}

} // namespace syncpoint
