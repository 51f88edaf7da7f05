#include "viewers/tensor/tensor_viewer.h"

#include "ui/models/op_weights.h"
#include "ui/models/result_index.h"
#include "ui/session/job_runner.h"
#include "ui/session/selection.h"
#include "ui/theme/theme.h"
#include "viewers/tensor/tensor_pane.h"

#include <QAction>
#include <QComboBox>
#include <QDockWidget>
#include <QPointer>
#include <QSignalBlocker>
#include <QSpinBox>
#include <algorithm>

namespace syncpoint {

namespace {
class TensorViewer final : public Viewer
{
public:
    explicit TensorViewer(const ViewerContext &context)
        : m_selection(context.selection), m_pane(new TensorPane(context.theme)),
          m_what(new QComboBox(m_pane)), m_sample(new QSpinBox(m_pane)),
          m_part(new QSpinBox(m_pane))
    {
        m_part->setPrefix(tr("part "));
        m_part->setAccessibleName(tr("Part of the tensor"));
        m_part->setToolTip(tr("The tensor is too large to be shown at once"));
        m_part->hide();
        m_pane->addControl(m_part);
        connect(m_part, &QSpinBox::valueChanged, this, &TensorViewer::loadPart);
        m_sample->setPrefix(tr("sample "));
        m_sample->setAccessibleName(tr("Sample"));
        m_sample->hide();
        m_pane->addControl(m_sample);
        connect(m_sample, &QSpinBox::valueChanged, this, [this](int sample) {
            m_selection.setSample(static_cast<std::size_t>(sample), this);
        });
        m_what->setAccessibleName(tr("What the op computes or reads"));
        m_what->setToolTip(tr("The op's output, or one of its weights"));
        m_what->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        m_what->setMinimumContentsLength(7); // "output"; the list shows the whole text
        m_what->hide();
        m_pane->addControl(m_what);
        connect(m_what, &QComboBox::activated, this, &TensorViewer::showWhat);
        connect(&m_selection, &Selection::changed, this,
                [this](const Selection::Item &item, const QObject *origin) {
                    if (origin != this && m_result && isWeight(*m_result, item)) {
                        raise(); // who asks for a weight wants to see it
                    }
                    load();
                });
        connect(&m_selection, &Selection::sampleChanged, this, [this](std::size_t sample) {
            m_sample->setValue(static_cast<int>(sample));
            load();
        });
        connect(&context.theme, &Theme::changed, m_pane, qOverload<>(&QWidget::update));
        addAction(tr("Go to the worst element"), QStringLiteral("tensor.worst"), Qt::Key_W,
                  &TensorPane::goToWorst);
        addAction(tr("Go to the next NaN or Inf"), QStringLiteral("tensor.nextNonfinite"),
                  Qt::SHIFT | Qt::Key_W, &TensorPane::goToNextNonfinite);
        addAction(tr("Cycle the tensor view"), QStringLiteral("tensor.cycleView"), Qt::Key_V,
                  &TensorPane::cycleMode);
        addAction(tr("Go to an index of the tensor"), QStringLiteral("tensor.goToIndex"),
                  Qt::CTRL | Qt::Key_G, &TensorPane::askIndex);
        addAction(tr("Export the tensor…"), QStringLiteral("tensor.export"), {},
                  &TensorPane::exportTensor);
        addAction(tr("Copy the tensor's value under the cursor"),
                  QStringLiteral("tensor.copyValue"), Qt::CTRL | Qt::SHIFT | Qt::Key_C,
                  &TensorPane::copyValue);
        auto *cycle = new QAction(tr("Show the op's next weight or its output"), this);
        cycle->setObjectName(QStringLiteral("tensor.cycleWeights"));
        cycle->setShortcut(Qt::Key_G);
        connect(cycle, &QAction::triggered, this, [this] {
            if (m_what->count() > 1) {
                showWhat((m_what->currentIndex() + 1) % m_what->count());
            }
        });
        m_actions << cycle;
        addAction(tr("Copy the tensor's pictures"), QStringLiteral("tensor.copyPictures"), {},
                  &TensorPane::copyPictures);
        m_actions << m_pane->toggles();
        setResult(nullptr);
    }
    ~TensorViewer() override
    {
        delete m_pane.data();
    } // null when the shell's dock deleted it first

