#pragma once
#include "core/base/job_context.h"

#include <QObject>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

namespace syncpoint {

/// Runs one job at a time off the UI thread; starting another cancels the first, whose result is
/// never delivered. The destructor cancels and waits. Threads of the standard library, not Qt's
/// pool: a race detector cannot look into a Qt that was built without it, and would take every
/// result that Qt hands over for a race.
class JobRunner : public QObject
{
    Q_OBJECT
public:
    explicit JobRunner(QObject *parent = nullptr);
    ~JobRunner() override;

    /// `work` runs on a worker thread and must capture values only; `deliver` is called on the UI
    /// thread with its result, unless a newer job was started or cancel() was called.
    template <typename T>
    void start(std::function<T(const JobContext &)> work, std::function<void(T)> deliver);
    void cancel();
    bool isRunning() const { return m_current.has_value(); }
    /// Progress of the current job; empty stage when idle. Poll it from a timer.
    JobContext::Snapshot progress() const;

Q_SIGNALS:
    void started();
    void finished(); ///< also after cancel()

private:
    struct Running
    {
        JobContext context;
        quint64 ticket = 0;
        std::function<void()> deliver;
    };
    void launch(std::function<void(const JobContext &)> work, std::function<void()> deliver);
    Q_INVOKABLE void finish(quint64 ticket);

    std::optional<Running> m_current;
    quint64 m_nextTicket = 1;
    std::thread m_latest;   ///< of the current job, or of a cancelled one
    std::thread m_previous; ///< of a cancelled job that may still be winding down
};

template <typename T>
void JobRunner::start(std::function<T(const JobContext &)> work, std::function<void(T)> deliver)
{
    auto slot = std::make_shared<std::optional<T>>();
    launch([slot, work = std::move(work)](const JobContext &job) { slot->emplace(work(job)); },
           [slot, deliver = std::move(deliver)] {
               if (slot->has_value()) { // empty only when the job was cancelled before it began
                   deliver(std::move(**slot));
               }
           });
}

} // namespace syncpoint
