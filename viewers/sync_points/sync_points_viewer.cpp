#include "viewers/sync_points/sync_points_viewer.h"

#include "ui/models/sync_point_filter.h"
#include "ui/models/sync_point_model.h"
#include "ui/session/model_inspection.h"
#include "ui/session/selection.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/fitted_column.h"
#include "ui/widgets/row_table.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QScopedValueRollback>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <array>

namespace syncpoint {

namespace {

constexpr std::array<int, SyncPointModel::ColumnCount> kWidths{208, 92, 112, 84, 96, 140,
                                                               140, 80, 120, 80, 72};
constexpr int kLeastNameWidth = 180;

class SyncPointsViewer final : public Viewer
{
public:
    explicit SyncPointsViewer(const ViewerContext &context);
    ~SyncPointsViewer() override;

    QString id() const override { return QStringLiteral("sync_points"); }
    QString title() const override { return QStringLiteral("Sync points"); }
    ViewerArea area() const override { return ViewerArea::Left; }
    QWidget *widget() override { return m_pages; }
    void setResult(std::shared_ptr<const ComparisonResult> result) override;
    void refresh() override;
    QJsonObject saveState() const override;
    void restoreState(const QJsonObject &state) override;
    QList<QAction *> actions() override { return m_actions; }

private:
    QWidget *makePage();
    void setUpTable();
    void makeActions();
    void restyle();
    void search(const QString &text);
    void showCount();
    void enter();
    void follow(const Selection::Item &item);
    void choose(const QModelIndex &index);

