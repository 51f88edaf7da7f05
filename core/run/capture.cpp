#include "core/run/capture.h"
#include "core/run/model_taps.h"

#include <fmt/format.h>
#include <span>
#include <utility>

namespace syncpoint {

namespace {
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
    if (kind == TensorEntry::Kind::Intermediate && value.isOutput) {
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

    SampleWriter(const Graph &graph, DumpWriter &writer, Write where, const JobContext &job)
        : m_graph(graph), m_writer(writer), m_where(where), m_job(job)
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
    std::size_t count() const { return m_count; }

private:
    const Graph &m_graph;
    DumpWriter &m_writer;
    Write m_where;
    const JobContext &m_job;
    std::size_t m_count = 0;
};
} // namespace

Opened openTapped(const std::shared_ptr<Ort::Env> &runtime, const std::filesystem::path &model,
                  const std::vector<std::string> &taps, const SessionSettings &settings,
                  Diagnostics &diagnostics)
{
    const TapOpener opener(runtime, model, settings);
    auto session = opener.open(taps);
    if (session || taps.empty()) {
        return session;
    }
    if (auto untapped = opener.open({}); !untapped) {
        return untapped;
    }
    std::vector<std::string> taken;
    opener.sort(taps, taken, diagnostics);
    return opener.open(taken);
}

Result<std::size_t> captureSamples(OrtSession &session, const ModelInputs &inputs,
                                   const Graph &graph, DumpWriter &writer, const JobContext &job,
                                   Diagnostics &diagnostics)
{
    const auto &names = session.outputs();
    job.beginStage("capturing", inputs.samples() * (names.size() + session.inputs().size()));
    SampleWriter out(graph, writer, &DumpWriter::write, job);
    for (std::size_t sample = 0; sample < inputs.samples(); ++sample) {
        const auto given = inputs.make(sample);
        if (!given) {
            return given.error();
        }
        for (std::size_t i = 0; i < given->size(); ++i) {
            auto written =
                out.write(sample, session.inputs()[i].name, (*given)[i], TensorEntry::Kind::Input);
            if (!written) {
                return written.error();
            }
        }
        auto values = session.run(*given);
        if (!values) {
            return values.error();
        }
        for (std::size_t i = 0; i < values->size(); ++i) {
            const Result<Tensor> value = std::exchange((*values)[i], Tensor());
            if (!value) {
                diagnostics.push_back({Diagnostic::Severity::Warning, names[i],
                                       "not captured: " + value.error().message});
                continue;
            }
            auto written = out.write(sample, names[i], *value, TensorEntry::Kind::Intermediate);
            if (!written) {
                return written.error();
            }
        }
    }
    return out.count();
}

Result<void> capturePlainOutputs(OrtSession &session, const ModelInputs &inputs, const Graph &graph,
                                 DumpWriter &writer, const JobContext &job)
{
    const auto &names = session.outputs();
    job.beginStage("running without taps", inputs.samples() * names.size());
    SampleWriter out(graph, writer, &DumpWriter::writePlainOutput, job);
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
