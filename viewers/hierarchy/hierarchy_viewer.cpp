#include "viewers/hierarchy/hierarchy_viewer.h"

#include "ui/models/hierarchy_model.h"
#include "ui/models/numbers_first_sorter.h"
#include "ui/session/model_inspection.h"
#include "ui/session/selection.h"
#include "ui/theme/theme.h"
#include "ui/widgets/bar_delegate.h"
#include "ui/widgets/empty_state.h"

#include <QAction>
#include <QHeaderView>
#include <QPointer>
#include <QScopedValueRollback>
#include <QStackedWidget>
#include <QTreeView>

namespace syncpoint {

namespace {

class HierarchyViewer final : public Viewer
{
public:
    explicit HierarchyViewer(const ViewerContext &context);
    ~HierarchyViewer() override;

    QString id() const override { return QStringLiteral("hierarchy"); }
    QString title() const override { return QStringLiteral("Hierarchy"); }
    ViewerArea area() const override { return ViewerArea::Left; }
    QWidget *widget() override { return m_pages; }
    void setResult(std::shared_ptr<const ComparisonResult> result) override;
    void refresh() override;
    QJsonObject saveState() const override;
    void restoreState(const QJsonObject &state) override;
    QList<QAction *> actions() override { return m_actions; }

private:
    void setUpView();
    void makeActions();
    void showColumnsFor(const ComparisonResult &result);
    void follow(const Selection::Item &item);
    void choose(const QModelIndex &index);

