#include "core/run/timing.h"
#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"
#include "core/placement/profile_trace.h"
#include "core/run/latency.h"
#include "core/run/process_memory.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <span>
#include <vector>

namespace syncpoint {

namespace {
constexpr std::size_t kProfiledRuns = 10; // the profile of a large model is megabytes per run

Result<std::vector<double>> timeRuns(OrtSession &session, std::span<const Tensor> inputs,
                                     std::size_t warmup, std::size_t repeat, const JobContext &job)
{
    std::vector<double> times;
    for (std::size_t run = 0; run < warmup + repeat; ++run) {
        if (job.isCancelled()) {
            return JobContext::cancelledError();
        }
        const auto start = std::chrono::steady_clock::now();
        if (auto outputs = session.run(inputs); !outputs) {
            return outputs.error();
        }
        const std::chrono::duration<double, std::micro> took =
            std::chrono::steady_clock::now() - start;
        if (run >= warmup) {
            times.push_back(took.count());
        }
        job.advance(1);
    }
    return times;
}

Result<std::map<std::string, NodeProfile>> readTrace(const std::filesystem::path &file,
                                                     std::size_t skippedRuns)
{
    const auto trace = MappedFile::open(file);
    auto profiles = trace ? nodeProfiles(asText((*trace)->bytes()), skippedRuns)
                          : Result<std::map<std::string, NodeProfile>>(trace.error());
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    return profiles;
}

Result<std::map<std::string, NodeProfile>> profileRuns(const std::shared_ptr<Ort::Env> &runtime,
                                                       const std::filesystem::path &model,
                                                       const SessionSettings &settings,
                                                       std::span<const Tensor> inputs,
                                                       std::size_t repeat, const JobContext &job)
{
    auto session = OrtSession::open(runtime, model, {}, settings);
    if (!session) {
        return session.error();
    }
    const std::size_t runs = std::min(repeat, kProfiledRuns);
    const auto times = timeRuns(**session, inputs, 1, runs, job);
    const auto file = (*session)->endTrace(); // in every case, so that its file can be removed
    if (!file) {
        return file.error();
    }
    auto profiles = readTrace(*file, 1);
    return times ? std::move(profiles) : times.error();
}
} // namespace

Result<RunProfile> measure(const std::shared_ptr<Ort::Env> &runtime,
                           const std::filesystem::path &model, const SessionSettings &settings,
                           const ModelInputs &inputs, std::size_t warmup, std::size_t repeat,
                           const std::filesystem::path &traceStart, const JobContext &job,
                           Diagnostics &diagnostics)
{
    job.beginStage("measuring", warmup + repeat + std::min(repeat, kProfiledRuns) + 1);
    const auto given = inputs.make(0);
    if (!given) {
        return given.error();
    }
    RunProfile profile;
    {
        auto session = OrtSession::open(runtime, model, {}, settings);
        if (!session) {
            return session.error();
        }
        restartPeakMemory();
        auto times = timeRuns(**session, *given, warmup, repeat, job);
        profile.peakMemory = peakMemory();
        if (!times) {
            return times.error();
        }
        profile.latency = summarizeLatency(*std::move(times));
    }
    SessionSettings traced = settings;
    traced.trace = traceStart;
    auto nodes = profileRuns(runtime, model, traced, *given, repeat, job);
    if (nodes) {
        profile.nodes = *std::move(nodes);
    } else if (nodes.error().code == ErrorCode::Cancelled) {
        return nodes.error();
    } else {
        diagnostics.push_back({Diagnostic::Severity::Warning, model.string(),
                               "no time per op: " + nodes.error().message});
    }
    return profile;
}

} // namespace syncpoint
