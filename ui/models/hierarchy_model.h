#pragma once
#include "compare/session/comparison_result.h"
#include "ui/models/result_index.h"

#include <QAbstractItemModel>
#include <QMetaType>
#include <memory>
#include <optional>
#include <vector>

namespace syncpoint {

class Theme;

/// How many sync points of a module are ok, warn, bad; what the distribution bar paints.
struct SeverityCounts
{
    std::size_t ok = 0, warn = 0, bad = 0;
    std::size_t total() const { return ok + warn + bad; }
};

/// Modules of the baseline and, in them, the ops that compute data, with their roll-up.
class HierarchyModel : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column {
        NameColumn,
        DistributionColumn,
        WorstColumn,
        IntroducedColumn,
        ParametersColumn,
        ColumnCount,
    };
    /// SeverityCountsRole holds SeverityCounts; ShareRole 0–1 for the bar behind a percentage.
    enum Role { SortRole = Qt::UserRole, SeverityCountsRole, ShareRole };

    explicit HierarchyModel(const Theme &theme, QObject *parent = nullptr);
    void setResult(std::shared_ptr<const ComparisonResult> result); ///< null shows nothing

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

    Selection::Item itemAt(const QModelIndex &index) const;
    /// The row of the op or module selected, invalid when it is not shown.
    QModelIndex indexOf(const Selection::Item &item) const;

private:
    struct Entry
    {
        std::size_t parent = 0;
        int row = 0;
        ModuleId module;
        NodeId node;                        ///< invalid for a module
        const ModuleScore *score = nullptr; ///< of a module; may be null
        SyncPointId point; ///< of an op; of a module without own points, the worst it is fused into
        bool isFused = false; ///< `point` is the exit of the region this op or module went into
        std::vector<std::size_t> children;
    };
    void build();
    std::size_t append(std::size_t parent, Entry entry);
    void appendOps(std::size_t parent, const Module &module);
    void liftFusedPoints();
    QString exitName(const Entry &entry) const;
    const Entry &entryAt(const QModelIndex &index) const;
    QString text(const Entry &entry, int column) const;
    QVariant sortKey(const Entry &entry, int column) const;
    std::optional<double> share(const Entry &entry, int column) const;
    SeverityCounts counts(const Entry &entry) const;
    SyncPointId worstPoint(const Entry &entry) const;

    const Theme &m_theme;
    std::shared_ptr<const ComparisonResult> m_result;
    std::optional<ResultIndex> m_index;
    std::vector<Entry> m_entries; ///< 0 is the invisible root
};

} // namespace syncpoint

Q_DECLARE_METATYPE(syncpoint::SeverityCounts)
