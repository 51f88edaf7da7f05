#pragma once
#include "core/base/result.h"
#include "core/formats/mlir/mlir_functions.h"

#include <string>
#include <string_view>
#include <vector>

namespace syncpoint {

/// An argument of a function or block: "%a: tensor<4xf32> {…} loc(…)".
struct MlirParameter
{
    std::string_view name;
    std::string_view type;
    MlirLocation location;
};

/// Reads one argument and the comma behind it.
Result<MlirParameter> readMlirParameter(MlirLexer &lexer, const MlirLocations &locations);

/// Takes what stands between the arguments of a function and its body: "-> (…) attributes {…}".
Result<void> skipMlirResultTypes(MlirLexer &lexer);

/// The names on the left of "=", which is taken: "%3", or "%3#0" and "%3#1" for "%3:2"; none when
/// an op without results stands here.
Result<std::vector<std::string>> readMlirResults(MlirLexer &lexer);

} // namespace syncpoint
