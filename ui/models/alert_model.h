#pragma once
#include "ui/models/alert_list.h"

#include <QAbstractItemModel>

namespace syncpoint {

class Theme;

/// Alerts under their kinds; kinds without alerts are left out.
class AlertModel : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column { NameColumn, DetailColumn, ColumnCount };

    explicit AlertModel(const Theme &theme, QObject *parent = nullptr);
    void setAlerts(std::vector<Alert> alerts); ///< ordered by kind

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

    const std::vector<Alert> &alerts() const { return m_alerts; }
    const Alert *alertAt(const QModelIndex &index) const; ///< null for a kind
    QModelIndex indexOf(std::size_t alert) const;
    /// The alert that a selection stands for; nothing when none does.
    std::optional<std::size_t> alertOf(const Selection::Item &item) const;

private:
    struct Group
    {
        std::size_t first = 0, count = 0;
    };
    QVariant groupData(const Group &group, int column, int role) const;

    const Theme &m_theme;
    std::vector<Alert> m_alerts;
    std::vector<Group> m_groups;
};

} // namespace syncpoint
