#include "compare/session/compare_models.h"

#include "compare/session/axis_orders.h"
#include "compare/session/conclusions.h"
#include "compare/session/input_twins.h"
#include "compare/session/output_measuring.h"
#include "compare/session/point_measuring.h"
#include "compare/session/profile_choice.h"
#include "compare/session/scratch_folder.h"
#include "compare/session/side_loading.h"
#include "compare/session/value_tensors.h"
#include "core/base/sha256.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <fmt/format.h>
#include <future>
#include <thread>

namespace syncpoint {

namespace {
/// Work on another thread; the destructor waits, so that nothing outlives its captures.
template <typename Work>
auto inBackground(Work work)
{
    return std::async(std::launch::async, std::move(work));
}

std::string checksumOf(const std::filesystem::path &path, const JobContext &job)
{
    constexpr std::uintmax_t kLargestHashed = std::uintmax_t{1} << 30U; // above, it takes seconds
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error || size > kLargestHashed) {
        return {};
    }
    const auto checksum = sha256OfFile(path, job);
    return checksum ? *checksum : std::string();
}

Error namingSide(const Error &error, std::string_view side)
{
    return error.code == ErrorCode::Cancelled ? error : error.withContext(side);
}

/// One comparison on its way; the steps are called in order.
class Comparison
{
public:
    Comparison(const SessionConfig &config, const CompareEnvironment &environment,
               const JobContext &job)
        : m_environment(environment), m_job(job), m_result(std::make_shared<ComparisonResult>())
    {
        m_result->config = config;
    }

    Result<void> load();
    Result<void> run();
    void reuse(const ComparisonResult &previous);
    Result<void> align();
    Result<void> measure();
    Result<void> conclude();
    std::shared_ptr<const ComparisonResult> take() { return std::move(m_result); }

private:
    Result<void> prepareRuns();
    void keepCaptured();
    void describeInputs();
    void checkChecksum(const LoadedSide &loaded, const SideConfig &side);
    Error nothingInCommon() const;
    void note(Diagnostic::Severity severity, std::string where, std::string text)
    {
        m_result->diagnostics.push_back({severity, std::move(where), std::move(text)});
    }

