#pragma once
#include "core/base/result.h"
#include "core/formats/zip/zip_archive.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint::pytorch {

/// Where a .pt2 archive keeps the parts of one exported program, as members of the archive.
struct ProgramFiles
{
    std::size_t program = 0;
    std::vector<std::size_t> savedTensors;  ///< that torch.save() wrote
    std::vector<std::size_t> weightConfigs; ///< JSON that lists members of raw elements
    std::vector<std::string> otherPrograms; ///< names of those that are not read
};

/// Both layouts: the flat one of PyTorch up to 2.7, and the PT2 archive, of whose programs the one
/// called "model" is taken, else the first. Fails for archives without a program.
Result<ProgramFiles> findProgram(const ZipArchive &archive);

/// Whether an archive that starts with this member is one of the two.
bool isProgramMember(std::string_view firstMember);

} // namespace syncpoint::pytorch
