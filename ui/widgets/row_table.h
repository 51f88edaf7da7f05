#pragma once
#include <QTableView>

namespace syncpoint {

/// A table of which one row is chosen at a time: no grid, one line per row, Tab leaves it.
class RowTable : public QTableView
{
    Q_OBJECT
public:
    explicit RowTable(QWidget *parent = nullptr);
};

} // namespace syncpoint
