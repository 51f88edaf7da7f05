#pragma once
#include <QDialog>
#include <QList>
#include <QPointer>

class QAction;
class QLineEdit;
class QListView;
class QSortFilterProxyModel;
class QStandardItemModel;

namespace syncpoint {

/// Every action by name: type a few letters of each word, Enter runs it.
class CommandPalette : public QDialog
{
    Q_OBJECT
public:
    CommandPalette(const QList<QAction *> &actions, QWidget *parent);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void search(const QString &text);
    void runCurrent();

    QList<QPointer<QAction>> m_actions;
    QLineEdit *m_edit;
    QListView *m_view;
    QStandardItemModel *m_model;
    QSortFilterProxyModel *m_filter;
};

} // namespace syncpoint
