#pragma once
#include "core/base/diagnostic.h"

#include <QWidget>

class QStackedLayout;
class QTreeView;

namespace syncpoint {

class EmptyState;
class ProblemModel;
class Theme;

/// Errors and diagnostics; activating one asks the window to show its place.
class ProblemsPanel : public QWidget
{
    Q_OBJECT
public:
    ProblemsPanel(ProblemModel &model, const Theme &theme, QWidget *parent = nullptr);

Q_SIGNALS:
    void activated(const syncpoint::Diagnostic &diagnostic);

private:
    void showRows();

    ProblemModel &m_model;
    QTreeView *m_view;
    EmptyState *m_empty;
    QStackedLayout *m_layout;
};

} // namespace syncpoint
