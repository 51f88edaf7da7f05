#pragma once
#include "core/base/diagnostic.h"
#include "core/base/job_context.h"
#include "core/graph/graph.h"
#include "core/run/capture_plan.h"
#include "core/run/model_inputs.h"
#include "core/run/ort_session.h"
#include "core/run/sample_writer.h"
#include "core/run/tap_opener.h"

#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace syncpoint {

/// The capture of a model: every value asked for, in as many runs as the memory limit takes. What
/// is captured is in the dump at once; a batch that does not fit after all is halved.
class Capture
{
public:
    /// `graph` is the model's; `memoryLimit` in bytes is the runtime's, 0 for none.
    Capture(std::shared_ptr<Ort::Env> runtime, std::filesystem::path model,
            SessionSettings settings, std::uint64_t memoryLimit,
            std::shared_ptr<const Graph> graph);

    /// Loads the model with the first of `taps` as further outputs, see TapOpener.
    Result<void> open(const std::vector<std::string> &taps);
    /// Also captures these values of subgraphs (subgraphValues()), in runs of their own: the model
    /// is changed for that, and what does not work may not cost the rest.
    void addSubgraphValues(const std::vector<std::string> &names);
    const OrtSession &session() const { return *m_session; }

    /// Runs every sample and writes its inputs and everything the sessions put out, tensor by
    /// tensor, with op, module and quantization from the graph. With `checkpoints` what was written
    /// can be read after every sample, whatever happens to this process.
    Result<void> run(const ModelInputs &inputs, DumpWriter &writer, bool checkpoints,
                     const JobContext &job);

    std::size_t tensors() const { return m_tensors; } ///< written so far, of the first sample
    const Diagnostics &diagnostics() const { return m_diagnostics; }

private:
    TapOpener opener() const { return {m_runtime, m_model, m_settings}; }
    Result<std::unique_ptr<OrtSession>> loadExposing(const std::vector<std::string> &names);
    Result<void> reload(const CaptureBatch &batch);
    bool isWorthSplitting(const CaptureBatch &batch, const Error &error) const;
    Result<void> runBatch(CaptureBatch &batch, const ModelInputs &inputs, DumpWriter &writer,
                          bool checkpoints, const JobContext &job);
    Result<void> writeSample(const CaptureBatch &batch, std::size_t sample,
                             const std::vector<Tensor> &given, std::vector<Result<Tensor>> &values,
                             SampleWriter &out);
    Result<void> splitBatch(const CaptureBatch &batch, const Error &error);
    Result<Tensor> whatToKeep(const CaptureBatch &batch, const std::string &name,
                              Result<Tensor> value);
    void noteSubgraphs();

    std::shared_ptr<Ort::Env> m_runtime;
    std::filesystem::path m_model;
    SessionSettings m_settings;
    std::uint64_t m_memoryLimit;
    std::shared_ptr<const Graph> m_graph;
    std::deque<CaptureBatch> m_batches; ///< still to do; m_session is for the first
    std::unique_ptr<OrtSession> m_session;
    std::set<std::string> m_ports; ///< the model's own outputs
    std::size_t m_tensors = 0;
    std::size_t m_runs = 0;                    ///< batches done
    std::size_t m_notTaken = 0;                ///< values of branches that were not taken
    std::map<NodeId, std::int64_t> m_cutLoops; ///< iterations of loops that had too many
    Diagnostics m_diagnostics;
};

/// Runs every sample once more and writes what the session puts out as the dump's plain outputs.
/// `session` is the model as it is shipped: no taps, the runtime's default optimization.
Result<void> capturePlainOutputs(OrtSession &session, const ModelInputs &inputs, const Graph &graph,
                                 DumpWriter &writer, const JobContext &job);

} // namespace syncpoint
