#pragma once
#include "compare/session/comparison_result.h"
#include "ui/models/sync_point_query.h"
#include "ui/session/selection.h"

#include <QAbstractTableModel>
#include <memory>
#include <optional>
#include <vector>

namespace syncpoint {

class Theme;

/// One row per sync point, then one per value of either side that found no counterpart.
class SyncPointModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column {
        NameColumn,
        ScoreColumn,
        IntroducedColumn,
        DeltaColumn,
        OpColumn,
        ModuleColumn,
        CandidateColumn,
        DtypeColumn,
        StatusColumn,
        PlacementColumn,
        TimeColumn,
        ColumnCount,
    };
    enum Role { SortRole = Qt::UserRole };

    explicit SyncPointModel(const Theme &theme, QObject *parent = nullptr);
    void setResult(std::shared_ptr<const ComparisonResult> result); ///< null shows nothing

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

    Selection::Item itemAt(int row) const;
    /// The row that stands for a selection, −1 when none does.
    int rowOf(const Selection::Item &item) const;
    RowFacts facts(int row) const;
    bool isUnmatched(int row) const;
    /// Whether the search language may compare this name in this result.
    static bool isNumber(const QString &id);

private:
    struct Unmatched
    {
        Side side;
        ValueId value;
    };
    QVariant pointData(std::size_t point, int column, int role) const;
    QVariant unmatchedData(const Unmatched &row, int column, int role) const;
    QVariant pointSortKey(std::size_t point, int column) const;
    QString pointText(std::size_t point, int column) const;
    QString pointToolTip(std::size_t point, int column) const;
    QString pointName(std::size_t point, Side side) const;
    QString moduleOf(Side side, NodeId node) const;
    QString candidateDtype(std::size_t point) const;
    /// Share of all introduced error; nothing when the point is not attributed.
    std::optional<double> introducedShare(const PointResult &scored) const;

    const Theme &m_theme;
    std::shared_ptr<const ComparisonResult> m_result;
    std::vector<Unmatched> m_unmatched;
    double m_totalIntroduced = 0.0; ///< of all points; 0 when nothing is attributed
};

} // namespace syncpoint
