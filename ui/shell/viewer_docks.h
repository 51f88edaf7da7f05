#pragma once
#include "ui/viewer/viewer.h"

#include <QList>
#include <QObject>
#include <memory>
#include <vector>

class QDockWidget;
class QMainWindow;
class QTabWidget;

namespace syncpoint {

/// Puts the panes into docks around a tabbed centre and keeps them up to date.
class ViewerDocks : public QObject
{
    Q_OBJECT
public:
    ViewerDocks(QMainWindow &window, QTabWidget &centre,
                std::vector<std::unique_ptr<Viewer>> viewers);
    ~ViewerDocks() override;

    /// Another pane of the shell itself, docked at the bottom.
    QDockWidget *addPanel(const QString &id, const QString &title, QWidget *panel);
    void setResult(const std::shared_ptr<const ComparisonResult> &result);
    void setVisible(bool visible); ///< hidden while the start page is shown
    void refresh();
    void focusNext(); ///< the next pane in reading order
    void show(const QString &id);
    bool isInFront(const QString &id) const; ///< of the tabs in the centre
    /// Gives the pane with the focus all of the window; once more brings the others back.
    void toggleAlone();
    void showCentreAlone();
    void endAlone();

    const std::vector<std::unique_ptr<Viewer>> &viewers() const { return m_viewers; }
    QList<QAction *> toggleActions() const;

    QJsonObject saveState() const; ///< of the panes themselves and the centre tab
    void restoreState(const QJsonObject &state);

private:
    QDockWidget *addDock(const QString &id, const QString &title, QWidget *content,
                         Qt::DockWidgetArea area);
    void updateTitles();
    void showAlone(QDockWidget *chosen); ///< null: the centre
    void arrange(); ///< the first layout: sizes and which tab is in front

    QMainWindow &m_window;
    QTabWidget &m_centre;
    std::vector<std::unique_ptr<Viewer>> m_viewers;
    QList<QDockWidget *> m_docks;
    QList<QDockWidget *> m_closed; ///< closed by the user, not by the start page
    QByteArray m_layout; ///< while one pane has all of the window: what was before; else empty
    bool m_isVisible = true;
    bool m_isArranged = false;
};

} // namespace syncpoint
