#pragma once
#include "ui/models/sync_point_query.h"

#include <QSortFilterProxyModel>

namespace syncpoint {

class SyncPointModel;

/// Searches and sorts the sync points; rows without a number stay at the end in both orders.
class SyncPointFilter : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit SyncPointFilter(SyncPointModel &model, QObject *parent = nullptr);

    void setSearch(const QString &text);
    /// Unmatched values are hidden unless this is on or the search asks for `status:unmatched`.
    void setShowUnmatched(bool show);
    const SyncPointQuery &query() const { return m_query; }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    SyncPointModel &m_model;
    SyncPointQuery m_query;
    bool m_showUnmatched = false;
};

} // namespace syncpoint
