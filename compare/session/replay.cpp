#include "compare/session/replay.h"

#include "compare/attribute/attribute_check.h"
#include "compare/attribute/replay_plan.h"
#include "compare/session/piece_runs.h"
#include "compare/session/replay_tensors.h"
#include "compare/session/scratch_folder.h"
#include "compare/session/value_tensors.h"
#include "core/base/parallel_for.h"
#include "core/formats/hdf5/dump_writer.h"
#include "core/launch/run_request.h"

#include <algorithm>
#include <fmt/format.h>
#include <future>
#include <set>
#include <thread>

namespace syncpoint {

namespace {
namespace fs = std::filesystem;

/// The file that `result.baseline.graph` was read from.
fs::path modelFile(const ComparisonResult &result)
{
    const SideConfig &config = result.config.baseline;
    return config.optimize == Optimization::None ? fs::path(result.baseline.path)
                                                 : fs::path(result.baseline.graph->info().path);
}

class Replay
{
public:
    Replay(const ComparisonResult &result, const CompareEnvironment &environment,
           Diagnostics &diagnostics, const JobContext &job)
        : m_result(result), m_environment(environment), m_diagnostics(diagnostics), m_job(job),
          m_weights(result.points.size()), m_out(result.points.size())
    {
    }

    Result<std::vector<ReplayedPoint>> run()
    {
        plan();
        for (const auto step : {&Replay::writeFeed, &Replay::runPieces, &Replay::measure}) {
            if (m_job.isCancelled()) {
                return JobContext::cancelledError();
            }
            if (auto done = (this->*step)(); !done) {
                if (m_job.isCancelled()) {
                    return JobContext::cancelledError();
                }
                giveUp(done.error());
                break;
            }
        }
        return std::move(m_out);
    }

private:
    void plan()
    {
        m_regions = planReplay(*m_result.baseline.graph, m_result.alignment, [&](SyncPointId id) {
            return m_result.point(id).status == PointStatus::Compared;
        });
        parallelFor(m_regions.size(), [&](std::size_t i) {
            const ReplayRegion &region = m_regions[i];
            const SyncPoint &point = m_result.alignment.points[i];
            ReplayedPoint &out = m_out[i];
            out.obstacle = region.obstacle;
            out.promise = promiseOf(*m_result.candidate.graph, m_result.alignment, SyncPointId{i});
            if (!out.promise.later.steps.empty()) {
                out.views = viewsOf(point);
            }
            if (!region.obstacle.empty() || !point.candidateNode.isValid()) {
                return;
            }
            if (point.referenceNode.isValid()) {
                out.faults = differingAttributes(*m_result.baseline.graph, point.referenceNode,
                                                 *m_result.candidate.graph, point.candidateNode);
            }
            std::vector<NodeId> ops{point.candidateNode};
            ops.insert(ops.end(), point.absorbedCandidate.begin(), point.absorbedCandidate.end());
            auto weights = pairWeights(*m_result.baseline.graph, region.ops, region.constants,
                                       *m_result.candidate.graph, ops);
            out.faults.insert(out.faults.end(), weights.faults.begin(), weights.faults.end());
            out.weightExcess = weights.worstExcess();
            out.unpairedNoise = weights.unpairedNoise;
            out.knowsWeights = weights.isComplete;
            m_weights[i] = std::move(weights.pairs);
        });
    }

    /// The baseline's ops that only pass the point's numbers on.
    std::vector<NodeId> viewsOf(const SyncPoint &point) const
    {
        std::vector<NodeId> views;
        for (const ValueId member : point.referenceClass) {
            const NodeId producer = m_result.baseline.graph->value(member).producer;
            if (producer.isValid() && producer != point.referenceNode) {
                views.push_back(producer);
            }
        }
        return views;
    }

