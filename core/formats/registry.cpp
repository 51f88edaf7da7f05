#include "core/formats/registry.h"

#include "core/formats/core_ai/intermediates_loader.h"
#include "core/formats/coreml/coreml_loader.h"
#include "core/formats/executorch/etdump_loader.h"
#include "core/formats/executorch/pte_loader.h"
#include "core/formats/gguf/gguf_loader.h"
#include "core/formats/hdf5/dump_exporter.h"
#include "core/formats/hdf5/hdf5_loader.h"
#include "core/formats/known_kinds.h"
#include "core/formats/mlir/mlir_loader.h"
#include "core/formats/msprobe/msprobe_loader.h"
#include "core/formats/npy/npy_folder_loader.h"
#include "core/formats/npy/npy_loader.h"
#include "core/formats/npy/npz_exporter.h"
#include "core/formats/npy/npz_loader.h"
#include "core/formats/onnx/debug_database_loader.h"
#include "core/formats/onnx/debug_dump_loader.h"
#include "core/formats/onnx/onnx_loader.h"
#include "core/formats/onnx/test_data_exporter.h"
#include "core/formats/onnx/test_data_loader.h"
#include "core/formats/openvino/openvino_loader.h"
#include "core/formats/polygraphy/polygraphy_exporter.h"
#include "core/formats/polygraphy/polygraphy_loader.h"
#include "core/formats/pytorch/pt2_loader.h"
#include "core/formats/pytorch/state_dict_loader.h"
#include "core/formats/raw/raw_loaders.h"
#include "core/formats/safetensors/safetensors_exporter.h"
#include "core/formats/safetensors/safetensors_loader.h"
#include "core/formats/tflite/tflite_loader.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <fstream>
#include <new>
#include <optional>
#include <type_traits>

namespace syncpoint {

namespace {
std::string lowerCaseExtension(const std::filesystem::path &path)
{
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return extension;
}
} // namespace

std::vector<std::unique_ptr<GraphLoader>> builtinGraphLoaders()
{
    std::vector<std::unique_ptr<GraphLoader>> loaders;
    loaders.push_back(makeOnnxLoader());
    loaders.push_back(makeCoreMlLoader());
    loaders.push_back(makeTfliteLoader());
    loaders.push_back(makePteLoader());
    loaders.push_back(makePt2Loader());
    loaders.push_back(makeOpenVinoLoader());
    loaders.push_back(makeMlirLoader());
    return loaders;
}

std::vector<std::unique_ptr<TensorLoader>> builtinTensorLoaders()
{
    std::vector<std::unique_ptr<TensorLoader>> loaders;
    loaders.push_back(makeHdf5Loader());
    loaders.push_back(makeNpzLoader());
    loaders.push_back(makeNpyLoader());
    loaders.push_back(makeSafetensorsLoader());
    loaders.push_back(makeGgufLoader());
    loaders.push_back(makeStateDictLoader());
    loaders.push_back(makeOnnxTestDataLoader());
    loaders.push_back(makeEtDumpLoader());
    loaders.push_back(makeCoreAiIntermediatesLoader());
    loaders.push_back(makeMsprobeLoader());
    loaders.push_back(makeOrtDebugDumpLoader());
    loaders.push_back(makeOrtDebugDatabaseLoader());
    loaders.push_back(makePolygraphyLoader());
    loaders.push_back(makeTensorRtOutputLoader());
    loaders.push_back(makeManifestLoader());
    loaders.push_back(makeQnnLoader());
    loaders.push_back(makeNpyFolderLoader());
    return loaders;
}

std::vector<std::unique_ptr<DumpExporter>> builtinDumpExporters()
{
    std::vector<std::unique_ptr<DumpExporter>> exporters;
    exporters.push_back(makeHdf5Exporter());
    exporters.push_back(makeNpzExporter());
    exporters.push_back(makeSafetensorsExporter());
    exporters.push_back(makePolygraphyExporter());
    exporters.push_back(makeOnnxTestDataExporter());
    return exporters;
}

Result<FileProbe> FileProbe::of(const std::filesystem::path &path)
{
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (error || !std::filesystem::exists(status)) {
        return Error{ErrorCode::Io, fmt::format("{} does not exist", path.string())};
    }
    FileProbe probe;
    probe.path = path;
    probe.extension = lowerCaseExtension(path);
    probe.isDirectory = std::filesystem::is_directory(status);
    if (probe.isDirectory) {
        return probe;
    }
    probe.size = std::filesystem::file_size(path, error);
    std::ifstream stream(path, std::ios::binary);
    if (error || !stream) {
        return Error{ErrorCode::Io, fmt::format("{} cannot be read", path.string())};
    }
    probe.start.resize(4096);
    stream.read(reinterpret_cast<char *>(probe.start.data()),
                static_cast<std::streamsize>(probe.start.size()));
    probe.start.resize(static_cast<std::size_t>(stream.gcount()));
    return probe;
}

namespace {
template <typename Loader>
const Loader *pickLoader(const std::vector<std::unique_ptr<Loader>> &loaders,
                         const FileProbe &probe)
{
    const Loader *maybe = nullptr;
    for (const auto &loader : loaders) {
        const ProbeAnswer answer = loader->probe(probe);
        if (answer == ProbeAnswer::Yes) {
            return loader.get();
        }
        if (answer == ProbeAnswer::Maybe && maybe == nullptr) {
            maybe = loader.get();
        }
    }
    return maybe;
}

/// Loaders of what was not asked for: dumps for a model, models for a dump.
template <typename Loader>
auto otherLoaders()
{
    if constexpr (std::is_same_v<Loader, GraphLoader>) {
        return builtinTensorLoaders();
    } else {
        return builtinGraphLoaders();
    }
}

/// Says what the file is instead, as far as anybody knows; nothing when nobody does.
template <typename Loader>
std::optional<Error> otherKindError(const FileProbe &probe, std::string_view what)
{
    const KnownKind *kind = knownKindOf(probe);
    if (kind != nullptr && !(kind->hasTensors && std::is_same_v<Loader, TensorLoader>)) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("this is a {}, which is not read: {}", kind->name, kind->advice)};
    }
    for (const auto &loader : otherLoaders<Loader>()) {
        if (loader->probe(probe) == ProbeAnswer::Yes) {
            return Error{ErrorCode::BadFormat,
                         fmt::format("this is not a {} but a file of another kind: {}", what,
                                     loader->format().name)};
        }
    }
    return std::nullopt;
}

