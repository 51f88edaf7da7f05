#include "ui/models/sweep_model.h"

#include "ui/theme/theme.h"

#include <QStringList>

namespace syncpoint {

SweepModel::SweepModel(const Theme &theme, QObject *parent)
    : QAbstractTableModel(parent), m_theme(theme)
{
}

void SweepModel::setOverview(SweepOverview overview)
{
    beginResetModel();
    m_overview = std::move(overview);
    m_table = sweepTable(m_overview);
    endResetModel();
}

int SweepModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_table.rows.size());
}

int SweepModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_table.columns.size());
}

QVariant SweepModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    const auto column = static_cast<std::size_t>(index.column());
    const ReportTable::Column &head = m_table.columns[column];
    const ReportCell &cell = m_table.rows[static_cast<std::size_t>(index.row())][column];
    switch (role) {
    case Qt::DisplayRole:
        return QString::fromStdString(cell.text);
    case SortRole:
        if (head.isNumber) {
            return cell.sortKey ? QVariant(*cell.sortKey) : QVariant();
        }
        return QString::fromStdString(cell.text);
    case Qt::ToolTipRole:
        return sweepRowText(row(index.row()));
    case Qt::TextAlignmentRole:
        return QVariant(Qt::AlignVCenter | (head.isNumber ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::FontRole:
        return head.isNumber || head.isName ? m_theme.monoFont() : m_theme.textFont();
    case Qt::ForegroundRole:
        return row(index.row()).isBaseline ? QVariant(m_theme.color(Theme::Role::Baseline))
                                           : QVariant();
    default:
        return {};
    }
}

QVariant SweepModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    const ReportTable::Column &head = m_table.columns[static_cast<std::size_t>(section)];
    if (role == Qt::TextAlignmentRole) {
        return QVariant(Qt::AlignVCenter | (head.isNumber ? Qt::AlignRight : Qt::AlignLeft));
    }
    return role == Qt::DisplayRole ? QVariant(QString::fromStdString(head.title)) : QVariant();
}

QString sweepRowText(const SweepRow &row)
{
    QStringList lines{QString::fromStdString(row.variant)};
    const auto add = [&lines](const QString &name, const std::string &value) {
        if (!value.empty()) {
            lines << QStringLiteral("%1: %2").arg(name, QString::fromStdString(value));
        }
    };
    if (row.isBaseline) {
        lines.front() += QStringLiteral(" (baseline)");
    }
    add(QStringLiteral("component"), row.component);
    add(QStringLiteral("model"), row.model.string());
    for (const auto &[name, value] : row.facts) {
        add(QString::fromStdString(name), value);
    }
    add(QStringLiteral("problem"), row.error);
    return lines.join(QLatin1Char('\n'));
}

} // namespace syncpoint
