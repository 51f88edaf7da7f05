#include "ui/models/problem_model.h"

#include "ui/theme/theme.h"

#include <algorithm>

namespace syncpoint {

ProblemModel::ProblemModel(const Theme &theme, QObject *parent)
    : QAbstractTableModel(parent), m_theme(theme)
{
}

void ProblemModel::setResultDiagnostics(Diagnostics diagnostics)
{
    beginResetModel();
    m_diagnostics = std::move(diagnostics);
    std::stable_sort(
        m_diagnostics.begin(), m_diagnostics.end(),
        [](const Diagnostic &a, const Diagnostic &b) { return a.severity > b.severity; });
    endResetModel();
}

void ProblemModel::addError(const QString &sentence)
{
    beginInsertRows({}, 0, 0);
    m_errors.insert(m_errors.begin(),
                    Diagnostic{Diagnostic::Severity::Error, {}, sentence.toStdString()});
    endInsertRows();
}

void ProblemModel::clearErrors()
{
    beginResetModel();
    m_errors.clear();
    endResetModel();
}

const Diagnostic &ProblemModel::at(int row) const
{
    const auto place = static_cast<std::size_t>(row);
    return place < m_errors.size() ? m_errors[place] : m_diagnostics[place - m_errors.size()];
}

int ProblemModel::errorCount() const
{
    return static_cast<int>(m_errors.size()) +
           static_cast<int>(std::count_if(
               m_diagnostics.begin(), m_diagnostics.end(), [](const Diagnostic &diagnostic) {
                   return diagnostic.severity != Diagnostic::Severity::Info;
               }));
}

int ProblemModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_errors.size() + m_diagnostics.size());
}

int ProblemModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ProblemModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    const Diagnostic &diagnostic = at(index.row());
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole) {
        return QString::fromStdString(index.column() == TextColumn ? diagnostic.text
                                                                   : diagnostic.where);
    }
    if (role == Qt::DecorationRole && index.column() == TextColumn) {
        switch (diagnostic.severity) {
        case Diagnostic::Severity::Info:
            return m_theme.icon(QStringLiteral("info"));
        case Diagnostic::Severity::Warning:
            return m_theme.severityIcon(Severity::Warn);
        case Diagnostic::Severity::Error:
            return m_theme.severityIcon(Severity::Bad);
        }
    }
    if (role == Qt::FontRole && index.column() == WhereColumn) {
        return m_theme.monoFont();
    }
    return {};
}

QVariant ProblemModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    return section == TextColumn ? QStringLiteral("Problem") : QStringLiteral("Where");
}

} // namespace syncpoint
