#pragma once
#include "compare/session/compare_models.h"
#include "compare/sweep/sweep_overview.h"
#include "ui/session/job_runner.h"

#include <QObject>
#include <QString>
#include <filesystem>
#include <memory>

namespace syncpoint {

class ManualPairing;

/// Owns the config and the result; the only one that starts comparisons. Panes read result() and
/// react to resultChanged().
class SessionController : public QObject
{
    Q_OBJECT
public:
    explicit SessionController(CompareEnvironment environment, QObject *parent = nullptr);
    ~SessionController() override;

    const SessionConfig &config() const { return m_config; }
    void setConfig(SessionConfig config); ///< does not compare yet
    std::shared_ptr<const ComparisonResult> result() const { return m_result; }
    const JobRunner &jobs() const { return m_jobs; }
    ManualPairing &pairing() { return *m_pairing; } ///< edits of the map, with undo

    /// In the background; a newer call wins. A baseline without candidate is loaded and shown
    /// alone.
    void compare();
    /// As compare(), on the tensors of the result at hand where the config still asks for those.
    void compareAgain();
    void cancel();

    /// Reads a sweep's report in the background; sweepChanged() or failed() follows.
    void openSweep(const std::filesystem::path &file);
    /// The last one that was opened; null before.
    std::shared_ptr<const SweepOverview> sweep() const { return m_sweep; }

    /// The session's file; empty when never saved. `view` is the window's own state.
    const std::filesystem::path &file() const { return m_file; }
    Result<void> save(const std::filesystem::path &file, const QString &view);
    Result<QString> open(const std::filesystem::path &file); ///< returns the view state
    bool isModified() const { return m_modified; }

Q_SIGNALS:
    void configChanged();
    void resultChanged();
    void sweepChanged();
    void failed(const QString &sentence);
    void busyChanged(bool busy);

private:
    void start(std::shared_ptr<const ComparisonResult> captured);

    CompareEnvironment m_environment;
    SessionConfig m_config;
    std::shared_ptr<const ComparisonResult> m_result;
    std::filesystem::path m_file;
    bool m_modified = false;
    std::shared_ptr<const SweepOverview> m_sweep;
    JobRunner m_jobs{this};
    JobRunner m_sweepJobs{this};
    std::unique_ptr<ManualPairing> m_pairing;
};

} // namespace syncpoint
