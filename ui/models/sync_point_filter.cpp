#include "ui/models/sync_point_filter.h"

#include "ui/models/sync_point_model.h"

namespace syncpoint {

SyncPointFilter::SyncPointFilter(SyncPointModel &model, QObject *parent)
    : NumbersFirstSorter(parent), m_model(model)
{
    setSortRole(SyncPointModel::SortRole);
    setSourceModel(&model);
}

void SyncPointFilter::setSearch(const QString &text)
{
    m_query = SyncPointQuery::parse(text, SyncPointModel::isNumber);
    invalidateFilter();
}

void SyncPointFilter::setShowUnmatched(bool show)
{
    m_showUnmatched = show;
    invalidateFilter();
}

bool SyncPointFilter::filterAcceptsRow(int row, const QModelIndex & /*parent*/) const
{
    if (m_model.isUnmatched(row) && !m_showUnmatched &&
        !m_query.asksFor(QStringLiteral("status"), QStringLiteral("unmatched"))) {
        return false;
    }
    return m_query.isEmpty() || m_query.matches(m_model.facts(row));
}

} // namespace syncpoint
