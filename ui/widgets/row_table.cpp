#include "ui/widgets/row_table.h"

#include "ui/theme/theme.h"

#include <QHeaderView>

namespace syncpoint {

RowTable::RowTable(QWidget *parent) : QTableView(parent)
{
    constexpr int kRowHeight = 6 * Theme::kGrid;
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(kRowHeight);
    verticalHeader()->setMinimumSectionSize(kRowHeight);
    horizontalHeader()->setHighlightSections(false);
}

} // namespace syncpoint
