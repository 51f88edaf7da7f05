#include "core/run/capture.h"
#include "core/base/mapped_file.h"
#include "core/run/model_taps.h"
#include "core/run/subgraph_values.h"

#include <fmt/format.h>
#include <span>
#include <utility>

namespace syncpoint {

namespace {
constexpr std::int64_t kMostIterations = 64; // of a loop whose values are written

using Opened = Result<std::unique_ptr<OrtSession>>;

class TapOpener
{
public:
    TapOpener(const std::shared_ptr<Ort::Env> &runtime, const std::filesystem::path &model,
              const SessionSettings &settings)
        : m_runtime(runtime), m_model(model), m_settings(settings)
    {
    }

    Opened open(std::span<const std::string> taps) const
    {
        const auto tapped = TappedModel::map(m_model, taps);
        if (!tapped) {
            return tapped.error();
        }
        return OrtSession::open(m_runtime, m_model, (*tapped)->bytes(), m_settings);
    }

    /// Sorts `taps` into those the runtime takes and those it refuses.
    void sort(std::span<const std::string> taps, std::vector<std::string> &taken,
              Diagnostics &refused) const
    {
        const auto session = open(taps);
        if (session) {
            taken.insert(taken.end(), taps.begin(), taps.end());
        } else if (taps.size() == 1) {
            refused.push_back({Diagnostic::Severity::Warning, taps.front(),
                               "not captured, because the runtime refuses it as an output: " +
                                   session.error().message});
        } else {
            sort(taps.first(taps.size() / 2), taken, refused);
            sort(taps.subspan(taps.size() / 2), taken, refused);
        }
    }

private:
    const std::shared_ptr<Ort::Env> &m_runtime;
    const std::filesystem::path &m_model;
    const SessionSettings &m_settings;
};

TensorEntry entryFor(const std::string &name, const Graph &graph, const Tensor &tensor,
                     TensorEntry::Kind kind)
{
    TensorEntry entry;
    entry.name = name;
    entry.info = tensor.info();
    entry.kind = kind;
    const auto id = graph.findValue(name);
    if (!id) {
        return entry;
    }
    const Value &value = graph.value(*id);
    entry.info.quantization = value.quantization;
    if (kind == TensorEntry::Kind::Intermediate && value.isOutput && value.scope.index() == 0) {
        entry.kind = TensorEntry::Kind::Output;
    }
    if (value.producer.isValid()) {
        const Node &node = graph.node(value.producer);
        entry.node = graph.displayName(value.producer);
        entry.opType = node.opType;
        entry.module = graph.module(node.module).path;
    }
    return entry;
}

/// Writes tensors of a run with what the graph knows of them.
class SampleWriter
{
public:
    using Write = Result<void> (DumpWriter::*)(std::size_t, const TensorEntry &, const Tensor &);

    /// `count` grows by one for every tensor of the first sample.
    SampleWriter(const Graph &graph, DumpWriter &writer, Write where, std::size_t &count,
                 const JobContext &job)
        : m_graph(graph), m_writer(writer), m_where(where), m_job(job), m_count(count)
    {
    }

