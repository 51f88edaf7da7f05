#pragma once
#include "core/formats/exporter.h"
#include "core/formats/loader.h"

#include <memory>
#include <vector>

namespace syncpoint {

/// Every model format, in the order they are asked: a new one is one line in registry.cpp.
std::vector<std::unique_ptr<GraphLoader>> builtinGraphLoaders();
/// Every dump format, in the order they are asked.
std::vector<std::unique_ptr<TensorLoader>> builtinTensorLoaders();

/// Every format that dumps can be written in: a new one is one line in registry.cpp.
std::vector<std::unique_ptr<DumpExporter>> builtinDumpExporters();

/// Loads a model with the loader that recognises it. The error reads `loading FILE: …`; of a file
/// that no loader could read it says what the file is instead, if that is known.
Result<std::shared_ptr<const Graph>> loadGraph(const std::filesystem::path &path,
                                               const JobContext &job);
/// Loads a dump with the loader that recognises it. The error reads as for loadGraph().
Result<std::shared_ptr<const TensorDump>> loadDump(const std::filesystem::path &path,
                                                   const JobContext &job);

/// Writes a dump in the format of that id; without one, in the format that has the target's
/// extension. Fails, and names the formats, when there is none.
Result<ExportSummary> exportDump(const TensorDump &dump, const std::filesystem::path &target,
                                 std::string_view formatId, const JobContext &job);

enum class FileKind { Model, Dump, Unknown };
/// What a file is, by probing all loaders. Fails when it cannot be read.
Result<FileKind> kindOfFile(const std::filesystem::path &path);

} // namespace syncpoint
