#pragma once
#include "core/base/job_context.h"
#include "core/formats/hdf5/dump_writer.h"
#include "core/graph/graph.h"

#include <cstddef>
#include <string>

namespace syncpoint {

/// Writes tensors of a run with what the graph knows of them: op, module, quantization.
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

    /// An intermediate that is one of the model's outputs is written as such.
    Result<void> write(std::size_t sample, const std::string &name, const Tensor &tensor,
                       TensorEntry::Kind kind);

private:
    const Graph &m_graph;
    DumpWriter &m_writer;
    Write m_where;
    const JobContext &m_job;
    std::size_t &m_count;
};

} // namespace syncpoint
