#pragma once
#include <QDialog>
#include <QList>

class QAction;

namespace syncpoint {

class Theme;

/// All actions with their keys, searchable.
class ShortcutList : public QDialog
{
    Q_OBJECT
public:
    ShortcutList(const QList<QAction *> &actions, const Theme &theme, QWidget *parent);
};

} // namespace syncpoint
