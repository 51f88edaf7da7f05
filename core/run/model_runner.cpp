#include "core/run/model_runner.h"
#include "core/base/sha256.h"
#include "core/formats/registry.h"
#include "core/run/capture.h"
#include "core/run/model_rewriting.h"
#include "core/run/model_taps.h"
#include "core/run/noise_floor.h"
#include "core/run/piece_runner.h"
#include "core/run/process_memory.h"
#include "core/run/subgraph_values.h"
#include "core/run/timing.h"

#include <algorithm>
#include <fmt/format.h>
#include <future>
#include <map>
#include <new>
#include <optional>

namespace syncpoint {

namespace {
namespace fs = std::filesystem;
using GraphPointer = std::shared_ptr<const Graph>;

/// Removes a file unless told to keep it.
class Removal
{
public:
    explicit Removal(fs::path file) : m_file(std::move(file)) {}
    Removal(const Removal &) = delete;
    Removal &operator=(const Removal &) = delete;
    ~Removal()
    {
        std::error_code ignored;
        if (!m_file.empty()) {
            fs::remove(m_file, ignored);
        }
    }
    void keep() { m_file.clear(); }

private:
    fs::path m_file;
};

class ModelRunner
{
public:
    ModelRunner(const RunRequest &request, const std::string &producer, const JobContext &job)
        : m_request(request), m_producer(producer), m_job(job), m_model(request.model)
    {
        m_settings.provider = request.provider;
        m_settings.threads = request.threads;
        m_settings.limitsMemory = request.memoryLimit > 0;
    }

    Result<RunOutcome> run()
    {
        for (const auto step :
             {&ModelRunner::load, &ModelRunner::open, &ModelRunner::capture, &ModelRunner::runPlain,
              &ModelRunner::repeatCapture, &ModelRunner::finish}) {
            const auto done =
                m_job.isCancelled() ? Result<void>(JobContext::cancelledError()) : (this->*step)();
            if (!done) {
                keepPartial(done.error());
                return done.error();
            }
        }
        return std::move(m_outcome);
    }

private:
    /// The runtime starts, the file is hashed and the graph is read at the same time: each takes a
    /// noticeable part of a small model's whole run.
    Result<void> load()
    {
        m_job.beginStage("loading the model");
        auto starting = std::async(std::launch::async, &makeRuntime, m_request.memoryLimit);
        if (m_request.standalone && m_request.optimize == Optimization::None) {
            startHash();
        }
        auto graph = loadGraph(m_model, m_job);
        auto runtime = starting.get();
        if (!graph || !runtime) {
            return !graph ? graph.error() : runtime.error();
        }
        m_graph = *std::move(graph);
        m_runtime = *std::move(runtime);
        if (m_graph->info().format != "onnx") {
            return Error{ErrorCode::Unsupported,
                         fmt::format("{} is no ONNX model, and only those can be run; compare "
                                     "dumps of its tensors instead",
                                     m_model.string())};
        }
        return m_request.optimize == Optimization::None ? Result<void>() : rewrite();
    }

    void startHash()
    {
        m_hash = std::async(std::launch::async,
                            [model = m_model, job = m_job] { return sha256OfFile(model, job); });
    }

    Result<void> rewrite()
    {
        const fs::path target = m_request.output.string() + ".onnx";
        m_rewritten = std::make_unique<Removal>(target);
        auto rewritten = rewriteModel(m_request, *m_graph, m_runtime, m_settings, target, m_job);
        if (!rewritten) {
            return rewritten.error();
        }
        m_model = target;
        m_graph = std::move(rewritten->graph);
        m_settings.freeExtents = std::move(rewritten->freeExtents);
        m_outcome.optimizedModel = target.filename().string();
        note(rewritten->diagnostics);
        if (m_request.standalone) {
            startHash();
        }
        return {};
    }

    Result<void> open()
    {
        std::vector<std::string> subgraphTaps;
        if (m_request.capture) {
            const auto file = MappedFile::open(m_model);
            if (!file) {
                return file.error();
            }
            auto values = valuesToTap(*m_graph, (*file)->bytes(), m_request.only);
            if (!values) {
                return values.error();
            }
            m_taps = *std::move(values);
            auto inner = subgraphValues(*m_graph, m_request.only);
            if (!inner) {
                return inner.error();
            }
            note(inner->diagnostics);
            subgraphTaps = std::move(inner->names);
        }
        m_capture.emplace(m_runtime, m_model, m_settings, m_request.memoryLimit, m_graph);
        if (auto opened = m_capture->open(m_taps); !opened) {
            return opened;
        }
        m_capture->addSubgraphValues(subgraphTaps);
        auto inputs = ModelInputs::plan(completed(m_capture->session().inputs(), *m_graph),
                                        m_request.inputs, m_job);
        if (!inputs) {
            return inputs.error().withContext(fmt::format("running {}", m_request.model.string()));
        }
        m_inputs = *std::move(inputs);
        note(m_inputs->diagnostics());
        return {};
    }

    /// Completes the dump with what there is. What fails now is not told: the first error is.
    void keepPartial(const Error &error)
    {
        const std::size_t tensors = m_capture ? m_capture->tensors() : m_outcome.tensors;
        const bool isWorthIt = m_request.keepPartial && m_writer && tensors > 0;
        if (!isWorthIt || error.code == ErrorCode::Io) {
            return;
        }
        m_writer->markPartial(error.message);
        if (m_writer->finish() && m_rewritten) {
            m_rewritten->keep();
        }
    }

