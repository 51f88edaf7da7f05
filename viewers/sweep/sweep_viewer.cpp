#include "viewers/sweep/sweep_viewer.h"

#include "ui/models/numbers_first_sorter.h"
#include "ui/models/sweep_model.h"
#include "ui/session/session_controller.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/row_table.h"
#include "viewers/charts/chart_view.h"
#include "viewers/sweep/sweep_chart.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPointer>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <set>

namespace syncpoint {

namespace {
class SweepViewer final : public Viewer
{
public:
    explicit SweepViewer(const ViewerContext &context);
    ~SweepViewer() override;

    QString id() const override { return QStringLiteral("sweep"); }
    QString title() const override { return tr("Sweep"); }
    ViewerArea area() const override { return ViewerArea::Centre; }
    QWidget *widget() override { return m_pages; }
    QList<QAction *> actions() override { return m_actions; }
    void setResult(std::shared_ptr<const ComparisonResult>) override {} // shows no comparison
    void refresh() override { showChart(); }
    QJsonObject saveState() const override;
    void restoreState(const QJsonObject &state) override;

private:
    QWidget *makeBar();
    void setUpTable();
    void showSweep();
    void showComponent();
    void showChart();
    void openPair(const QModelIndex &index);
    int chosenRow() const;

    ViewerContext m_context;
    SweepModel m_model;
    NumbersFirstSorter m_sorter;
    QPointer<QStackedWidget> m_pages;
    EmptyState *m_empty;
    QLabel *m_source;
    QLabel *m_hint;
    QComboBox *m_component;
    QComboBox *m_cost;
    QTableView *m_table;
    QSplitter *m_parts;
    QChartView *m_chart;
    QList<QAction *> m_actions;
};

SweepViewer::SweepViewer(const ViewerContext &context)
    : m_context(context), m_model(context.theme), m_pages(new QStackedWidget),
      m_empty(new EmptyState(context.theme, QStringLiteral("report"))), m_source(new QLabel),
      m_hint(new QLabel), m_component(new QComboBox), m_cost(new QComboBox), m_table(new RowTable),
      m_parts(new QSplitter(Qt::Horizontal)),
      m_chart(makeChartView(tr("Quality of variants"), m_parts))
{
    m_empty->setText(tr("No sweep yet"),
                     tr("File > Open sweep shows many variants of one model side by side: what "
                        "syncpoint-cli sweep --json wrote, or a quantization_summary.json or "
                        "metadata.json of möbius."));
    setUpTable();
    m_parts->insertWidget(0, m_table);
    m_parts->setStretchFactor(0, 1);
    m_parts->setStretchFactor(1, 1);
    auto *page = new QWidget;
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeBar());
    layout->addWidget(m_parts, 1);
    m_pages->addWidget(m_empty);
    m_pages->addWidget(page);
    m_pages->setFocusProxy(m_table);
    m_actions << makeChartExport(tr("Export the chart…"), QStringLiteral("sweep.exportChart"),
                                 m_chart, this);
    connect(&context.controller, &SessionController::sweepChanged, this, &SweepViewer::showSweep);
    connect(&context.theme, &Theme::changed, this, &SweepViewer::showChart);
}

SweepViewer::~SweepViewer()
{
    if (m_pages && m_pages->parent() == nullptr) {
        delete m_pages;
    }
}

QWidget *SweepViewer::makeBar()
{
    m_source->setProperty("muted", true);
    m_hint->setProperty("muted", true);
    m_component->setAccessibleName(tr("Component"));
    m_component->setToolTip(tr("Which part of the model the rows are about"));
    m_cost->addItems({tr("against size"), tr("against latency")});
    m_cost->setAccessibleName(tr("What quality is shown against"));
    connect(m_component, &QComboBox::currentIndexChanged, this, &SweepViewer::showComponent);
    connect(m_cost, &QComboBox::currentIndexChanged, this, &SweepViewer::showChart);
    auto *bar = new QWidget;
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(2 * Theme::kGrid, Theme::kGrid, 2 * Theme::kGrid, Theme::kGrid);
    layout->setSpacing(2 * Theme::kGrid);
    layout->addWidget(m_source);
    layout->addWidget(m_component);
    layout->addWidget(m_hint, 1);
    layout->addWidget(m_cost);
    return bar;
}

void SweepViewer::setUpTable()
{
    m_sorter.setSourceModel(&m_model);
    m_sorter.setSortRole(SweepModel::SortRole);
    m_table->setModel(&m_sorter);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTextElideMode(Qt::ElideMiddle);
    m_table->setAccessibleName(tr("Variants"));
    m_table->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder); // the report's order
    m_table->setSortingEnabled(true);
    // Queued: the click may come from a series of the chart that is replaced.
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &SweepViewer::showChart, Qt::QueuedConnection);
    connect(m_table, &QTableView::activated, this, &SweepViewer::openPair);
}

