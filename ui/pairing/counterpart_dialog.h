#pragma once
#include "compare/session/comparison_result.h"
#include "ui/pairing/map_edits.h"

#include <QDialog>
#include <memory>

class QLineEdit;
class QListView;
class QSortFilterProxyModel;

namespace syncpoint {

/// Lets the user choose the value of the other side that holds the same numbers as the selected
/// one; values of the same op type without a counterpart come first.
class CounterpartDialog : public QDialog
{
    Q_OBJECT
public:
    CounterpartDialog(const std::shared_ptr<const ComparisonResult> &result,
                      const Selection::Item &item, QWidget *parent);

Q_SIGNALS:
    void chosen(const syncpoint::NamePair &pair);

private:
    void search(const QString &words);
    void choose();

    Side m_side;
    std::string m_name; ///< of the value that gets a counterpart
    QLineEdit *m_search;
    QListView *m_view;
    QSortFilterProxyModel *m_filter;
};

} // namespace syncpoint