    QString id() const override { return QStringLiteral("tensor"); }
    QString title() const override { return tr("Tensor"); }
    ViewerArea area() const override { return ViewerArea::Bottom; }
    QWidget *widget() override { return m_pane; }
    QList<QAction *> actions() override { return m_actions; }

    void setResult(std::shared_ptr<const ComparisonResult> result) override
    {
        m_result = std::move(result);
        const bool several = m_result && m_result->samples > 1;
        m_sample->setVisible(several);
        m_sample->setRange(0, several ? static_cast<int>(m_result->samples) - 1 : 0);
        load();
    }
    void refresh() override { load(); }
    QJsonObject saveState() const override { return m_pane->saveState(); }
    void restoreState(const QJsonObject &state) override { m_pane->restoreState(state); }

private:
    void addAction(const QString &text, const QString &key, const QKeySequence &shortcut,
                   void (TensorPane::*command)())
    {
        auto *action = new QAction(text, this);
        action->setObjectName(key);
        action->setShortcut(shortcut);
        connect(action, &QAction::triggered, m_pane, command);
        m_actions << action;
    }

    /// The output stands first, the weights follow.
    void showWhat(int index)
    {
        const Selection::Item &item = m_selection.current();
        if (index > 0 && index <= static_cast<int>(m_weights.size())) {
            m_selection.select(m_weights[static_cast<std::size_t>(index - 1)].item, this);
        } else {
            m_selection.select(itemForNode(*m_result, ResultIndex(*m_result), item.side, item.node),
                               this);
        }
    }

    void updateWhat()
    {
        const Selection::Item &item = m_selection.current();
        m_weights = m_result ? weightsOf(*m_result, item) : std::vector<OpWeight>();
        m_what->clear();
        m_what->addItem(tr("output"));
        for (const OpWeight &weight : m_weights) {
            m_what->addItem(weight.text);
            if (weight.item.value == item.value) {
                m_what->setCurrentIndex(m_what->count() - 1);
            }
        }
        m_what->setVisible(!m_weights.empty());
    }

    void raise()
    {
        for (QWidget *widget = m_pane; widget != nullptr; widget = widget->parentWidget()) {
            if (auto *dock = qobject_cast<QDockWidget *>(widget)) {
                dock->show();
                dock->raise();
            }
        }
    }

    /// Another tensor starts at its first part.
    void load()
    {
        updateWhat();
        const QSignalBlocker quiet(m_part);
        m_part->setValue(1);
        loadPart();
    }

    void loadPart()
    {
        const Selection::Item &item = m_selection.current();
        if (!m_result) {
            m_pane->showMessage(tr(
                "Compare two models to see their tensors here, side by side with the difference."));
            return;
        }
        if (!item.point.isValid() && !item.value.isValid()) {
            m_pane->showMessage(tr("Select an op or a sync point to see its tensor: baseline, "
                                   "candidate and difference."));
            return;
        }
        const TensorRequest request{m_result,
                                    item.point,
                                    item.value,
                                    item.side == Side::Candidate,
                                    isWeight(*m_result, item),
                                    m_selection.sample(),
                                    static_cast<std::size_t>(std::max(1, m_part->value()) - 1)};
        m_jobs.start<TensorContent>(
            [request](const JobContext &job) { return loadTensorContent(request, job); },
            [this](TensorContent content) {
                const auto parts = static_cast<int>(content.part.count);
                const QSignalBlocker quiet(m_part);
                m_part->setVisible(parts > 1);
                m_part->setRange(1, parts);
                m_part->setSuffix(tr(" of %1").arg(parts));
                m_pane->setContent(std::move(content));
            });
    }

    Selection &m_selection;
    std::shared_ptr<const ComparisonResult> m_result;
    QPointer<TensorPane> m_pane;
    std::vector<OpWeight> m_weights;
    QComboBox *m_what;
    QSpinBox *m_sample, *m_part;
    QList<QAction *> m_actions;
    JobRunner m_jobs;
};
} // namespace

std::unique_ptr<Viewer> makeTensorViewer(const ViewerContext &context)
{
    return std::make_unique<TensorViewer>(context);
}

} // namespace syncpoint
