#pragma once
#include "compare/sweep/sweep_table.h"

#include <QAbstractTableModel>
#include <QString>

namespace syncpoint {

class Theme;

/// The variants of a sweep as rows, with the columns of sweepTable().
class SweepModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Role { SortRole = Qt::UserRole };
    explicit SweepModel(const Theme &theme, QObject *parent = nullptr);

    void setOverview(SweepOverview overview);
    const SweepOverview &overview() const { return m_overview; }
    const SweepRow &row(int index) const
    {
        return m_overview.rows[static_cast<std::size_t>(index)];
    }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

private:
    const Theme &m_theme;
    SweepOverview m_overview;
    ReportTable m_table;
};

/// All that a report says of a row, a line each; the variant's name first.
QString sweepRowText(const SweepRow &row);

} // namespace syncpoint
