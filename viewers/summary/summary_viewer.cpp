#include "viewers/summary/summary_viewer.h"

#include "ui/session/model_inspection.h"
#include "ui/session/selection.h"
#include "ui/theme/theme.h"
#include "viewers/charts/chart_style.h"
#include "viewers/charts/chart_view.h"
#include "viewers/summary/charts.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QPointer>
#include <QSplitter>
#include <QStackedLayout>
#include <QVBoxLayout>
#include <algorithm>

namespace syncpoint {

namespace {
class SummaryViewer final : public Viewer
{
public:
    explicit SummaryViewer(const ViewerContext &context)
        : m_selection(context.selection), m_theme(context.theme), m_widget(new QWidget),
          m_stack(new QStackedLayout(m_widget)), m_charts(new QSplitter(Qt::Horizontal))
    {
        auto *message =
            new QLabel(tr("Compare two models to see their scores over execution order and which "
                          "modules introduce the error."));
        message->setAlignment(Qt::AlignCenter);
        message->setWordWrap(true);
        m_scores = makeChartView(tr("Score over execution order"), m_charts);
        m_second = makeChartView(tr("Second chart"), m_charts);
        m_kind = new QComboBox(m_charts);
        auto *right = new QWidget(m_charts);
        auto *column = new QVBoxLayout(right);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(0);
        m_kind->addItems({tr("Modules"), tr("Histogram of scores"), tr("Time of ops")});
        m_kind->setAccessibleName(tr("Second chart"));
        column->addWidget(m_kind, 0, Qt::AlignRight);
        column->addWidget(m_second, 1);
        connect(m_kind, &QComboBox::currentIndexChanged, this, &SummaryViewer::refresh);
        m_charts->addWidget(m_scores);
        m_charts->addWidget(right);
        m_charts->setSizes({1, 1});
        m_stack->addWidget(message);
        m_stack->addWidget(m_charts);
        connect(&m_theme, &Theme::changed, this, &SummaryViewer::refresh);
        m_actions << makeChartExport(tr("Export the score chart…"),
                                     QStringLiteral("summary.exportScores"), m_scores, this)
                  << makeChartExport(tr("Export the second chart…"),
                                     QStringLiteral("summary.exportSecond"), m_second, this);
    }
    ~SummaryViewer() override
    {
        delete m_widget.data();
    } // null when the shell's dock deleted it first

    QString id() const override { return QStringLiteral("summary"); }
    QString title() const override { return tr("Charts"); }
    ViewerArea area() const override { return ViewerArea::Centre; }
    QWidget *widget() override { return m_widget; }
    QList<QAction *> actions() override { return m_actions; }
    QJsonObject saveState() const override
    {
        return {{QStringLiteral("splitter"), QString::fromLatin1(m_charts->saveState().toBase64())},
                {QStringLiteral("second"), m_kind->currentIndex()}};
    }
    void restoreState(const QJsonObject &state) override
    {
        m_charts->restoreState(
            QByteArray::fromBase64(state.value(QStringLiteral("splitter")).toString().toLatin1()));
        m_kind->setCurrentIndex(
            std::clamp(state.value(QStringLiteral("second")).toInt(), 0, m_kind->count() - 1));
    }

    void setResult(std::shared_ptr<const ComparisonResult> result) override
    {
        m_result = std::move(result);
        refresh();
    }

    void refresh() override
    {
        const bool isComparison = m_result && hasCandidate(*m_result);
        m_stack->setCurrentIndex(isComparison ? 1 : 0);
        if (!isComparison) {
            return;
        }
        replaceChart(m_scores, makeScoreChart(m_result, m_theme,
                                              [this](SyncPointId point) { selectPoint(point); }));
        replaceChart(m_second, makeSecondChart());
    }

private:
    enum Kind { Modules, Histogram, Latency };
    QChart *makeSecondChart()
    {
        switch (m_kind->currentIndex()) {
        case Histogram:
            return makeHistogramChart(*m_result, m_theme);
        case Latency:
            if (!hasLatency(*m_result)) {
                return makeChart(tr("No op was timed: set “timed runs” on the start page"),
                                 m_theme);
            }
            return makeLatencyChart(*m_result, m_theme,
                                    [this](SyncPointId point) { selectPoint(point); });
        default:
            return makeModuleChart(*m_result, m_theme, [this](ModuleId module) {
                Selection::Item item;
                item.module = module;
                m_selection.select(item, this);
            });
        }
    }

    void selectPoint(SyncPointId point)
    {
        if (point.index() < m_result->alignment.points.size()) {
            Selection::Item item;
            item.point = point;
            item.node = m_result->alignment.point(point).referenceNode;
            m_selection.select(item, this);
        }
    }

    Selection &m_selection;
    Theme &m_theme;
    std::shared_ptr<const ComparisonResult> m_result;
    QPointer<QWidget> m_widget;
    QStackedLayout *m_stack;
    QSplitter *m_charts;
    QChartView *m_scores, *m_second;
    QComboBox *m_kind;
    QList<QAction *> m_actions;
};
} // namespace

std::unique_ptr<Viewer> makeSummaryViewer(const ViewerContext &context)
{
    return std::make_unique<SummaryViewer>(context);
}

} // namespace syncpoint
