#include "viewers/alerts/alerts_viewer.h"

#include "ui/models/alert_model.h"
#include "ui/session/model_inspection.h"
#include "ui/session/selection.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"

#include <QAction>
#include <QHeaderView>
#include <QJsonObject>
#include <QPointer>
#include <QScopedValueRollback>
#include <QStackedWidget>
#include <QTreeView>

namespace syncpoint {

namespace {

class AlertsViewer final : public Viewer
{
public:
    explicit AlertsViewer(const ViewerContext &context);
    ~AlertsViewer() override;

    QString id() const override { return QStringLiteral("alerts"); }
    QString title() const override { return QStringLiteral("Alerts"); }
    ViewerArea area() const override { return ViewerArea::Left; }
    QWidget *widget() override { return m_pages; }
    void setResult(std::shared_ptr<const ComparisonResult> result) override;
    void refresh() override;
    QJsonObject saveState() const override { return {}; }
    void restoreState(const QJsonObject &) override {}
    QList<QAction *> actions() override { return m_actions; }

private:
    void addAction(const QString &id, const QString &text, const QKeySequence &key, int step);
    void go(int step);
    void follow(const Selection::Item &item);
    void choose(const QModelIndex &index);

    ViewerContext m_context;
    AlertModel m_model;
    QPointer<QStackedWidget> m_pages;
    EmptyState *m_empty;
    QTreeView *m_view;
    QList<QAction *> m_actions;
    bool m_isFollowing = false;
};

AlertsViewer::AlertsViewer(const ViewerContext &context)
    : m_context(context), m_model(context.theme), m_pages(new QStackedWidget),
      m_empty(new EmptyState(context.theme, QStringLiteral("problems"))), m_view(new QTreeView)
{
    constexpr int kNameWidth = 220;
    m_view->setModel(&m_model);
    m_view->setUniformRowHeights(true);
    m_view->setIndentation(4 * Theme::kGrid);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->setAllColumnsShowFocus(true);
    m_view->setAccessibleName(QStringLiteral("Alerts"));
    m_view->header()->resizeSection(AlertModel::NameColumn, kNameWidth);
    m_pages->addWidget(m_empty);
    m_pages->addWidget(m_view);
    m_pages->setFocusProxy(m_view);
    addAction(QStringLiteral("alerts.next"), QStringLiteral("Next alert"), QKeySequence(Qt::Key_N),
              1);
    addAction(QStringLiteral("alerts.previous"), QStringLiteral("Previous alert"),
              QKeySequence(Qt::SHIFT | Qt::Key_N), -1);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &AlertsViewer::choose);
    connect(&context.selection, &Selection::changed, this,
            [this](const Selection::Item &item, const QObject *origin) {
                if (origin != this) {
                    follow(item);
                }
            });
    setResult(nullptr);
}

AlertsViewer::~AlertsViewer()
{
    if (m_pages && m_pages->parent() == nullptr) {
        delete m_pages;
    }
}

void AlertsViewer::addAction(const QString &id, const QString &text, const QKeySequence &key,
                             int step)
{
    auto *action = new QAction(text, this);
    action->setObjectName(id);
    action->setShortcut(key);
    connect(action, &QAction::triggered, this, [this, step] { go(step); });
    m_actions.push_back(action);
}

void AlertsViewer::setResult(std::shared_ptr<const ComparisonResult> result)
{
    const QScopedValueRollback guard(m_isFollowing, true);
    const bool isComparison = result && hasCandidate(*result);
    m_model.setAlerts(isComparison ? findAlerts(*result) : std::vector<Alert>());
    m_empty->setText(isComparison ? QStringLiteral("No alerts")
                     : result     ? QStringLiteral("One model alone")
                                  : QStringLiteral("No comparison yet"),
                     QStringLiteral("Where the error starts, the first NaN or overflow, saturated "
                                    "tensors, doubtful matches and ops without a counterpart "
                                    "appear here. N goes to the next one."));
    m_pages->setCurrentWidget(m_model.rowCount() > 0 ? static_cast<QWidget *>(m_view) : m_empty);
    for (int group = 0; group < m_model.rowCount(); ++group) {
        m_view->setFirstColumnSpanned(group, {}, true);
    }
    m_view->expandAll();
    for (QAction *action : m_actions) {
        action->setEnabled(m_model.rowCount() > 0);
    }
}

void AlertsViewer::refresh()
{
    follow(m_context.selection.current());
    m_view->viewport()->update();
}

/// Walks from the alert in hand; from elsewhere it starts at the first or the last.
void AlertsViewer::go(int step)
{
    const auto count = static_cast<std::ptrdiff_t>(m_model.alerts().size());
    if (count == 0) {
        return;
    }
    std::ptrdiff_t next = step > 0 ? 0 : count - 1;
    const QModelIndex current = m_view->currentIndex();
    const Alert *shown = m_model.alertAt(current);
    if (shown != nullptr && m_view->selectionModel()->isSelected(current)) {
        next = (shown - m_model.alerts().data() + step + count) % count;
    }
    m_view->setCurrentIndex(m_model.indexOf(static_cast<std::size_t>(next)));
}

void AlertsViewer::follow(const Selection::Item &item)
{
    const QScopedValueRollback guard(m_isFollowing, true);
    const auto alert = m_model.alertOf(item);
    if (!alert) {
        m_view->clearSelection();
        return;
    }
    const QModelIndex index = m_model.indexOf(*alert);
    m_view->setCurrentIndex(index);
    m_view->scrollTo(index);
}

void AlertsViewer::choose(const QModelIndex &index)
{
    const Alert *alert = m_model.alertAt(index);
    if (!m_isFollowing && alert != nullptr) {
        m_context.selection.select(alert->item, this);
    }
}

} // namespace

std::unique_ptr<Viewer> makeAlertsViewer(const ViewerContext &context)
{
    return std::make_unique<AlertsViewer>(context);
}

} // namespace syncpoint