    ViewerContext m_context;
    SyncPointModel m_model;
    SyncPointFilter m_filter;
    QPointer<QStackedWidget> m_pages;
    EmptyState *m_empty;
    QLineEdit *m_search;
    QToolButton *m_unmatched;
    QLabel *m_count;
    QTableView *m_table;
    FittedColumn *m_names = nullptr;
    QList<QAction *> m_actions;
    bool m_isFollowing = false;
};

SyncPointsViewer::SyncPointsViewer(const ViewerContext &context)
    : m_context(context), m_model(context.theme), m_filter(m_model), m_pages(new QStackedWidget),
      m_empty(new EmptyState(context.theme, QStringLiteral("search"))), m_search(new QLineEdit),
      m_unmatched(new QToolButton), m_count(new QLabel), m_table(new RowTable)
{
    m_pages->addWidget(m_empty);
    m_pages->addWidget(makePage());
    m_pages->setFocusProxy(m_table);
    makeActions();
    restyle();
    setResult(nullptr);
    connect(&context.theme, &Theme::changed, this, &SyncPointsViewer::restyle);
    connect(&context.selection, &Selection::changed, this,
            [this](const Selection::Item &item, const QObject *origin) {
                if (origin != this) {
                    follow(item);
                }
            });
}

SyncPointsViewer::~SyncPointsViewer()
{
    if (m_pages && m_pages->parent() == nullptr) {
        delete m_pages;
    }
}

QWidget *SyncPointsViewer::makePage()
{
    m_search->setPlaceholderText(QStringLiteral("Search: words, \"exact\", op:Conv psnr<30"));
    m_search->setToolTip(QStringLiteral(
        "Words are ANDed, quotes match exactly.\n"
        "op: module: status: on: dtype: severity: rule: ask one column.\n"
        "psnr<30, max_abs>=0.1, introduced>0.05, delta>0.01, time>100 compare a number."));
    m_search->setAccessibleName(QStringLiteral("Search sync points"));
    m_search->setClearButtonEnabled(true);
    m_unmatched->setCheckable(true);
    m_unmatched->setToolTip(QStringLiteral("Show values without a counterpart, and why"));
    m_unmatched->setAccessibleName(m_unmatched->toolTip());
    m_count->setProperty("muted", true);
    connect(m_search, &QLineEdit::textChanged, this, &SyncPointsViewer::search);
    connect(m_search, &QLineEdit::returnPressed, this, &SyncPointsViewer::enter);
    connect(m_unmatched, &QToolButton::toggled, this, [this](bool isOn) {
        m_filter.setShowUnmatched(isOn);
        showCount();
    });
    setUpTable();

    auto *page = new QWidget;
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(2 * Theme::kGrid, Theme::kGrid, 2 * Theme::kGrid, Theme::kGrid);
    bar->setSpacing(2 * Theme::kGrid);
    bar->addWidget(m_search, 1);
    bar->addWidget(m_count);
    bar->addWidget(m_unmatched);
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(m_table, 1);
    return page;
}

void SyncPointsViewer::setUpTable()
{
    m_table->setModel(&m_filter);
    m_table->setTextElideMode(Qt::ElideLeft); // the end of a name tells ops apart
    m_table->setAccessibleName(QStringLiteral("Sync points"));
    m_table->horizontalHeader()->setSectionsMovable(true);
    for (int column = 0; column < SyncPointModel::ColumnCount; ++column) {
        m_table->setColumnWidth(column, kWidths[static_cast<std::size_t>(column)]);
    }
    m_names = new FittedColumn(*m_table, SyncPointModel::NameColumn, kLeastNameWidth);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(SyncPointModel::IntroducedColumn, Qt::DescendingOrder);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &SyncPointsViewer::choose);
}

void SyncPointsViewer::makeActions()
{
    auto *find = new QAction(QStringLiteral("Find sync points"), this);
    find->setObjectName(QStringLiteral("sync_points.find"));
    find->setShortcut(QKeySequence::Find);
    connect(find, &QAction::triggered, m_search, [this] {
        for (QWidget *widget = m_pages; widget != nullptr; widget = widget->parentWidget()) {
            if (widget->inherits("QDockWidget")) {
                widget->show();
                widget->raise();
            }
        }
        m_search->setFocus(Qt::ShortcutFocusReason);
        m_search->selectAll();
    });
    auto *unmatched = new QAction(QStringLiteral("Show unmatched values"), this);
    unmatched->setObjectName(QStringLiteral("sync_points.unmatched"));
    connect(unmatched, &QAction::triggered, m_unmatched, &QToolButton::toggle);
    m_actions = {find, unmatched};
}

void SyncPointsViewer::restyle()
{
    m_unmatched->setIcon(m_context.theme.icon(QStringLiteral("unmatched")));
    m_table->viewport()->update();
}

void SyncPointsViewer::setResult(std::shared_ptr<const ComparisonResult> result)
{
    const QScopedValueRollback guard(m_isFollowing, true);
    const bool isComparison = result && hasCandidate(*result);
    m_empty->setText(result ? QStringLiteral("One model alone")
                            : QStringLiteral("No comparison yet"),
                     QStringLiteral("Compare two models: every pair of tensors that must hold the "
                                    "same numbers appears here, the ones that add most error "
                                    "first."));
    m_model.setResult(result);
    m_pages->setCurrentIndex(isComparison ? 1 : 0);
    showCount();
}

void SyncPointsViewer::refresh()
{
    follow(m_context.selection.current());
    m_table->viewport()->update();
}

void SyncPointsViewer::search(const QString &text)
{
    const QScopedValueRollback guard(m_isFollowing, true);
    m_filter.setSearch(text);
    showCount();
    follow(m_context.selection.current());
}

void SyncPointsViewer::showCount()
{
    const QString &problem = m_filter.query().problem();
    m_count->setText(
        problem.isEmpty()
            ? QStringLiteral("%1 of %2").arg(m_filter.rowCount()).arg(m_model.rowCount())
            : problem);
}

/// From the search into the table: to what is selected there, else to the first row.
void SyncPointsViewer::enter()
{
    m_table->setFocus();
    if (!m_table->selectionModel()->hasSelection() && m_filter.rowCount() > 0) {
        m_table->selectRow(0);
        choose(m_filter.index(0, 0));
    }
}

void SyncPointsViewer::follow(const Selection::Item &item)
{
    const QScopedValueRollback guard(m_isFollowing, true);
    const int row = m_model.rowOf(item);
    const QModelIndex index =
        row < 0 ? QModelIndex() : m_filter.mapFromSource(m_model.index(row, 0));
    if (!index.isValid()) {
        m_table->clearSelection();
        return;
    }
    m_table->setCurrentIndex(index);
    m_table->scrollTo(index);
}

void SyncPointsViewer::choose(const QModelIndex &index)
{
    if (!m_isFollowing && index.isValid()) {
        m_context.selection.select(m_model.itemAt(m_filter.mapToSource(index).row()), this);
    }
}

QJsonObject SyncPointsViewer::saveState() const
{
    return {{QStringLiteral("search"), m_search->text()},
            {QStringLiteral("unmatched"), m_unmatched->isChecked()},
            {QStringLiteral("fitsName"), m_names->isFitted()},
            {QStringLiteral("header"),
             QString::fromLatin1(m_table->horizontalHeader()->saveState().toBase64())}};
}

void SyncPointsViewer::restoreState(const QJsonObject &state)
{
    m_search->setText(state.value(QStringLiteral("search")).toString());
    m_unmatched->setChecked(state.value(QStringLiteral("unmatched")).toBool());
    m_table->horizontalHeader()->restoreState(
        QByteArray::fromBase64(state.value(QStringLiteral("header")).toString().toLatin1()));
    m_names->setFitted(state.value(QStringLiteral("fitsName")).toBool(true));
}

} // namespace

std::unique_ptr<Viewer> makeSyncPointsViewer(const ViewerContext &context)
{
    return std::make_unique<SyncPointsViewer>(context);
}

} // namespace syncpoint
