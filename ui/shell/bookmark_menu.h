#pragma once
#include "ui/viewer/viewer.h"

#include <QJsonObject>
#include <QMenu>
#include <array>

namespace syncpoint {

/// Nine places to come back to, kept by name: ids change when a model is exported again.
class BookmarkMenu : public QMenu
{
    Q_OBJECT
public:
    static constexpr int kPlaces = 9;
    BookmarkMenu(const ViewerContext &context, QWidget *parent);

    const QList<QAction *> &keyActions() const { return m_actions; }
    void set(int place); ///< 1 … 9: the current selection
    void go(int place);
    QJsonObject saveState() const;
    void restoreState(const QJsonObject &state);

private:
    void showNames();

    ViewerContext m_context;
    std::array<QJsonObject, kPlaces> m_places;
    std::array<QAction *, kPlaces> m_goActions{};
    QList<QAction *> m_actions;
};

} // namespace syncpoint
