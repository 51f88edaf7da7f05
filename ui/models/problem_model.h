#pragma once
#include "core/base/diagnostic.h"

#include <QAbstractTableModel>

namespace syncpoint {

class Theme;

/// Diagnostics and errors of the session as a list; newest errors first, then the result's own.
class ProblemModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { TextColumn, WhereColumn, ColumnCount };

    explicit ProblemModel(const Theme &theme, QObject *parent = nullptr);
    void setResultDiagnostics(Diagnostics diagnostics);
    void addError(const QString &sentence);
    void clearErrors();
    const Diagnostic &at(int row) const;
    int errorCount() const; ///< errors and warnings, without information

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

private:
    const Theme &m_theme;
    Diagnostics m_errors; ///< of failed jobs, newest first
    Diagnostics m_diagnostics;
};

} // namespace syncpoint
