#pragma once
#include <QSortFilterProxyModel>

namespace syncpoint {

/// Sorts by the sort role's values; rows without one stay at the end in both orders.
class NumbersFirstSorter : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

protected:
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;
};

} // namespace syncpoint