    /// One file for both runs: the candidate's values sample by sample, its weights once.
    Result<void> writeFeed()
    {
        auto scratch = ScratchFolder::create(m_environment.scratchRoot);
        if (!scratch) {
            return scratch.error();
        }
        m_scratch = *std::move(scratch);
        auto writer = DumpWriter::create(feedFile(), {}, {0, true});
        if (!writer) {
            return writer.error();
        }
        const Graph &graph = *m_result.baseline.graph;
        m_job.beginStage("replaying", m_result.samples);
        for (std::size_t sample = 0; sample < m_result.samples; ++sample) {
            for (std::size_t i = 0; i < m_regions.size(); ++i) {
                if (!m_regions[i].obstacle.empty()) {
                    continue;
                }
                const auto tensor = candidateNumbers(i, sample);
                if (!tensor) {
                    m_regions[i].obstacle = m_out[i].obstacle = tensor.error().message;
                    continue;
                }
                for (const ValueId feed : m_regions[i].feeds) {
                    m_fed.insert(graph.value(feed).name);
                    if (auto done = write(**writer, sample, graph.value(feed).name, *tensor);
                        !done) {
                        return done;
                    }
                }
            }
            if (auto done = writeInputs(**writer, sample); !done) {
                return done;
            }
        }
        if (auto done = writeWeights(**writer); !done) {
            return done;
        }
        return (*writer)->finish();
    }

    Result<Tensor> candidateNumbers(std::size_t i, std::size_t sample) const
    {
        return candidateAtRoot(m_result, SyncPointId{i}, m_regions[i], m_out[i].promise.later.steps,
                               sample);
    }

    /// Inputs of the model that no sync point covers are the same on both sides.
    Result<void> writeInputs(DumpWriter &writer, std::size_t sample)
    {
        const Graph &graph = *m_result.baseline.graph;
        for (const ValueId input : graph.mainScope().inputs) {
            const std::string &name = graph.value(input).name;
            if (m_fed.count(name) != 0 || graph.value(input).constant) {
                continue;
            }
            const auto tensor = readValue(m_result.baseline, input, sample);
            if (tensor) {
                if (auto done = write(writer, sample, name, *tensor); !done) {
                    return done;
                }
            }
        }
        return {};
    }

    Result<void> writeWeights(DumpWriter &writer)
    {
        for (const auto &pairs : m_weights) {
            for (const WeightPair &pair : pairs) {
                const std::string &name = m_result.baseline.graph->value(pair.baseline).name;
                if (m_fed.count(name) != 0 || !m_fedWeights.insert(name).second) {
                    continue;
                }
                if (auto done = write(writer, 0, name, pair.replacement); !done) {
                    return done;
                }
            }
        }
        return {};
    }

    static Result<void> write(DumpWriter &writer, std::size_t sample, const std::string &name,
                              const Tensor &tensor)
    {
        TensorEntry entry;
        entry.name = name;
        entry.info = tensor.info();
        return writer.write(sample, entry, tensor);
    }

    fs::path feedFile() const { return m_scratch->path() / "feed.h5"; }

    /// Both runs at the same time, sharing the cores.
    Result<void> runPieces()
    {
        const std::size_t cores = m_environment.threads > 0
                                      ? m_environment.threads
                                      : std::max(1U, std::thread::hardware_concurrency());
        std::vector<WantedPiece> pieces, weighted;
        for (std::size_t i = 0; i < m_regions.size(); ++i) {
            const ReplayRegion &region = m_regions[i];
            if (!region.obstacle.empty() || region.isInput()) {
                continue;
            }
            const auto where = locateValue(m_result.baseline, region.root, 0);
            pieces.push_back({m_result.baseline.graph->value(region.root).name,
                              where ? where->info.elements() * sizeof(float) : 0});
            if (!m_weights[i].empty()) {
                weighted.push_back(pieces.back());
            }
        }
        if (pieces.empty()) {
            return Error{ErrorCode::Unsupported, "no op lies between compared values"};
        }
        RunRequest request;
        request.model = modelFile(m_result);
        request.output = m_scratch->path() / "replayed";
        request.inputs.file = feedFile();
        request.provider = m_result.config.baseline.provider;
        request.threads = std::max<std::size_t>(1, cores / (weighted.empty() ? 1 : 2));
        request.fed.assign(m_fed.begin(), m_fed.end());
        std::future<Result<PieceResults>> second;
        if (!weighted.empty()) {
            RunRequest other = request;
            other.output = m_scratch->path() / "with_weights";
            other.fed.insert(other.fed.end(), m_fedWeights.begin(), m_fedWeights.end());
            second = std::async(std::launch::async, [this, other, &weighted] {
                return runInPieces(*m_environment.runner, other, weighted, m_job);
            });
        }
        auto first = runInPieces(*m_environment.runner, request, pieces, m_job);
        if (second.valid()) {
            auto withWeights = second.get();
            if (withWeights) {
                m_withWeights = *std::move(withWeights);
            } else if (!m_job.isCancelled()) {
                note("the ops could not be replayed with the candidate's weights: " +
                     withWeights.error().message);
            }
        }
        if (!first) {
            return first.error();
        }
        m_replayed = *std::move(first);
        if (!m_replayed.failures.empty()) {
            const auto &[value, why] = *m_replayed.failures.begin();
            note(fmt::format("{} of the baseline's ops could not be replayed, first the one that "
                             "makes '{}': {}",
                             m_replayed.failures.size(), value, why));
        }
        return {};
    }

