#include "ui/models/numbers_first_sorter.h"

namespace syncpoint {

bool NumbersFirstSorter::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const QVariant a = left.data(sortRole());
    const QVariant b = right.data(sortRole());
    if (!a.isValid() || !b.isValid()) {
        const bool isAscending = sortOrder() == Qt::AscendingOrder;
        return isAscending ? a.isValid() && !b.isValid() : !a.isValid() && b.isValid();
    }
    return QVariant::compare(a, b) == QPartialOrdering::Less;
}

} // namespace syncpoint
