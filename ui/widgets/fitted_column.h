#pragma once
#include <QObject>

class QTableView;

namespace syncpoint {

/// Keeps one column of a table as wide as the whole columns beside it leave room for, so that none
/// is cut at the edge, until users choose another width for it. Owned by the table.
class FittedColumn : public QObject
{
    Q_OBJECT
public:
    FittedColumn(QTableView &table, int column, int leastWidth);

    bool isFitted() const { return m_isFitted; }
    void setFitted(bool isFitted);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fit();

    QTableView &m_table;
    int m_column;
    int m_leastWidth;
    bool m_isFitted = true;
    bool m_isFitting = false; ///< fit() is at work
};

} // namespace syncpoint
