#include "ui/shell/key_bindings.h"

#include "ui/settings/settings.h"

#include <QAction>

namespace syncpoint {

KeyBindings::KeyBindings(const QList<QAction *> &actions, Settings &settings)
    : m_actions(actions), m_settings(settings)
{
    for (QAction *action : actions) {
        m_builtIn.insert(action->objectName(), action->shortcuts());
        if (const auto keys = settings.keys(action->objectName())) {
            action->setShortcuts(*keys);
        }
    }
}

QAction *KeyBindings::owner(const QKeySequence &key, const QAction *besides) const
{
    const auto isLocal = [](const QAction *action) {
        return action->shortcutContext() == Qt::WidgetWithChildrenShortcut;
    };
    const auto groupOf = [](const QAction *action) {
        return action->objectName().section(QLatin1Char('.'), 0, 0);
    };
    for (QAction *action : m_actions) {
        const bool meet =
            !isLocal(action) || !isLocal(besides) || groupOf(action) == groupOf(besides);
        if (action != besides && meet && action->shortcuts().contains(key)) {
            return action;
        }
    }
    return nullptr;
}

void KeyBindings::bind(QAction *action, const QKeySequence &key)
{
    if (!key.isEmpty()) {
        while (QAction *other = owner(key, action)) {
            QList<QKeySequence> left = other->shortcuts();
            left.removeAll(key);
            other->setShortcuts(left);
            store(other);
        }
    }
    action->setShortcuts(key.isEmpty() ? QList<QKeySequence>() : QList<QKeySequence>{key});
    store(action);
}

void KeyBindings::reset(QAction *action)
{
    action->setShortcuts(m_builtIn.value(action->objectName()));
    store(action);
}

void KeyBindings::resetAll()
{
    for (QAction *action : m_actions) {
        reset(action);
    }
}

bool KeyBindings::isChanged(const QAction *action) const
{
    return action->shortcuts() != m_builtIn.value(action->objectName());
}

void KeyBindings::store(QAction *action)
{
    m_settings.setKeys(action->objectName(),
                       isChanged(action) ? std::optional(action->shortcuts()) : std::nullopt);
}

} // namespace syncpoint
