#pragma once
#include <QList>
#include <QString>

class QAction;

namespace syncpoint {

/// The action's text as people read it: no mnemonics, no dots.
QString plainText(const QAction &action);
/// Its menu path and text: "File › Open session".
QString qualifiedText(const QAction &action);
/// Its shortcuts in the platform's spelling: "Alt+Down, F8".
QString shortcutText(const QAction &action);
/// Marks the menu an action is listed under in the palette and the shortcut list.
void setGroup(QAction &action, const QString &group);
QString groupOf(const QAction &action);

} // namespace syncpoint
