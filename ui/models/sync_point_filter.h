#pragma once
#include "ui/models/numbers_first_sorter.h"
#include "ui/models/sync_point_query.h"

namespace syncpoint {

class SyncPointModel;

/// Searches and sorts the sync points.
class SyncPointFilter : public NumbersFirstSorter
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

private:
    SyncPointModel &m_model;
    SyncPointQuery m_query;
    bool m_showUnmatched = false;
};

} // namespace syncpoint
