#pragma once
#include "core/graph/source_location.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace syncpoint {

/// Where an instruction of a program comes from.
struct InstructionSource
{
    std::vector<SourceFrame> frames; ///< innermost first
    /// Dotted path and class of the modules around it, outermost first.
    std::vector<std::pair<std::string, std::string>> modules;
    std::vector<std::string> names; ///< of the ops in the exported program
};

/// By method and index of the instruction.
using InstructionSources = std::map<std::pair<std::string, std::int64_t>, InstructionSource>;

} // namespace syncpoint
