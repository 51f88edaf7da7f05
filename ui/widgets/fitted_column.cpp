#include "ui/widgets/fitted_column.h"

#include <QEvent>
#include <QHeaderView>
#include <QScopedValueRollback>
#include <QTableView>
#include <algorithm>

namespace syncpoint {

FittedColumn::FittedColumn(QTableView &table, int column, int leastWidth)
    : QObject(&table), m_table(table), m_column(column), m_leastWidth(leastWidth)
{
    m_table.viewport()->installEventFilter(this);
    connect(m_table.horizontalHeader(), &QHeaderView::sectionResized, this,
            [this](int resized, int before, int after) {
                m_isFitted = m_isFitted && (m_isFitting || resized != m_column || before == after);
                fit();
            });
}

void FittedColumn::setFitted(bool isFitted)
{
    m_isFitted = isFitted;
    fit();
}

bool FittedColumn::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize) {
        fit();
    }
    return QObject::eventFilter(watched, event);
}

void FittedColumn::fit()
{
    if (!m_isFitted || m_isFitting) {
        return;
    }
    const QScopedValueRollback guard(m_isFitting, true);
    const QHeaderView &header = *m_table.horizontalHeader();
    const int space = m_table.viewport()->width();
    int others = 0;
    for (int place = 0; place < header.count(); ++place) {
        const int column = header.logicalIndex(place);
        if (column == m_column) {
            continue;
        }
        if (others + header.sectionSize(column) + m_leastWidth > space) {
            break;
        }
        others += header.sectionSize(column);
    }
    m_table.setColumnWidth(m_column, std::max(m_leastWidth, space - others));
}

} // namespace syncpoint
