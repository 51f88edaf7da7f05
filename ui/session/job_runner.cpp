#include "ui/session/job_runner.h"

#include <QPointer>
#include <utility>

namespace syncpoint {

namespace {

void waitFor(std::thread &thread)
{
    if (thread.joinable()) {
        thread.join();
    }
}

} // namespace

JobRunner::JobRunner(QObject *parent) : QObject(parent)
{
}

JobRunner::~JobRunner()
{
    if (m_current) {
        m_current->context.token().cancel();
    }
    waitFor(m_latest);
    waitFor(m_previous);
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
    m_current = Running{JobContext{}, m_nextTicket++, std::move(deliver)};

    // A cancelled job may still be winding down while its successor already works: two at a time.
    m_latest = std::thread([this, before = std::exchange(m_previous, std::move(m_latest)),
                            context = m_current->context, ticket = m_current->ticket,
                            work = std::move(work)]() mutable {
        waitFor(before);
        if (!context.isCancelled()) {
            work(context);
        }
        QMetaObject::invokeMethod(this, "finish", Qt::QueuedConnection, Q_ARG(quint64, ticket));
    });
    Q_EMIT started();
}

void JobRunner::finish(quint64 ticket)
{
    if (!m_current || m_current->ticket != ticket) {
        return;
    }
    waitFor(m_latest);
    const std::function<void()> deliver = std::move(m_current->deliver);
    m_current.reset();
    const QPointer<JobRunner> self(this); // a receiver may start another job or close everything
    deliver();
    if (self && !m_current) {
        Q_EMIT finished();
    }
}

} // namespace syncpoint