    void note(const Diagnostics &notes)
    {
        m_outcome.diagnostics.insert(m_outcome.diagnostics.end(), notes.begin(), notes.end());
    }

    Result<void> capture()
    {
        const auto hash = m_hash.valid() ? m_hash.get() : Result<std::string>(std::string());
        if (!hash) {
            return hash.error();
        }
        m_outcome.runtime = runtimeName(m_request.provider);
        const DumpHeader header{m_producer, m_model.filename().string(), *hash, m_outcome.runtime};
        auto writer =
            DumpWriter::create(m_request.output, header, {m_request.gzip, !m_request.standalone});
        if (!writer) {
            return writer.error();
        }
        m_writer = *std::move(writer);
        if (auto done = m_request.standalone ? m_writer->writeGraph(*m_graph) : Result<void>();
            !done) {
            return done;
        }
        if (auto done = m_capture->run(*m_inputs, *m_writer, m_request.keepPartial, m_job); !done) {
            return done;
        }
        note(m_capture->diagnostics());
        m_outcome.samples = m_inputs->samples();
        m_outcome.tensors = m_capture->tensors();
        m_capture.reset(); // its memory is better used by the runs that follow
        return {};
    }

    /// The model as users run it. What goes wrong only here is a note: the capture is complete.
    Result<void> runPlain()
    {
        if (!m_request.plainOutputs) {
            return {};
        }
        SessionSettings settings = m_settings;
        settings.optimize = Optimization::All;
        auto session = OrtSession::open(m_runtime, m_request.model, {}, settings);
        const auto done =
            session ? capturePlainOutputs(**session, *m_inputs, *m_graph, *m_writer, m_job)
                    : Result<void>(session.error());
        if (done || done.error().code == ErrorCode::Cancelled ||
            done.error().code == ErrorCode::Io) {
            return done;
        }
        m_outcome.diagnostics.push_back(
            {Diagnostic::Severity::Warning, m_request.model.string(),
             "its outputs without taps are not known: " + done.error().message});
        return {};
    }

    /// Says how far values differ when the same is run again.
    Result<void> repeatCapture()
    {
        if (m_request.repeatCapture == 0) {
            return {};
        }
        // Half, because two runs are held at a time.
        const auto batches = planBatches(*m_graph, m_taps, m_request.memoryLimit / 2);
        const auto noise = measureNoise(
            {m_runtime, m_model, m_settings, batches, m_request.repeatCapture}, *m_inputs, m_job);
        if (!noise) {
            return noise.error();
        }
        const auto noisiest = std::max_element(
            noise->values.begin(), noise->values.end(),
            [](const auto &a, const auto &b) { return a.second.maxAbs < b.second.maxAbs; });
        if (noisiest != noise->values.end()) {
            m_outcome.diagnostics.push_back(
                {Diagnostic::Severity::Info, m_request.model.string(),
                 fmt::format("captured {} more times with other numbers of threads: values differ "
                             "by at most {:.3g} ('{}')",
                             noise->runs, noisiest->second.maxAbs, noisiest->first)});
        }
        return m_writer->writeNoise(*noise);
    }

    Result<void> finish()
    {
        if (m_request.repeat > 0) {
            SessionSettings settings = m_settings;
            settings.optimize = m_request.optimize;
            m_outcome.peakMemory = peakMemory(); // measuring starts it anew
            const auto profile = measure(
                m_runtime, m_request.model, settings, *m_inputs, m_request.warmup, m_request.repeat,
                m_request.output.string() + ".trace", m_job, m_outcome.diagnostics);
            if (!profile) {
                return profile.error();
            }
            if (auto written = m_writer->writeProfile(*profile); !written) {
                return written;
            }
        }
        auto finished = m_writer->finish();
        if (finished && m_rewritten) {
            m_rewritten->keep();
        }
        return finished;
    }

    const RunRequest &m_request;
    const std::string &m_producer;
    const JobContext &m_job;
    fs::path m_model; ///< what is captured: the model as given, or as the runtime rewrote it
    SessionSettings m_settings;
    std::shared_ptr<Ort::Env> m_runtime;
    std::vector<std::string> m_taps;
    std::optional<Capture> m_capture;
    GraphPointer m_graph;
    std::future<Result<std::string>> m_hash;
    std::optional<ModelInputs> m_inputs;
    std::unique_ptr<Removal> m_rewritten;
    std::unique_ptr<DumpWriter> m_writer;
    RunOutcome m_outcome;
};
} // namespace

Result<RunOutcome> runModel(const RunRequest &request, const std::string &producer,
                            const JobContext &job)
{
    try {
        return request.wanted.empty() ? ModelRunner(request, producer, job).run()
                                      : runPieces(request, producer, job);
    } catch (const std::bad_alloc &) {
        return Error{ErrorCode::Limit,
                     fmt::format("there is not enough memory to run {}", request.model.string())};
    } catch (const std::exception &problem) {
        return Error{ErrorCode::Internal,
                     fmt::format("running {}: {}", request.model.string(), problem.what())};
    }
}

} // namespace syncpoint
