#pragma once
#include "compare/session/comparison_result.h"

#include <QJsonObject>
#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>
#include <memory>

class QAction;
class QWidget;

namespace syncpoint {

class Selection;
class SessionController;
class Theme;

/// What a viewer may use; outlives every viewer. Viewers never know one another.
struct ViewerContext
{
    Selection &selection;
    SessionController &controller;
    Theme &theme;
};

/// Where the shell docks a viewer at first; users may move it.
enum class ViewerArea { Left, Centre, Right, Bottom };

/// One pane of the window. Made by a line in viewers/viewer_list.cpp.
class Viewer : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    virtual QString id() const = 0;    ///< stable key for settings and session files: "graph"
    virtual QString title() const = 0; ///< shown on the tab
    virtual ViewerArea area() const = 0;
    virtual QWidget *widget() = 0; ///< owned by the viewer until the shell reparents it

    /// A finished comparison, or null when there is none (then show the empty state: what would be
    /// here and how to get it). Called on the UI thread; must return quickly, work goes to a
    /// JobRunner.
    virtual void setResult(std::shared_ptr<const ComparisonResult> result) = 0;
    /// Selection or theme changed while hidden: bring the pane up to date.
    virtual void refresh() = 0;
    virtual QJsonObject saveState() const = 0;
    virtual void restoreState(const QJsonObject &state) = 0;
    /// Actions for the menu, the command palette and rebindable shortcuts; objectName is the stable
    /// key.
    virtual QList<QAction *> actions() { return {}; }
};

} // namespace syncpoint
