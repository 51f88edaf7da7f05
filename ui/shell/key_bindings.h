#pragma once
#include <QHash>
#include <QKeySequence>
#include <QList>
#include <QString>

class QAction;

namespace syncpoint {

class Settings;

/// The user's own keys on top of the built-in ones. The settings keep only what was changed.
class KeyBindings
{
public:
    /// Remembers the built-in keys of the actions and puts the user's in force.
    KeyBindings(const QList<QAction *> &actions, Settings &settings);

    const QList<QAction *> &actions() const { return m_actions; }
    /// The action that a key runs already; null when it is free. Two panes may share a key: each
    /// hears it only while it has the focus.
    QAction *owner(const QKeySequence &key, const QAction *besides) const;
    /// An empty sequence leaves the action without a key. Takes the key from its owner.
    void bind(QAction *action, const QKeySequence &key);
    void reset(QAction *action);
    void resetAll();
    bool isChanged(const QAction *action) const;

private:
    void store(QAction *action);

    QList<QAction *> m_actions;
    Settings &m_settings;
    QHash<QString, QList<QKeySequence>> m_builtIn; ///< by object name
};

} // namespace syncpoint
