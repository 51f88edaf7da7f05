#include "core/run/sample_writer.h"

namespace syncpoint {

namespace {
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
} // namespace

Result<void> SampleWriter::write(std::size_t sample, const std::string &name, const Tensor &tensor,
                                 TensorEntry::Kind kind)
{
    if (m_job.isCancelled()) {
        return JobContext::cancelledError();
    }
    TensorEntry entry = entryFor(name, m_graph, tensor, kind);
    const auto quantized = tensor.withQuantization(entry.info.quantization);
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

} // namespace syncpoint