    Result<void> write(std::size_t sample, const std::string &name, const Tensor &tensor,
                       TensorEntry::Kind kind)
    {
        if (m_job.isCancelled()) {
            return JobContext::cancelledError();
        }
        TensorEntry entry = entryFor(name, m_graph, tensor, kind);
        auto quantized = tensor.withQuantization(entry.info.quantization);
        if (!quantized) { // the model's parameters do not fit the shape that the run shows
            entry.info.quantization = nullptr;
        }
        const auto written = (m_writer.*m_where)(sample, entry, quantized ? *quantized : tensor);
        if (written) {
            m_count += sample == 0 ? 1U : 0U;
            m_job.advance(1);
        }
        return written;
    }

private:
    const Graph &m_graph;
    DumpWriter &m_writer;
    Write m_where;
    const JobContext &m_job;
    std::size_t &m_count;
};
} // namespace

Capture::Capture(std::shared_ptr<Ort::Env> runtime, std::filesystem::path model,
                 SessionSettings settings, std::uint64_t memoryLimit,
                 std::shared_ptr<const Graph> graph)
    : m_runtime(std::move(runtime)), m_model(std::move(model)), m_settings(std::move(settings)),
      m_memoryLimit(memoryLimit), m_graph(std::move(graph))
{
}

Result<void> Capture::open(const std::vector<std::string> &taps)
{
    const auto batches = planBatches(*m_graph, taps, m_memoryLimit);
    m_batches.assign(batches.begin(), batches.end());
    auto session = load(m_batches.front().taps);
    if (!session) {
        return session.error();
    }
    m_session = *std::move(session);
    for (const ValueId output : m_graph->mainScope().outputs) {
        m_ports.insert(m_graph->value(output).name);
    }
    return {};
}

Result<std::unique_ptr<OrtSession>> Capture::load(const std::vector<std::string> &taps)
{
    const TapOpener opener(m_runtime, m_model, m_settings);
    auto session = opener.open(taps);
    if (session || taps.empty()) {
        return session;
    }
    if (auto untapped = opener.open({}); !untapped) {
        return untapped;
    }
    std::vector<std::string> taken;
    opener.sort(taps, taken, m_diagnostics);
    return opener.open(taken);
}

Result<void> Capture::run(const ModelInputs &inputs, DumpWriter &writer, const JobContext &job)
{
    std::size_t tensors = inputs.ports().size() + m_ports.size();
    for (const CaptureBatch &batch : m_batches) {
        tensors += batch.taps.size();
    }
    job.beginStage("capturing", inputs.samples() * tensors);
    while (!m_batches.empty()) {
        CaptureBatch batch = std::move(m_batches.front());
        m_batches.pop_front();
        auto done = m_session ? Result<void>() : reload(batch);
        if (done) {
            done = runBatch(batch, inputs, writer, job);
        }
        m_session.reset();
        if (!done && isWorthSplitting(batch, done.error())) {
            done = splitBatch(batch, done.error());
        }
        if (!done) {
            return done;
        }
    }
    noteSubgraphs();
    if (m_memoryLimit > 0 && m_runs > 1) {
        m_diagnostics.push_back(
            {Diagnostic::Severity::Info, m_model.string(),
             fmt::format("captured in {} runs per sample to stay within {} MB of memory "
                         "besides the model",
                         m_runs, m_memoryLimit >> 20U)});
    }
    return {};
}

void Capture::addSubgraphValues(const std::vector<std::string> &names)
{
    if (!names.empty()) {
        m_batches.push_back({names, 0, false, true});
    }
}

Result<void> Capture::reload(const CaptureBatch &batch)
{
    auto session = batch.inSubgraphs ? loadExposing(batch.taps) : load(batch.taps);
    if (!session) {
        return session.error();
    }
    m_session = *std::move(session);
    return {};
}

Result<std::unique_ptr<OrtSession>> Capture::loadExposing(const std::vector<std::string> &names)
{
    const auto file = MappedFile::open(m_model);
    if (!file) {
        return file.error();
    }
    auto model = exposeValues((*file)->bytes(), *m_graph, names);
    if (!model) {
        return model.error();
    }
    const auto tapped = TappedModel::of(*std::move(model), names);
    return OrtSession::open(m_runtime, m_model, tapped->bytes(), m_settings);
}

/// Values of subgraphs may be refused for many reasons: an op that gives another shape in every
/// iteration is one.
bool Capture::isWorthSplitting(const CaptureBatch &batch, const Error &error) const
{
    return (error.code == ErrorCode::Limit && m_memoryLimit > 0) ||
           (batch.inSubgraphs && error.code != ErrorCode::Cancelled && error.code != ErrorCode::Io);
}

Result<void> Capture::runBatch(CaptureBatch &batch, const ModelInputs &inputs, DumpWriter &writer,
                               const JobContext &job)
{
    const auto &names = m_session->outputs();
    SampleWriter out(*m_graph, writer, &DumpWriter::write, m_tensors, job);
    for (; batch.firstSample < inputs.samples(); ++batch.firstSample) {
        const std::size_t sample = batch.firstSample;
        const auto given = inputs.make(sample);
        if (!given) {
            return given.error();
        }
        auto values = m_session->run(*given);
        if (!values) {
            return values.error();
        }
        for (std::size_t i = 0; batch.withPorts && i < given->size(); ++i) {
            auto written = out.write(sample, m_session->inputs()[i].name, (*given)[i],
                                     TensorEntry::Kind::Input);
            if (!written) {
                return written;
            }
        }
        for (std::size_t i = 0; i < values->size(); ++i) {
            const Result<Tensor> value =
                whatToKeep(batch, names[i], std::exchange((*values)[i], Tensor()));
            const bool isPort = m_ports.count(names[i]) != 0;
            const bool isNotTaken = batch.inSubgraphs && value && value->elements() == 0;
            m_notTaken += isNotTaken && !isPort && sample == 0 ? 1U : 0U;
            if ((isPort && !batch.withPorts) || isNotTaken) {
                continue;
            }
            if (!value) {
                m_diagnostics.push_back({Diagnostic::Severity::Warning, names[i],
                                         "not captured: " + value.error().message});
                continue;
            }
            auto written = out.write(sample, names[i], *value, TensorEntry::Kind::Intermediate);
            if (!written) {
                return written;
            }
        }
    }
    ++m_runs;
    return {};
}

/// The first iterations of values in loops, everything else as it is.
Result<Tensor> Capture::whatToKeep(const CaptureBatch &batch, const std::string &name,
                                   Result<Tensor> value)
{
    const auto id = batch.inSubgraphs ? m_graph->findValue(name) : std::nullopt;
    const NodeId loop = id ? enclosingLoop(*m_graph, *id) : NodeId{};
    if (!value || !loop.isValid() || value->info().shape.empty()) {
        return value;
    }
    const std::int64_t iterations = value->info().shape.front();
    if (iterations <= kMostIterations || value->elements() == 0) {
        return value;
    }
    m_cutLoops[loop] = std::max(m_cutLoops[loop], iterations);
    Shape shape = value->info().shape;
    const std::uint64_t perIteration = value->elements() / static_cast<std::uint64_t>(iterations);
    shape.front() = kMostIterations;
    auto first = value->range(0, perIteration * kMostIterations);
    return first ? first->reshaped(std::move(shape)) : first;
}

void Capture::noteSubgraphs()
{
    if (m_notTaken > 0) {
        m_diagnostics.push_back(
            {Diagnostic::Severity::Info, m_model.string(),
             fmt::format("{} values are in branches that were not taken, or empty", m_notTaken)});
    }
    for (const auto &[loop, iterations] : m_cutLoops) {
        m_diagnostics.push_back(
            {Diagnostic::Severity::Warning, m_graph->displayName(loop),
             fmt::format("ran {} iterations: the values of the first {} are captured", iterations,
                         kMostIterations)});
    }
}

Result<void> Capture::splitBatch(const CaptureBatch &batch, const Error &error)
{
    if (batch.taps.empty()) {
        return Error{ErrorCode::Limit,
                     fmt::format("{} does not fit into the memory limit of {} MB even when nothing "
                                 "is captured ({})",
                                 m_model.string(), m_memoryLimit >> 20U, error.message)};
    }
    if (batch.taps.size() > 1) {
        auto [first, second] = halved(batch);
        m_batches.push_front(std::move(second));
        m_batches.push_front(std::move(first));
        return {};
    }
    m_diagnostics.push_back(
        {Diagnostic::Severity::Warning, batch.taps.front(),
         error.code == ErrorCode::Limit
             ? fmt::format("not captured: it does not fit into the memory limit of {} MB",
                           m_memoryLimit >> 20U)
             : "not captured: " + error.message});
    if (batch.withPorts) {
        m_batches.push_front({{}, batch.firstSample, true, false});
    }
    return {};
}

Result<void> capturePlainOutputs(OrtSession &session, const ModelInputs &inputs, const Graph &graph,
                                 DumpWriter &writer, const JobContext &job)
{
    const auto &names = session.outputs();
    job.beginStage("running without taps", inputs.samples() * names.size());
    std::size_t count = 0;
    SampleWriter out(graph, writer, &DumpWriter::writePlainOutput, count, job);
    for (std::size_t sample = 0; sample < inputs.samples(); ++sample) {
        const auto given = inputs.make(sample);
        if (!given) {
            return given.error();
        }
        const auto values = session.run(*given);
        if (!values) {
            return values.error();
        }
        for (std::size_t i = 0; i < values->size(); ++i) {
            const auto &value = (*values)[i];
            auto written = value ? out.write(sample, names[i], *value, TensorEntry::Kind::Output)
                                 : Result<void>(); // no tensor: said of the captured run
            if (!written) {
                return written.error();
            }
        }
    }
    return {};
}

} // namespace syncpoint
