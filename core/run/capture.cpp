#include "core/run/capture.h"
#include "core/base/mapped_file.h"
#include "core/run/model_taps.h"
#include "core/run/sample_writer.h"
#include "core/run/subgraph_values.h"
#include "core/run/tap_opener.h"
#include "core/run/value_exposure.h"

#include <algorithm>
#include <fmt/format.h>
#include <future>
#include <utility>

namespace syncpoint {

namespace {
constexpr std::int64_t kMostIterations = 64; // of a loop whose values are written

using Values = std::vector<Result<Tensor>>;

/// The end of a write in the background; nothing to wait for is done.
Result<void> endOf(std::future<Result<void>> &writing)
{
    return writing.valid() ? writing.get() : Result<void>();
}

std::uint64_t bytesOf(const Values &values)
{
    std::uint64_t bytes = 0;
    for (const auto &value : values) {
        bytes += value ? value->bytes().size() : 0;
    }
    return bytes;
}
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
    auto session = opener().open(m_batches.front().taps, m_diagnostics);
    if (!session) {
        return session.error();
    }
    m_session = *std::move(session);
    for (const ValueId output : m_graph->mainScope().outputs) {
        m_ports.insert(m_graph->value(output).name);
    }
    return {};
}

Result<void> Capture::run(const ModelInputs &inputs, DumpWriter &writer, bool checkpoints,
                          const JobContext &job)
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
            done = runBatch(batch, inputs, writer, checkpoints, job);
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
    auto session =
        batch.inSubgraphs ? loadExposing(batch.taps) : opener().open(batch.taps, m_diagnostics);
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

/// A sample is written while the next one runs, as long as holding both is cheap.
Result<void> Capture::runBatch(CaptureBatch &batch, const ModelInputs &inputs, DumpWriter &writer,
                               bool checkpoints, const JobContext &job)
{
    constexpr std::uint64_t kCheap = std::uint64_t{256} << 20U;
    SampleWriter out(*m_graph, writer, &DumpWriter::write, m_tensors, job);
    std::future<Result<void>> writing;
    for (; batch.firstSample < inputs.samples(); ++batch.firstSample) {
        auto given = inputs.make(batch.firstSample);
        auto values = given ? m_session->run(*given) : given.error();
        if (auto written = endOf(writing); !written || !values) {
            return written ? values.error() : written;
        }
        const bool overlaps = m_memoryLimit == 0 && bytesOf(*values) <= kCheap;
        auto write = [this, &batch, &out, &writer, checkpoints, sample = batch.firstSample,
                      given = *std::move(given), values = *std::move(values)]() mutable {
            auto written = writeSample(batch, sample, given, values, out);
            return written && checkpoints ? writer.checkpoint() : written;
        };
        writing =
            std::async(overlaps ? std::launch::async : std::launch::deferred, std::move(write));
        if (!overlaps) {
            writing.wait();
        }
    }
    ++m_runs;
    return endOf(writing);
}

Result<void> Capture::writeSample(const CaptureBatch &batch, std::size_t sample,
                                  const std::vector<Tensor> &given, Values &values,
                                  SampleWriter &out)
{
    for (std::size_t i = 0; batch.withPorts && i < given.size(); ++i) {
        auto written =
            out.write(sample, m_session->inputs()[i].name, given[i], TensorEntry::Kind::Input);
        if (!written) {
            return written;
        }
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string &name = m_session->outputs()[i];
        // Each goes as soon as it is written: together they may take most of the memory.
        const Result<Tensor> value = whatToKeep(batch, name, std::exchange(values[i], Tensor()));
        const bool isPort = m_ports.count(name) != 0;
        const bool isNotTaken = batch.inSubgraphs && value && value->elements() == 0;
        m_notTaken += isNotTaken && !isPort && sample == 0 ? 1U : 0U;
        if ((isPort && !batch.withPorts) || isNotTaken) {
            continue;
        }
        if (!value) {
            m_diagnostics.push_back(
                {Diagnostic::Severity::Warning, name, "not captured: " + value.error().message});
            continue;
        }
        auto written = out.write(sample, name, *value, TensorEntry::Kind::Intermediate);
        if (!written) {
            return written;
        }
    }
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
