#pragma once
#include "core/formats/mlir/mlir_lexer.h"
#include "core/formats/mlir/mlir_locations.h"

#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace syncpoint {

struct MlirFunction
{
    std::string_view name; ///< without "@"
    bool isPublic = false;
    bool isGeneric = false; ///< written as "func.func"() …
    MlirLexer text{""};     ///< behind the "(" of its arguments, or before the "{" of its body
};

/// What can be anywhere in a file and is needed everywhere.
struct MlirFile
{
    std::vector<MlirFunction> functions;
    std::unordered_map<std::string_view, std::size_t> byName;
    MlirLocations locations;

    static MlirFile of(std::string_view text);
    const MlirFunction *find(std::string_view name) const;
    /// "main", else the first public one, else the first.
    const MlirFunction *entry() const;
};

} // namespace syncpoint
