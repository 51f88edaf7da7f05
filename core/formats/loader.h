#pragma once
#include "core/base/job_context.h"
#include "core/base/result.h"
#include "core/graph/graph.h"
#include "core/tensor/tensor_dump.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint {

/// What a loader may look at to recognise a file: cheap, no parsing.
struct FileProbe
{
    std::filesystem::path path;
    bool isDirectory = false;
    std::uint64_t size = 0;
    std::string extension;        ///< lower case, with the dot: ".onnx"
    std::vector<std::byte> start; ///< up to the first 4096 bytes

    static Result<FileProbe> of(const std::filesystem::path &path);
};

/// How sure a loader is. Yes: a signature was seen. Maybe: only the name fits.
enum class ProbeAnswer { No, Maybe, Yes };

/// What `syncpoint-cli formats` and the open dialogs show of a loader.
struct FormatInfo
{
    std::string_view id;         ///< "onnx"
    std::string_view name;       ///< "ONNX model"
    std::string_view extensions; ///< "*.onnx"; space-separated glob patterns
    std::string_view reads;      ///< what is understood, one line
};

/// Reads models of one format. Stateless; safe to use from several threads. May throw
/// std::bad_alloc, as may a TensorLoader: loadGraph() and loadDump() make an error of it.
class GraphLoader
{
public:
    virtual ~GraphLoader() = default;
    virtual FormatInfo format() const = 0;
    virtual ProbeAnswer probe(const FileProbe &file) const = 0;
    /// The error starts with what is wrong and names the place in the file; the caller adds the
    /// file's name.
    virtual Result<std::shared_ptr<const Graph>> load(const std::filesystem::path &path,
                                                      const JobContext &job) const = 0;
};

/// Reads dumps of one format. Stateless; safe to use from several threads.
class TensorLoader
{
public:
    virtual ~TensorLoader() = default;
    virtual FormatInfo format() const = 0;
    virtual ProbeAnswer probe(const FileProbe &file) const = 0;
    virtual Result<std::shared_ptr<const TensorDump>> load(const std::filesystem::path &path,
                                                           const JobContext &job) const = 0;
};

} // namespace syncpoint
