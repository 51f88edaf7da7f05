#include "ui/shell/action_texts.h"

#include <QAction>
#include <QKeySequence>
#include <QStringList>
#include <QVariant>

namespace syncpoint {

namespace {
constexpr const char *kGroupProperty = "syncpoint.group";
} // namespace

QString plainText(const QAction &action)
{
    QString text = action.text();
    text.remove(QLatin1Char('&'));
    text.remove(QStringLiteral("…"));
    return text;
}

QString qualifiedText(const QAction &action)
{
    const QString group = groupOf(action);
    return group.isEmpty() ? plainText(action) : group + QStringLiteral(" › ") + plainText(action);
}

QString shortcutText(const QAction &action)
{
    QStringList keys;
    for (const QKeySequence &sequence : action.shortcuts()) {
        keys.push_back(sequence.toString(QKeySequence::NativeText));
    }
    return keys.join(QStringLiteral(", "));
}

void setGroup(QAction &action, const QString &group)
{
    action.setProperty(kGroupProperty, group);
}

QString groupOf(const QAction &action)
{
    return action.property(kGroupProperty).toString();
}

} // namespace syncpoint
