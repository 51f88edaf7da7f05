#include "ui/session/session_controller.h"

#include "ui/pairing/manual_pairing.h"
#include "ui/session/model_inspection.h"

namespace syncpoint {

using ComparisonOutcome = Result<std::shared_ptr<const ComparisonResult>>;

namespace {

/// Measuring has read every tensor, the panes show a few: the mapped pages of all can go.
void releaseTensors(const ComparedSide &side)
{
    if (!side.dump) {
        return;
    }
    for (const auto *stores : {&side.dump->samples, &side.dump->plainOutputs}) {
        for (const auto &store : *stores) {
            for (std::size_t i = 0; i < store->entries().size(); ++i) {
                store->release(TensorId{i}, 0, store->entries()[i].info.elements());
            }
        }
    }
}

/// `captured` may be null.
ComparisonOutcome compareAndRelease(const ComparisonResult *captured, const SessionConfig &config,
                                    const CompareEnvironment &environment, const JobContext &job)
{
    auto outcome = captured != nullptr && capturesSame(*captured, config)
                       ? compareCaptured(*captured, config, environment, job)
                       : compareModels(config, environment, job);
    if (outcome) {
        releaseTensors((*outcome)->baseline);
        releaseTensors((*outcome)->candidate);
    }
    return outcome;
}

} // namespace

SessionController::SessionController(CompareEnvironment environment, QObject *parent)
    : QObject(parent), m_environment(std::move(environment)),
      m_pairing(std::make_unique<ManualPairing>(*this))
{
    connect(&m_jobs, &JobRunner::started, this, [this] { Q_EMIT busyChanged(true); });
    connect(&m_jobs, &JobRunner::finished, this, [this] { Q_EMIT busyChanged(false); });
}

SessionController::~SessionController() = default;

void SessionController::setConfig(SessionConfig config)
{
    if (config == m_config) {
        return;
    }
    m_config = std::move(config);
    m_modified = true;
    Q_EMIT configChanged();
}

void SessionController::compare()
{
    start(nullptr);
}

void SessionController::compareAgain()
{
    start(m_result);
}

void SessionController::start(std::shared_ptr<const ComparisonResult> captured)
{
    m_jobs.start<ComparisonOutcome>(
        [config = m_config, environment = m_environment,
         captured = std::move(captured)](const JobContext &job) {
            const bool isAlone = !config.candidate.model && !config.candidate.dump;
            return isAlone ? inspectModel(config, job)
                           : compareAndRelease(captured.get(), config, environment, job);
        },
        [this](ComparisonOutcome outcome) {
            if (!outcome) {
                Q_EMIT failed(QString::fromStdString(outcome.error().message));
                return;
            }
            m_result = std::move(outcome).value();
            Q_EMIT resultChanged();
        });
}

void SessionController::cancel()
{
    m_jobs.cancel();
}

void SessionController::openSweep(const std::filesystem::path &file)
{
    m_sweepJobs.start<Result<SweepOverview>>(
        [file](const JobContext &) { return readSweep(file); },
        [this](Result<SweepOverview> overview) {
            if (!overview) {
                Q_EMIT failed(QString::fromStdString(overview.error().message));
                return;
            }
            m_sweep = std::make_shared<const SweepOverview>(std::move(overview).value());
            Q_EMIT sweepChanged();
        });
}

Result<void> SessionController::save(const std::filesystem::path &file, const QString &view)
{
    if (auto written = writeSession(file, {m_config, view.toStdString()}); !written) {
        return written.error();
    }
    m_file = file;
    m_modified = false;
    Q_EMIT configChanged();
    return {};
}

Result<QString> SessionController::open(const std::filesystem::path &file)
{
    auto session = readSession(file);
    if (!session) {
        return session.error();
    }
    m_config = std::move(session->config);
    m_file = file;
    m_modified = false;
    Q_EMIT configChanged();
    return QString::fromStdString(session->view);
}

} // namespace syncpoint
