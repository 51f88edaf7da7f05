#include "ui/shell/problems_panel.h"

#include "ui/models/problem_model.h"
#include "ui/widgets/empty_state.h"

#include <QHeaderView>
#include <QStackedLayout>
#include <QTreeView>

namespace syncpoint {

ProblemsPanel::ProblemsPanel(ProblemModel &model, const Theme &theme, QWidget *parent)
    : QWidget(parent), m_model(model), m_view(new QTreeView(this)),
      m_empty(new EmptyState(theme, QStringLiteral("problems"), this)),
      m_layout(new QStackedLayout(this))
{
    constexpr int kTextWidth = 720;
    m_empty->setText(QStringLiteral("No problems"),
                     QStringLiteral("Files that could not be read, tensors that could not be "
                                    "compared and doubtful matches are listed here."));
    m_view->setModel(&model);
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setTextElideMode(Qt::ElideRight);
    m_view->setAccessibleName(QStringLiteral("Problems"));
    m_view->header()->resizeSection(ProblemModel::TextColumn, kTextWidth);
    connect(m_view, &QTreeView::activated, this,
            [this](const QModelIndex &index) { Q_EMIT activated(m_model.at(index.row())); });
    connect(&model, &QAbstractItemModel::modelReset, this, &ProblemsPanel::showRows);
    connect(&model, &QAbstractItemModel::rowsInserted, this, &ProblemsPanel::showRows);
    m_layout->addWidget(m_empty);
    m_layout->addWidget(m_view);
    showRows();
}

void ProblemsPanel::showRows()
{
    m_layout->setCurrentWidget(m_model.rowCount() == 0 ? static_cast<QWidget *>(m_empty) : m_view);
}

} // namespace syncpoint
