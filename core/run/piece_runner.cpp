#include "core/run/piece_runner.h"
#include "core/base/mapped_file.h"
#include "core/formats/hdf5/dump_writer.h"
#include "core/formats/registry.h"
#include "core/run/cut_model.h"
#include "core/run/number_encoding.h"
#include "core/run/ort_session.h"

#include <fmt/format.h>
#include <future>

namespace syncpoint {

namespace {
class PieceRunner
{
public:
    PieceRunner(const RunRequest &request, const std::string &producer, const JobContext &job)
        : m_request(request), m_producer(producer), m_job(job)
    {
    }

    Result<RunOutcome> run()
    {
        for (const auto step : {&PieceRunner::load, &PieceRunner::open, &PieceRunner::replay}) {
            if (m_job.isCancelled()) {
                return JobContext::cancelledError();
            }
            if (auto done = (this->*step)(); !done) {
                return done.error();
            }
        }
        return std::move(m_outcome);
    }

private:
    Result<void> load()
    {
        m_job.beginStage("loading the model");
        if (!m_request.inputs.file) {
            return Error{ErrorCode::BadInput, "running in pieces needs a dump of the values to "
                                              "feed"};
        }
        auto starting = std::async(std::launch::async, &makeRuntime, m_request.memoryLimit);
        auto graph = loadGraph(m_request.model, m_job);
        auto dump = loadDump(*m_request.inputs.file, m_job);
        auto runtime = starting.get();
        if (!graph || !dump || !runtime) {
            return !graph ? graph.error() : !dump ? dump.error() : runtime.error();
        }
        m_graph = *std::move(graph);
        m_dump = *std::move(dump);
        m_runtime = *std::move(runtime);
        if (m_graph->info().format != "onnx") {
            return Error{ErrorCode::Unsupported, fmt::format("{} is no ONNX model, and only those "
                                                             "can be run",
                                                             m_request.model.string())};
        }
        return {};
    }

    Result<void> open()
    {
        const auto file = MappedFile::open(m_request.model);
        if (!file) {
            return file.error();
        }
        auto cut = cutModel((*file)->bytes(), *m_graph, m_request.fed, m_request.wanted);
        if (!cut) {
            return cut.error().withContext(m_request.model.string());
        }
        m_ownNames = std::move(cut->inputs);
        SessionSettings settings;
        settings.provider = m_request.provider;
        settings.threads = m_request.threads;
        settings.limitsMemory = m_request.memoryLimit > 0;
        auto session = OrtSession::open(m_runtime, m_request.model,
                                        std::as_bytes(std::span(cut->bytes)), settings);
        if (!session) {
            return session.error();
        }
        m_session = *std::move(session);
        return {};
    }

    Result<Tensor> input(const ModelPort &port, std::size_t sample) const
    {
        const auto known = m_ownNames.find(port.name);
        const std::string &name = known == m_ownNames.end() ? port.name : known->second;
        for (const auto &store : {m_dump->samples[sample], m_dump->samples.front()}) {
            if (const auto id = store->find(name)) {
                auto tensor = store->read(*id);
                return tensor ? converted(*tensor, port.dtype) : tensor;
            }
        }
        return Error{ErrorCode::BadInput, fmt::format("{} has no values of '{}'",
                                                      m_request.inputs.file->string(), name)};
    }

    Result<void> replay()
    {
        const std::size_t samples = m_dump->samples.size();
        m_job.beginStage("replaying", samples);
        m_outcome.runtime = runtimeName(m_request.provider);
        auto writer = DumpWriter::create(
            m_request.output,
            {m_producer, m_request.model.filename().string(), {}, m_outcome.runtime}, {0, true});
        if (!writer) {
            return writer.error();
        }
        for (std::size_t sample = 0; sample < samples; ++sample) {
            if (auto done = replaySample(sample, **writer); !done) {
                return done;
            }
            m_job.advance();
        }
        m_outcome.samples = samples;
        m_outcome.tensors = m_session->outputs().size();
        return (*writer)->finish();
    }

    Result<void> replaySample(std::size_t sample, DumpWriter &writer)
    {
        std::vector<Tensor> inputs;
        for (const ModelPort &port : m_session->inputs()) {
            auto tensor = input(port, sample);
            if (!tensor) {
                return tensor.error();
            }
            inputs.push_back(*std::move(tensor));
        }
        auto values = m_session->run(inputs);
        if (!values) {
            return values.error();
        }
        for (std::size_t i = 0; i < values->size(); ++i) {
            const auto &value = (*values)[i];
            if (!value) {
                continue; // no tensor: nothing to compare with
            }
            if (m_job.isCancelled()) {
                return JobContext::cancelledError();
            }
            TensorEntry entry;
            entry.name = m_session->outputs()[i];
            entry.info = value->info();
            if (auto written = writer.write(sample, entry, *value); !written) {
                return written;
            }
        }
        return {};
    }

    const RunRequest &m_request;
    const std::string &m_producer;
    const JobContext &m_job;
    std::shared_ptr<const Graph> m_graph;
    std::shared_ptr<const TensorDump> m_dump;
    std::shared_ptr<Ort::Env> m_runtime;
    std::unique_ptr<OrtSession> m_session;
    std::map<std::string, std::string> m_ownNames; ///< input → value
    RunOutcome m_outcome;
};
} // namespace

Result<RunOutcome> runPieces(const RunRequest &request, const std::string &producer,
                             const JobContext &job)
{
    return PieceRunner(request, producer, job).run();
}

} // namespace syncpoint
