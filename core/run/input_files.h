#pragma once
#include "core/base/diagnostic.h"
#include "core/base/job_context.h"
#include "core/media/media_files.h"
#include "core/run/input_data.h"
#include "core/run/sample_split.h"
#include "core/tensor/tensor_dump.h"

#include <memory>

namespace syncpoint {

/// The numbers that a file holds for one input. Errors of code BadInput name the file, the input,
/// what it takes and what is there; `notes` gets what was changed on the way.
class InputFiles
{
public:
    using Found = Result<std::shared_ptr<const InputData>>;

    InputFiles(const InputSource &source, const JobContext &job, Diagnostics &notes)
        : m_source(source), m_job(job), m_notes(notes)
    {
    }
    /// Pictures or sound, or the only array of a dump.
    Found single(const std::filesystem::path &file, const ModelPort &port) const;
    Found media(const MediaFiles &files, const ModelPort &port) const;
    /// The tensor that the first sample calls `tensor`, from every sample of the dump.
    Found arrays(const TensorDump &dump, TensorId tensor, const ModelPort &port) const;

private:
    const InputSource &m_source;
    const JobContext &m_job;
    Diagnostics &m_notes;
};

} // namespace syncpoint