void SweepViewer::showSweep()
{
    const auto sweep = m_context.controller.sweep();
    const QSignalBlocker blocker(m_component);
    m_component->clear();
    std::set<std::string> seen;
    for (const SweepRow &row : sweep->rows) {
        if (!row.isBaseline && seen.insert(row.component).second) {
            m_component->addItem(QString::fromStdString(row.component));
        }
    }
    m_component->setVisible(seen.size() > 1);
    m_source->setText(
        QStringLiteral("%1 · %2").arg(QString::fromStdString(sweep->path.filename().string()),
                                      QString::fromStdString(sweep->source)));
    const auto hasSize = [](const SweepRow &row) { return row.bytes && row.quality; };
    const bool isSized = std::any_of(sweep->rows.begin(), sweep->rows.end(), hasSize);
    m_cost->setCurrentIndex(isSized ? 0 : 1);
    m_pages->setCurrentIndex(1);
    showComponent();
}

void SweepViewer::showComponent()
{
    const auto sweep = m_context.controller.sweep();
    if (!sweep) {
        return;
    }
    SweepOverview part = *sweep;
    const std::string component = m_component->currentText().toStdString();
    part.rows.erase(
        std::remove_if(part.rows.begin(), part.rows.end(),
                       [&component](const SweepRow &row) { return row.component != component; }),
        part.rows.end());
    if (m_component->count() > 1) { // a column of one value: the choice above tells it
        for (SweepRow &row : part.rows) {
            row.component.clear();
        }
    }
    const bool canOpen = std::any_of(part.rows.begin(), part.rows.end(), [&](const SweepRow &row) {
        return comparisonOf(part, row).has_value();
    });
    m_hint->setText(canOpen ? tr("A double click compares a variant with its baseline.")
                            : tr("The models are not beside the report: nothing to open."));
    m_model.setOverview(std::move(part));
    m_table->resizeColumnsToContents();
    showChart();
}

int SweepViewer::chosenRow() const
{
    const QModelIndex index = m_sorter.mapToSource(m_table->currentIndex());
    return index.isValid() ? index.row() : -1;
}

void SweepViewer::showChart()
{
    if (!m_context.controller.sweep()) {
        return;
    }
    const auto cost = m_cost->currentIndex() == 0 ? SweepCost::Size : SweepCost::Latency;
    const auto choose = [this](int row) {
        m_table->selectRow(m_sorter.mapFromSource(m_model.index(row, 0)).row());
    };
    replaceChart(m_chart,
                 makeSweepChart(m_model.overview(), cost, chosenRow(), m_context.theme, choose));
}

void SweepViewer::openPair(const QModelIndex &index)
{
    const SweepRow &row = m_model.row(m_sorter.mapToSource(index).row());
    if (const auto config = comparisonOf(m_model.overview(), row)) {
        m_context.controller.setConfig(*config);
        m_context.controller.compare();
    } else {
        m_hint->setText(row.isBaseline ? tr("This is the baseline: choose a variant to compare.")
                                       : tr("The model of %1 or its baseline was not found.")
                                             .arg(QString::fromStdString(row.variant)));
    }
}

QJsonObject SweepViewer::saveState() const
{
    return {{QStringLiteral("splitter"), QString::fromLatin1(m_parts->saveState().toBase64())}};
}

void SweepViewer::restoreState(const QJsonObject &state)
{
    m_parts->restoreState(
        QByteArray::fromBase64(state.value(QStringLiteral("splitter")).toString().toLatin1()));
}
} // namespace

std::unique_ptr<Viewer> makeSweepViewer(const ViewerContext &context)
{
    return std::make_unique<SweepViewer>(context);
}

} // namespace syncpoint
