#include "ui/session/job_runner.h"

#include <QPointer>
#include <QPromise>

namespace syncpoint {

JobRunner::JobRunner(QObject *parent) : QObject(parent)
{
    // A cancelled job may still be winding down while its successor already works.
    m_pool.setMaxThreadCount(2);
}

JobRunner::~JobRunner()
{
    if (m_current) {
        m_current->context.token().cancel();
    }
    m_pool.waitForDone();
}

void JobRunner::cancel()
{
    if (!m_current) {
        return;
    }
    m_current->context.token().cancel();
    m_current.reset();
    Q_EMIT finished();
}

JobContext::Snapshot JobRunner::progress() const
{
    return m_current ? m_current->context.progress() : JobContext::Snapshot{};
}

void JobRunner::launch(std::function<void(const JobContext &)> work, std::function<void()> deliver)
{
    if (m_current) {
        m_current->context.token().cancel();
    }
    const Running running{JobContext{}, m_nextTicket++};
    m_current = running;

    // The promise lives in the job, so it ends when the job does, however it ends.
    auto promise = std::make_shared<QPromise<void>>();
    promise->start();
    auto *watcher = new QFutureWatcher<void>(this);
    connect(watcher, &QFutureWatcherBase::finished, this,
            [this, watcher, ticket = running.ticket, deliver = std::move(deliver)] {
                watcher->deleteLater();
                finish(ticket, deliver);
            });
    watcher->setFuture(promise->future());
    m_pool.start([promise, context = running.context, work = std::move(work)] {
        if (!context.isCancelled()) {
            work(context);
        }
        promise->finish();
    });
    Q_EMIT started();
}

void JobRunner::finish(quint64 ticket, const std::function<void()> &deliver)
{
    if (!m_current || m_current->ticket != ticket) {
        return;
    }
    m_current.reset();
    const QPointer<JobRunner> self(this); // a receiver may start another job or close everything
    deliver();
    if (self && !m_current) {
        Q_EMIT finished();
    }
}

} // namespace syncpoint