    const CompareEnvironment &m_environment;
    const JobContext &m_job;
    std::shared_ptr<ComparisonResult> m_result;
    LoadedSide m_baseline, m_candidate;
    RunPlan m_baselinePlan, m_candidatePlan;
};

Result<void> Comparison::load()
{
    m_job.beginStage("loading");
    auto other = inBackground([this] { return loadSide(m_result->config.candidate, m_job); });
    auto baseline = loadSide(m_result->config.baseline, m_job);
    auto candidate = other.get();
    if (!baseline) {
        return namingSide(baseline.error(), "baseline");
    }
    if (!candidate) {
        return namingSide(candidate.error(), "candidate");
    }
    m_baseline = std::move(*baseline);
    m_candidate = std::move(*candidate);
    return {};
}

Result<void> Comparison::prepareRuns()
{
    const std::size_t runs = (m_baseline.needsRun() ? 1U : 0U) + (m_candidate.needsRun() ? 1U : 0U);
    if (runs == 0) {
        return {};
    }
    if (!m_environment.runner) {
        const LoadedSide &side = m_baseline.needsRun() ? m_baseline : m_candidate;
        return Error{ErrorCode::Unsupported,
                     fmt::format("{} has to be run, but syncpoint-runner is not installed: give a "
                                 "dump of it",
                                 side.model.string())};
    }
    auto scratch = ScratchFolder::create(m_environment.scratchRoot);
    if (!scratch) {
        return scratch.error();
    }
    const std::size_t cores = m_environment.threads > 0
                                  ? m_environment.threads
                                  : std::max(1U, std::thread::hardware_concurrency());
    const std::size_t threads = std::max<std::size_t>(1, cores / runs);
    auto twins = m_candidate.needsRun() ? twinInputs(*m_baseline.side.graph,
                                                     *m_candidate.side.graph, m_result->config.map)
                                        : InputTwins();
    m_baselinePlan = {*m_environment.runner, (*scratch)->path(), "baseline", threads, {}};
    m_candidatePlan = {*m_environment.runner, (*scratch)->path(), "candidate", threads,
                       std::move(twins.twins)};
    m_candidate.diagnostics.insert(m_candidate.diagnostics.end(), twins.diagnostics.begin(),
                                   twins.diagnostics.end());
    m_baseline.side.scratch = *scratch;
    m_candidate.side.scratch = *scratch;
    return {};
}

Result<void> Comparison::run()
{
    const SessionConfig &config = m_result->config;
    if (const auto ready = prepareRuns(); !ready) {
        return ready;
    }
    m_job.beginStage(m_baseline.needsRun() || m_candidate.needsRun() ? "running" : "aligning");
    auto hashes = inBackground([this] {
        return std::pair(checksumOf(m_baseline.side.path, m_job),
                         checksumOf(m_candidate.side.path, m_job));
    });
    const auto run = [this, &config](LoadedSide &side, const SideConfig &how, const RunPlan &plan) {
        return side.needsRun() ? runSide(side, how, config, plan, m_job) : Result<void>();
    };
    auto other = inBackground([&] { return run(m_candidate, config.candidate, m_candidatePlan); });
    const auto baseline = run(m_baseline, config.baseline, m_baselinePlan);
    const auto candidate = other.get();
    std::tie(m_baseline.side.sha256, m_candidate.side.sha256) = hashes.get();
    if (m_job.isCancelled()) {
        return JobContext::cancelledError();
    }
    if (!baseline) {
        return namingSide(baseline.error(), "baseline");
    }
    if (!candidate) {
        return namingSide(candidate.error(), "candidate");
    }
    keepCaptured();
    return {};
}

void Comparison::keepCaptured()
{
    describeInputs();
    placeReports(m_baseline);
    placeReports(m_candidate);
    m_result->diagnostics.insert(m_result->diagnostics.end(), m_baseline.diagnostics.begin(),
                                 m_baseline.diagnostics.end());
    m_result->diagnostics.insert(m_result->diagnostics.end(), m_candidate.diagnostics.begin(),
                                 m_candidate.diagnostics.end());
    checkChecksum(m_baseline, m_result->config.baseline);
    checkChecksum(m_candidate, m_result->config.candidate);
    m_result->baseline = std::move(m_baseline.side);
    m_result->candidate = std::move(m_candidate.side);
    m_result->captureDiagnostics = m_result->diagnostics;
}

void Comparison::reuse(const ComparisonResult &previous)
{
    m_result->baseline = previous.baseline;
    m_result->candidate = previous.candidate;
    m_result->inputsSource = previous.inputsSource;
    m_result->captureDiagnostics = m_result->diagnostics = previous.captureDiagnostics;
}

/// Reads what the side captured in its first sample.
CapturedValues::Read firstSampleOf(const ComparedSide &side)
{
    return [&side](ValueId value, std::uint64_t most) -> std::optional<std::vector<float>> {
        const auto location = locateValue(side, value, 0);
        if (!location || location->info.elements() > most || !isNumeric(location->info.dtype)) {
            return std::nullopt;
        }
        const auto tensor = readValue(side, value, 0);
        auto numbers = tensor ? decodeAll(tensor->view()) : tensor.error();
        return numbers ? std::optional(*std::move(numbers)) : std::nullopt;
    };
}

CapturedValues::ShapeOf firstShapeOf(const ComparedSide &side)
{
    return [&side](ValueId value) {
        const auto location = locateValue(side, value, 0);
        return location ? std::optional(location->info.shape) : std::nullopt;
    };
}

Result<void> Comparison::align()
{
    m_job.beginStage("aligning");
    const ComparedSide &baseline = m_result->baseline;
    const ComparedSide &candidate = m_result->candidate;
    auto alignment = alignGraphs(*baseline.graph, *candidate.graph, m_result->config.map, m_job,
                                 {firstSampleOf(baseline), firstSampleOf(candidate),
                                  firstShapeOf(baseline), firstShapeOf(candidate)});
    if (!alignment) {
        return alignment.error();
    }
    m_result->alignment = std::move(*alignment);
    const Diagnostics &notes = m_result->alignment.diagnostics;
    m_result->diagnostics.insert(m_result->diagnostics.end(), notes.begin(), notes.end());
    return m_result->alignment.points.empty() ? Result<void>(nothingInCommon()) : Result<void>();
}

void Comparison::describeInputs()
{
    const SessionConfig &config = m_result->config;
    const bool anyRun = !m_baselinePlan.runner.empty();
    const bool random = !config.inputs.file && config.inputs.useFallback &&
                        config.inputs.fallback.kind == InputFill::Kind::Random;
    m_result->inputsSource = !anyRun              ? "dumps"
                             : config.inputs.file ? config.inputs.file->string()
                             : random ? fmt::format("random, seed {}", config.inputs.seed)
                                      : "given per input";
    if (anyRun && random) {
        note(Diagnostic::Severity::Warning, "inputs",
             fmt::format("the inputs are random (seed {}): random inputs rank layers differently "
                         "from real ones; give real ones with --inputs",
                         config.inputs.seed));
    }
}

void Comparison::checkChecksum(const LoadedSide &loaded, const SideConfig &side)
{
    if (!side.dump || loaded.model.empty() || loaded.side.sha256.empty()) {
        return;
    }
    const std::string &recorded = loaded.side.dump->modelSha256;
    if (!recorded.empty() && recorded != loaded.side.sha256) {
        note(Diagnostic::Severity::Warning, side.dump->string(),
             fmt::format("was captured from another version of the model: its checksum is not that "
                         "of {}",
                         loaded.model.string()));
    }
}

Error Comparison::nothingInCommon() const
{
    return {ErrorCode::BadInput,
            fmt::format("{} and {} have nothing in common: not one pair of tensors could be "
                        "compared",
                        m_result->baseline.path, m_result->candidate.path)};
}

Result<void> Comparison::measure()
{
    const auto profile = chooseProfile(m_result->config, m_result->baseline, m_result->candidate);
    if (!profile) {
        return profile.error();
    }
    m_result->profile = *profile;
    const std::size_t baseline = m_result->baseline.dump->samples.size();
    const std::size_t candidate = m_result->candidate.dump->samples.size();
    m_result->samples = std::min(baseline, candidate);
    if (baseline != candidate) {
        note(Diagnostic::Severity::Warning, "samples",
             fmt::format("the baseline has {} samples and the candidate {}: the first {} are "
                         "compared",
                         baseline, candidate, m_result->samples));
    }
    if (const auto measured = measurePoints(*m_result, m_job); !measured) {
        return measured;
    }
    if (const auto settled = settleAxisOrders(*m_result, m_job); !settled) {
        return settled;
    }
    const bool any =
        std::any_of(m_result->points.begin(), m_result->points.end(),
                    [](const PointResult &point) { return point.status == PointStatus::Compared; });
    return any ? Result<void>() : Result<void>(nothingInCommon());
}

Result<void> Comparison::conclude()
{
    m_job.beginStage("attributing");
    if (const auto drawn = drawConclusions(*m_result, m_environment, m_job); !drawn) {
        return drawn;
    }
    if (const auto measured = measureOutputs(*m_result, m_job); !measured) {
        return measured;
    }
    const double ratio = m_result->coverage.ratio();
    if (ratio < m_result->config.minCoverage) {
        note(Diagnostic::Severity::Error, "coverage",
             fmt::format("only {:.0f} % of the candidate's ops were compared, below the floor of "
                         "{:.0f} %: the summary speaks for that part only",
                         100.0 * ratio, 100.0 * m_result->config.minCoverage));
    }
    return m_job.isCancelled() ? Result<void>(JobContext::cancelledError()) : Result<void>();
}
} // namespace