template <typename Loader>
auto loadWith(const std::vector<std::unique_ptr<Loader>> &loaders, std::string_view what,
              const std::filesystem::path &path, const JobContext &job)
    -> decltype(loaders.front()->load(path, job))
{
    const auto probe = FileProbe::of(path);
    if (!probe) {
        return probe.error();
    }
    const Loader *loader = pickLoader(loaders, *probe);
    const std::string context = fmt::format("loading {}", path.string());
    if (loader == nullptr) {
        const Error unknown{
            ErrorCode::BadFormat,
            fmt::format("not a {} of a known format (see `syncpoint-cli formats`)", what)};
        return otherKindError<Loader>(*probe, what).value_or(unknown).withContext(context);
    }
    const auto read = [&]() -> decltype(loader->load(path, job)) {
        try {
            return loader->load(path, job);
        } catch (const std::bad_alloc &) {
            return Error{ErrorCode::Limit,
                         fmt::format("there is not enough memory for what the {} describes", what)};
        }
    };
    auto loaded = read();
    if (loaded) {
        return loaded;
    }
    // The name of a file may promise what its content does not keep.
    const auto otherKind = loaded.error().code == ErrorCode::BadFormat
                               ? otherKindError<Loader>(*probe, what)
                               : std::nullopt;
    return otherKind.value_or(loaded.error()).withContext(context);
}
} // namespace

Result<std::shared_ptr<const Graph>> loadGraph(const std::filesystem::path &path,
                                               const JobContext &job)
{
    return loadWith(builtinGraphLoaders(), "model", path, job);
}

Result<std::shared_ptr<const TensorDump>> loadDump(const std::filesystem::path &path,
                                                   const JobContext &job)
{
    return loadWith(builtinTensorLoaders(), "dump", path, job);
}

Result<ExportSummary> exportDump(const TensorDump &dump, const std::filesystem::path &target,
                                 std::string_view formatId, const JobContext &job)
{
    const std::string pattern = " *" + lowerCaseExtension(target) + ' ';
    std::vector<std::string_view> known;
    for (const auto &exporter : builtinDumpExporters()) {
        const ExportFormat format = exporter->format();
        const bool hasExtension =
            fmt::format(" {} ", format.extensions).find(pattern) != std::string::npos;
        if (formatId.empty() ? hasExtension : format.id == formatId) {
            try {
                return exporter->write(dump, target, job);
            } catch (const std::bad_alloc &) {
                return Error{ErrorCode::Limit, "there is not enough memory for the largest tensor"};
            }
        }
        known.push_back(format.id);
    }
    return Error{ErrorCode::BadInput,
                 formatId.empty()
                     ? fmt::format("the extension of {} names no format to write: choose one of {}",
                                   target.string(), fmt::join(known, ", "))
                     : fmt::format("there is no format '{}' to write: choose one of {}", formatId,
                                   fmt::join(known, ", "))};
}

Result<FileKind> kindOfFile(const std::filesystem::path &path)
{
    const auto probe = FileProbe::of(path);
    if (!probe) {
        return probe.error();
    }
    const auto graphs = builtinGraphLoaders();
    const auto dumps = builtinTensorLoaders();
    const GraphLoader *graph = pickLoader(graphs, *probe);
    const TensorLoader *dump = pickLoader(dumps, *probe);
    if (graph != nullptr && dump != nullptr) {
        return dump->probe(*probe) > graph->probe(*probe) ? FileKind::Dump : FileKind::Model;
    }
    return graph != nullptr  ? FileKind::Model
           : dump != nullptr ? FileKind::Dump
                             : FileKind::Unknown;
}

} // namespace syncpoint
