#include "ui/shell/job_bar.h"

#include "ui/session/session_controller.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>
#include <algorithm>

namespace syncpoint {

namespace {
constexpr int kDelay = 300; // milliseconds; shorter work would only flicker
constexpr int kPollInterval = 100;
constexpr int kBarWidth = 160;
constexpr int kSteps = 1000; // a progress bar counts in int, jobs in 64 bit
} // namespace

JobBar::JobBar(SessionController &controller, const Theme &theme, QWidget *parent)
    : QWidget(parent), m_controller(controller), m_stage(new QLabel(this)),
      m_progress(new QProgressBar(this)), m_cancel(new QToolButton(this))
{
    m_progress->setFixedWidth(kBarWidth);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(QStringLiteral("Progress"));
    m_cancel->setToolTip(QStringLiteral("Stop"));
    m_cancel->setAccessibleName(QStringLiteral("Stop"));
    const auto restyle = [this, &theme] { m_cancel->setIcon(theme.icon(QStringLiteral("stop"))); };
    restyle();
    connect(&theme, &Theme::changed, this, restyle);
    connect(m_cancel, &QToolButton::clicked, &controller, &SessionController::cancel);

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2 * Theme::kGrid);
    layout->addWidget(m_stage);
    layout->addWidget(m_progress);
    layout->addWidget(m_cancel);

    m_delay.setSingleShot(true);
    m_delay.setInterval(kDelay);
    connect(&m_delay, &QTimer::timeout, this, &QWidget::show);
    m_poll.setInterval(kPollInterval);
    connect(&m_poll, &QTimer::timeout, this, &JobBar::poll);
    connect(&controller, &SessionController::busyChanged, this, &JobBar::setBusy);
    hide();
}

void JobBar::setBusy(bool busy)
{
    if (!busy) {
        m_delay.stop();
        m_poll.stop();
        hide();
        return;
    }
    m_progress->setRange(0, 0);
    m_stage->setText(QStringLiteral("Comparing"));
    m_poll.start();
    if (!isVisible()) {
        m_delay.start();
    }
}

void JobBar::poll()
{
    const JobContext::Snapshot snapshot = m_controller.jobs().progress();
    if (!snapshot.stage.empty()) {
        m_stage->setText(QString::fromStdString(snapshot.stage));
    }
    if (snapshot.total == 0) {
        m_progress->setRange(0, 0);
        return;
    }
    const double share = static_cast<double>(snapshot.done) / static_cast<double>(snapshot.total);
    m_progress->setRange(0, kSteps);
    m_progress->setValue(static_cast<int>(std::min(share, 1.0) * kSteps));
}

} // namespace syncpoint
