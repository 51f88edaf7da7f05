#pragma once
#include "core/base/result.h"
#include "core/formats/executorch/instruction_sources.h"

#include <filesystem>
#include <optional>

namespace syncpoint {

/// The ETRecord that belongs to a program: "<name>.etrecord" or "<name>_etrecord.bin" beside it;
/// nothing when there is none.
std::optional<std::filesystem::path> findEtRecord(const std::filesystem::path &program);

/// What an ETRecord tells of the instructions of a program: its map of debug handles joined with
/// the edge program's ops. Fails when the file is damaged.
Result<InstructionSources> readEtRecord(const std::filesystem::path &path);

} // namespace syncpoint
