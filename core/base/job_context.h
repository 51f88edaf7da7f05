#pragma once
#include "core/base/error.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace syncpoint {

/// A copyable handle to one "please stop" flag; all copies share it.
class CancelToken
{
public:
    CancelToken() : m_cancelled(std::make_shared<std::atomic<bool>>(false)) {}
    void cancel() const { m_cancelled->store(true, std::memory_order_relaxed); }
    bool isCancelled() const { return m_cancelled->load(std::memory_order_relaxed); }

private:
    std::shared_ptr<std::atomic<bool>> m_cancelled;
};

/// What a long synchronous function takes: a flag that asks it to stop, and progress that a timer
/// on another thread may poll. Copies share both. Safe to use from several threads.
class JobContext
{
public:
    JobContext() : m_progress(std::make_shared<Progress>()) {}
    explicit JobContext(CancelToken token)
        : m_token(std::move(token)), m_progress(std::make_shared<Progress>())
    {
    }

    bool isCancelled() const { return m_token.isCancelled(); }
    const CancelToken &token() const { return m_token; }

    /// Starts a stage ("aligning") of `total` steps; 0 means of unknown length.
    void beginStage(std::string name, std::uint64_t total = 0) const
    {
        const std::lock_guard lock(m_progress->mutex);
        m_progress->stage = std::move(name);
        m_progress->done.store(0, std::memory_order_relaxed);
        m_progress->total.store(total, std::memory_order_relaxed);
    }
    void advance(std::uint64_t steps = 1) const
    {
        m_progress->done.fetch_add(steps, std::memory_order_relaxed);
    }

    struct Snapshot
    {
        std::string stage;
        std::uint64_t done = 0;
        std::uint64_t total = 0;
    };
    Snapshot progress() const
    {
        const std::lock_guard lock(m_progress->mutex);
        return {m_progress->stage, m_progress->done.load(std::memory_order_relaxed),
                m_progress->total.load(std::memory_order_relaxed)};
    }

    static Error cancelledError() { return {ErrorCode::Cancelled, "stopped on request"}; }

private:
    struct Progress
    {
        mutable std::mutex mutex; // guards stage only
        std::string stage;
        std::atomic<std::uint64_t> done{0};
        std::atomic<std::uint64_t> total{0};
    };
    CancelToken m_token;
    std::shared_ptr<Progress> m_progress;
};

} // namespace syncpoint