    ViewerContext m_context;
    HierarchyModel m_model;
    NumbersFirstSorter m_sorted;
    QPointer<QStackedWidget> m_pages;
    EmptyState *m_empty;
    QTreeView *m_view;
    QList<QAction *> m_actions;
    bool m_isFollowing = false;
    bool m_showsScores = true;
};

HierarchyViewer::HierarchyViewer(const ViewerContext &context)
    : m_context(context), m_model(context.theme), m_pages(new QStackedWidget),
      m_empty(new EmptyState(context.theme, QStringLiteral("module"))), m_view(new QTreeView)
{
    m_empty->setText(QStringLiteral("No comparison yet"),
                     QStringLiteral("Modules and their ops appear here with their scores and the "
                                    "share of the error that each adds."));
    m_sorted.setSortRole(HierarchyModel::SortRole);
    m_sorted.setSourceModel(&m_model);
    setUpView();
    makeActions();
    m_pages->addWidget(m_empty);
    m_pages->addWidget(m_view);
    m_pages->setFocusProxy(m_view);
    connect(&context.selection, &Selection::changed, this,
            [this](const Selection::Item &item, const QObject *origin) {
                if (origin != this) {
                    follow(item);
                }
            });
}

HierarchyViewer::~HierarchyViewer()
{
    if (m_pages && m_pages->parent() == nullptr) {
        delete m_pages;
    }
}

void HierarchyViewer::setUpView()
{
    constexpr int kBarWidth = 56;
    constexpr int kIndentation = 3 * Theme::kGrid;
    constexpr int kCellRoom = 3 * Theme::kGrid;
    constexpr int kIconRoom = 11 * Theme::kGrid;
    constexpr int kHeaderRoom = 5 * Theme::kGrid; // with the arrow of the sorted column
    m_view->setIndentation(kIndentation);
    m_view->setModel(&m_sorted);
    m_view->setUniformRowHeights(true);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(HierarchyModel::IntroducedColumn, Qt::DescendingOrder);
    m_view->setTextElideMode(Qt::ElideRight);
    m_view->setAllColumnsShowFocus(true);
    m_view->setAccessibleName(QStringLiteral("Modules and ops"));
    m_view->setItemDelegateForColumn(
        HierarchyModel::DistributionColumn,
        new DistributionDelegate(m_context.theme, HierarchyModel::SeverityCountsRole, m_view));
    for (const int column : {HierarchyModel::IntroducedColumn, HierarchyModel::ParametersColumn}) {
        m_view->setItemDelegateForColumn(
            column, new ShareDelegate(m_context.theme, HierarchyModel::ShareRole, m_view));
    }
    QHeaderView &header = *m_view->header();
    header.setStretchLastSection(false);
    header.setMinimumSectionSize(kBarWidth);
    header.setSectionResizeMode(HierarchyModel::NameColumn, QHeaderView::Stretch);
    header.resizeSection(HierarchyModel::DistributionColumn, kBarWidth);
    const auto fit = [this, &header](int column, const char *longest, int extra) {
        const QFontMetrics mono(m_context.theme.monoFont());
        const QString title =
            m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        header.resizeSection(column,
                             std::max(mono.horizontalAdvance(QLatin1String(longest)) + extra,
                                      header.fontMetrics().horizontalAdvance(title) + kHeaderRoom));
    };
    fit(HierarchyModel::WorstColumn, "99.9 dB", kIconRoom);
    fit(HierarchyModel::IntroducedColumn, "9.9 %", kCellRoom);
    fit(HierarchyModel::ParametersColumn, "9.9 %", kCellRoom);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &HierarchyViewer::choose);
}

void HierarchyViewer::makeActions()
{
    const auto add = [this](const QString &id, const QString &text, auto slot) {
        auto *action = new QAction(text, this);
        action->setObjectName(id);
        connect(action, &QAction::triggered, m_view, slot);
        m_actions.push_back(action);
    };
    add(QStringLiteral("hierarchy.expand"), QStringLiteral("Expand all modules"),
        &QTreeView::expandAll);
    add(QStringLiteral("hierarchy.collapse"), QStringLiteral("Collapse all modules"),
        &QTreeView::collapseAll);
}

void HierarchyViewer::setResult(std::shared_ptr<const ComparisonResult> result)
{
    const QScopedValueRollback guard(m_isFollowing, true);
    m_model.setResult(result);
    if (result) {
        showColumnsFor(*result);
    }
    m_pages->setCurrentWidget(result ? static_cast<QWidget *>(m_view) : m_empty);
    if (m_sorted.rowCount() == 1) {
        m_view->expandToDepth(0); // one box around everything says nothing
    }
}

/// A model alone has no scores, and execution order is what is left to sort by.
void HierarchyViewer::showColumnsFor(const ComparisonResult &result)
{
    const bool isComparison = hasCandidate(result);
    if (isComparison == m_showsScores) {
        return;
    }
    m_showsScores = isComparison;
    for (const int column : {HierarchyModel::DistributionColumn, HierarchyModel::WorstColumn,
                             HierarchyModel::IntroducedColumn}) {
        m_view->setColumnHidden(column, !isComparison);
    }
    m_view->sortByColumn(isComparison ? HierarchyModel::IntroducedColumn
                                      : HierarchyModel::NameColumn,
                         isComparison ? Qt::DescendingOrder : Qt::AscendingOrder);
}

void HierarchyViewer::refresh()
{
    follow(m_context.selection.current());
    m_view->viewport()->update();
}

void HierarchyViewer::follow(const Selection::Item &item)
{
    if (!m_view->isVisible()) {
        return;
    }
    const QScopedValueRollback guard(m_isFollowing, true);
    const QModelIndex index = m_sorted.mapFromSource(m_model.indexOf(item));
    if (!index.isValid()) {
        m_view->clearSelection();
        return;
    }
    m_view->setCurrentIndex(index);
    m_view->scrollTo(index);
}

void HierarchyViewer::choose(const QModelIndex &index)
{
    if (!m_isFollowing && index.isValid()) {
        m_context.selection.select(m_model.itemAt(m_sorted.mapToSource(index)), this);
    }
}

QJsonObject HierarchyViewer::saveState() const
{
    return {
        {QStringLiteral("header"), QString::fromLatin1(m_view->header()->saveState().toBase64())}};
}

void HierarchyViewer::restoreState(const QJsonObject &state)
{
    m_view->header()->restoreState(
        QByteArray::fromBase64(state.value(QStringLiteral("header")).toString().toLatin1()));
}

} // namespace

std::unique_ptr<Viewer> makeHierarchyViewer(const ViewerContext &context)
{
    return std::make_unique<HierarchyViewer>(context);
}

} // namespace syncpoint
