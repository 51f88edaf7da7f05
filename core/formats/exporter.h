#pragma once
#include "core/base/diagnostic.h"
#include "core/base/job_context.h"
#include "core/base/result.h"
#include "core/tensor/tensor_dump.h"

#include <cstddef>
#include <filesystem>
#include <string_view>

namespace syncpoint {

/// What `syncpoint-cli formats` and `convert` show of an exporter.
struct ExportFormat
{
    std::string_view id;         ///< "npz"
    std::string_view name;       ///< "NumPy archive"
    std::string_view extensions; ///< "*.npz"; empty where a folder is written
    std::string_view writes;     ///< what is kept, one line
};

struct ExportSummary
{
    std::size_t samples = 0;
    std::size_t tensors = 0; ///< of all samples together
    Diagnostics notes;       ///< what was left out or written as another type, and why
};

/// Writes dumps in one format. Stateless. Values never change: a type that the format lacks becomes
/// one that holds all its values, or the tensor is left out; both are said in the notes. May throw
/// std::bad_alloc: exportDump() makes an error of it.
class DumpExporter
{
public:
    virtual ~DumpExporter() = default;
    virtual ExportFormat format() const = 0;
    /// Writes all of `dump`, whole or not at all: a tensor that cannot be read is an error. Reads
    /// one tensor at a time.
    virtual Result<ExportSummary> write(const TensorDump &dump, const std::filesystem::path &target,
                                        const JobContext &job) const = 0;
};

} // namespace syncpoint
