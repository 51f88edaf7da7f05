#pragma once
#include <QDialog>

class QKeySequenceEdit;
class QLabel;
class QPushButton;
class QSortFilterProxyModel;
class QStandardItemModel;
class QTreeView;

namespace syncpoint {

class KeyBindings;
class Theme;

/// All actions with their keys, searchable; the selected one gets another key here.
class ShortcutList : public QDialog
{
    Q_OBJECT
public:
    ShortcutList(KeyBindings &bindings, const Theme &theme, QWidget *parent);

private:
    QAction *current() const;
    void fillKeys();
    void showCurrent();
    void showConflict();
    void bind();

    KeyBindings &m_bindings;
    const Theme &m_theme;
    QStandardItemModel *m_model;
    QSortFilterProxyModel *m_filter;
    QTreeView *m_view;
    QKeySequenceEdit *m_key;
    QLabel *m_conflict;
    QPushButton *m_bind;
    QPushButton *m_reset;
};

} // namespace syncpoint
