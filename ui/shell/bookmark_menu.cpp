#include "ui/shell/bookmark_menu.h"

#include "ui/models/selection_state.h"
#include "ui/session/session_controller.h"

#include <QAction>

namespace syncpoint {

namespace {

/// What of a saved selection people recognise.
QString nameOf(const QJsonObject &state)
{
    const QString value = state.value(QStringLiteral("value")).toString();
    return value.isEmpty() ? state.value(QStringLiteral("module")).toString() : value;
}

} // namespace

BookmarkMenu::BookmarkMenu(const ViewerContext &context, QWidget *parent)
    : QMenu(QStringLiteral("Book&marks"), parent), m_context(context)
{
    for (int i = 0; i < kPlaces; ++i) {
        QAction *go = addAction(QString(), this, [this, i] { this->go(i + 1); });
        go->setObjectName(QStringLiteral("bookmark.go%1").arg(i + 1));
        go->setShortcut(QKeySequence(Qt::Key_1 + i));
        m_goActions[static_cast<std::size_t>(i)] = go;
        m_actions.push_back(go);
    }
    addSeparator();
    for (int i = 0; i < kPlaces; ++i) {
        QAction *set = addAction(QStringLiteral("Set bookmark %1").arg(i + 1), this,
                                 [this, i] { this->set(i + 1); });
        set->setObjectName(QStringLiteral("bookmark.set%1").arg(i + 1));
        set->setShortcut(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + i)));
        m_actions.push_back(set);
    }
    showNames();
}

void BookmarkMenu::set(int place)
{
    const auto result = m_context.controller.result();
    if (result && m_context.selection.current() != Selection::Item{}) {
        m_places[static_cast<std::size_t>(place - 1)] =
            selectionState(*result, m_context.selection);
        showNames();
    }
}

void BookmarkMenu::go(int place)
{
    const auto result = m_context.controller.result();
    const QJsonObject &state = m_places[static_cast<std::size_t>(place - 1)];
    if (!result || state.isEmpty()) {
        return;
    }
    const Selection::Item item = selectionFromState(*result, state);
    if (item != Selection::Item{}) {
        m_context.selection.select(item, this);
        m_context.selection.setSample(sampleFromState(*result, state), this);
    }
}

void BookmarkMenu::showNames()
{
    for (int i = 0; i < kPlaces; ++i) {
        const QJsonObject &state = m_places[static_cast<std::size_t>(i)];
        QAction *go = m_goActions[static_cast<std::size_t>(i)];
        QString name = nameOf(state);
        go->setText(state.isEmpty() ? QStringLiteral("Bookmark %1 (empty)").arg(i + 1)
                                    : QStringLiteral("Bookmark %1: %2")
                                          .arg(i + 1)
                                          .arg(name.replace(u'&', QStringLiteral("&&"))));
        go->setEnabled(!state.isEmpty());
    }
}

QJsonObject BookmarkMenu::saveState() const
{
    QJsonObject state;
    for (std::size_t i = 0; i < m_places.size(); ++i) {
        if (!m_places[i].isEmpty()) {
            state.insert(QString::number(i + 1), m_places[i]);
        }
    }
    return state;
}

void BookmarkMenu::restoreState(const QJsonObject &state)
{
    for (std::size_t i = 0; i < m_places.size(); ++i) {
        m_places[i] = state.value(QString::number(i + 1)).toObject();
    }
    showNames();
}

} // namespace syncpoint