Result<std::shared_ptr<const ComparisonResult>> compareModels(const SessionConfig &config,
                                                              const CompareEnvironment &environment,
                                                              const JobContext &job)
{
    Comparison comparison(config, environment, job);
    for (const auto step : {&Comparison::load, &Comparison::run, &Comparison::align,
                            &Comparison::measure, &Comparison::conclude}) {
        if (const auto done = (comparison.*step)(); !done) {
            return done.error();
        }
    }
    return comparison.take();
}

bool capturesSame(const ComparisonResult &previous, const SessionConfig &config)
{
    const SessionConfig &before = previous.config;
    const auto feedsOf = [&previous](const ManualMap &map) {
        return twinInputs(*previous.baseline.graph, *previous.candidate.graph, map).twins;
    };
    return previous.baseline.dump && previous.candidate.dump &&
           before.baseline == config.baseline && before.candidate == config.candidate &&
           before.inputs == config.inputs && before.repeat == config.repeat &&
           before.repeatCapture == config.repeatCapture && before.warmup == config.warmup &&
           (config.candidate.dump || feedsOf(before.map) == feedsOf(config.map));
}

Result<std::shared_ptr<const ComparisonResult>>
compareCaptured(const ComparisonResult &previous, const SessionConfig &config,
                const CompareEnvironment &environment, const JobContext &job)
{
    Comparison comparison(config, environment, job);
    comparison.reuse(previous);
    for (const auto step : {&Comparison::align, &Comparison::measure, &Comparison::conclude}) {
        if (const auto done = (comparison.*step)(); !done) {
            return done.error();
        }
    }
    return comparison.take();
}

} // namespace syncpoint