    Result<void> measure()
    {
        m_job.beginStage("attributing", m_regions.size());
        parallelFor(m_regions.size(), [&](std::size_t i) {
            if (!m_job.isCancelled() && m_regions[i].obstacle.empty()) {
                measurePoint(i);
            }
            m_job.advance();
        });
        return {};
    }

    void measurePoint(std::size_t i)
    {
        const ReplayRegion &region = m_regions[i];
        ReplayedPoint &out = m_out[i];
        const std::string &name = m_result.baseline.graph->value(region.root).name;
        for (std::size_t sample = 0; sample < m_result.samples; ++sample) {
            const SyncPointId id{i};
            const auto baseline = baselineAtRoot(m_result, id, region, sample);
            const auto candidate = candidateNumbers(i, sample);
            // Nothing lies between a model's input and itself: all of its error is introduced.
            const auto replayed = region.isInput() ? baseline : m_replayed.read(name, sample);
            const auto weighted =
                m_weights[i].empty() ? Result<Tensor>(Error{}) : m_withWeights.read(name, sample);
            for (const auto *tensor : {&baseline, &candidate, &replayed}) {
                if (!*tensor) {
                    out.obstacle = tensor->error().message;
                    return;
                }
            }
            if (baseline->elements() != candidate->elements() ||
                baseline->elements() != replayed->elements()) {
                out.obstacle = "the replayed op gives another shape";
                return;
            }
            const bool hasWeights = weighted && weighted->elements() == replayed->elements();
            out.samples.push_back(splitError(*baseline, *candidate, *replayed,
                                             hasWeights ? &*weighted : nullptr, out.promise.range));
            out.all.merge(out.samples.back());
        }
    }

    void giveUp(const Error &error)
    {
        note("the baseline's ops could not be replayed, so the error is attributed from the "
             "captured tensors alone: " +
             error.message);
        for (ReplayedPoint &point : m_out) {
            point.obstacle = point.obstacle.empty() ? "replaying failed" : point.obstacle;
        }
    }

    void note(std::string text)
    {
        m_diagnostics.push_back(
            {Diagnostic::Severity::Warning, m_result.baseline.path, std::move(text)});
    }

    const ComparisonResult &m_result;
    const CompareEnvironment &m_environment;
    Diagnostics &m_diagnostics;
    const JobContext &m_job;
    std::vector<ReplayRegion> m_regions;
    std::vector<std::vector<WeightPair>> m_weights; ///< by point
    std::vector<ReplayedPoint> m_out;
    std::shared_ptr<const ScratchFolder> m_scratch;
    std::set<std::string> m_fed, m_fedWeights;
    PieceResults m_replayed, m_withWeights;
};
} // namespace

std::string replayObstacle(const ComparisonResult &result, const CompareEnvironment &environment)
{
    if (!environment.runner) {
        return "syncpoint-runner is not installed";
    }
    std::error_code ignored;
    if (!result.config.baseline.model || result.baseline.graph->info().format != "onnx" ||
        !fs::is_regular_file(modelFile(result), ignored)) {
        return "the baseline's ONNX model is not at hand";
    }
    return {};
}

Result<std::vector<ReplayedPoint>> replayBaseline(const ComparisonResult &result,
                                                  const CompareEnvironment &environment,
                                                  Diagnostics &diagnostics, const JobContext &job)
{
    return Replay(result, environment, diagnostics, job).run();
}

} // namespace syncpoint
