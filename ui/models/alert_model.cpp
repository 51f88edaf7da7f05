#include "ui/models/alert_model.h"

#include "ui/theme/theme.h"

namespace syncpoint {

namespace {
constexpr quintptr kGroupRow = 0; ///< internal id of a kind; of an alert: its group + 1
} // namespace

AlertModel::AlertModel(const Theme &theme, QObject *parent)
    : QAbstractItemModel(parent), m_theme(theme)
{
}

void AlertModel::setAlerts(std::vector<Alert> alerts)
{
    beginResetModel();
    m_alerts = std::move(alerts);
    m_groups.clear();
    for (std::size_t i = 0; i < m_alerts.size(); ++i) {
        if (i == 0 || m_alerts[i].kind != m_alerts[i - 1].kind) {
            m_groups.push_back({i, 0});
        }
        ++m_groups.back().count;
    }
    endResetModel();
}

QModelIndex AlertModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent)) {
        return {};
    }
    return createIndex(row, column,
                       parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : kGroupRow);
}

QModelIndex AlertModel::parent(const QModelIndex &child) const
{
    if (!child.isValid() || child.internalId() == kGroupRow) {
        return {};
    }
    return createIndex(static_cast<int>(child.internalId() - 1), 0, kGroupRow);
}

int AlertModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid()) {
        return static_cast<int>(m_groups.size());
    }
    const bool isGroup = parent.internalId() == kGroupRow && parent.column() == 0;
    return isGroup ? static_cast<int>(m_groups[static_cast<std::size_t>(parent.row())].count) : 0;
}

int AlertModel::columnCount(const QModelIndex & /*parent*/) const
{
    return ColumnCount;
}

const Alert *AlertModel::alertAt(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == kGroupRow) {
        return nullptr;
    }
    const Group &group = m_groups[index.internalId() - 1];
    return &m_alerts[group.first + static_cast<std::size_t>(index.row())];
}

QModelIndex AlertModel::indexOf(std::size_t alert) const
{
    for (std::size_t g = 0; g < m_groups.size(); ++g) {
        if (alert >= m_groups[g].first && alert < m_groups[g].first + m_groups[g].count) {
            return createIndex(static_cast<int>(alert - m_groups[g].first), 0, g + 1);
        }
    }
    return {};
}

std::optional<std::size_t> AlertModel::alertOf(const Selection::Item &item) const
{
    for (std::size_t i = 0; i < m_alerts.size(); ++i) {
        const Selection::Item &own = m_alerts[i].item;
        const bool isSamePoint = own.point.isValid() && own.point == item.point;
        const bool isSameNode =
            own.node.isValid() && own.side == item.side && own.node == item.node;
        if (isSamePoint || isSameNode) {
            return i;
        }
    }
    return std::nullopt;
}

QVariant AlertModel::groupData(const Group &group, int column, int role) const
{
    if (column != NameColumn) {
        return {};
    }
    if (role == Qt::FontRole) {
        QFont font = m_theme.textFont();
        font.setWeight(QFont::DemiBold);
        return font;
    }
    const QString title = alertTitle(m_alerts[group.first].kind);
    if (role == Qt::DisplayRole) {
        return group.count == 1 ? title : QStringLiteral("%1 (%2)").arg(title).arg(group.count);
    }
    return {};
}

QVariant AlertModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    const Alert *alert = alertAt(index);
    if (alert == nullptr) {
        return groupData(m_groups[static_cast<std::size_t>(index.row())], index.column(), role);
    }
    switch (role) {
    case Qt::DisplayRole:
        return index.column() == NameColumn ? alert->name : alert->detail;
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1\n%2").arg(alert->name, alert->detail);
    case Qt::DecorationRole:
        return index.column() == NameColumn ? QVariant(m_theme.severityIcon(alert->severity))
                                            : QVariant();
    case Qt::FontRole:
        return index.column() == NameColumn ? QVariant(m_theme.monoFont()) : QVariant();
    case Qt::ForegroundRole:
        return index.column() == DetailColumn ? QVariant(m_theme.color(Theme::Role::TextMuted))
                                              : QVariant();
    default:
        return {};
    }
}

QVariant AlertModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    return section == NameColumn ? QStringLiteral("Op") : QStringLiteral("What");
}

} // namespace syncpoint
