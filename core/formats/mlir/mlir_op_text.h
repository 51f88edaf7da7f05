#pragma once
#include "core/formats/mlir/mlir_lexer.h"
#include "core/formats/mlir/mlir_locations.h"
#include "core/graph/attribute.h"

#include <string_view>
#include <vector>

namespace syncpoint {

/// A value that an op defines for its regions: "%i" of a loop, arguments of a reducer.
struct MlirArgument
{
    std::string_view name;
    std::string_view type; ///< empty when not said
};

/// What stands behind the name of an op, as far as it is understood.
struct MlirOpText
{
    std::vector<std::string_view> operands;
    std::vector<std::string_view> types; ///< of the results, or of the operands when alike
    std::vector<Attribute> attributes;
    std::vector<MlirArgument> arguments;
    std::string_view symbol;  ///< of a function that it calls
    std::string_view literal; ///< of a constant: dense<…>, or a number
    std::string_view role;    ///< word before the region that follows: "cond", "do", "reducer"
    MlirLocation location;
};

/// Reads up to the next region of the op, up to which `lexer` is left with the "{" taken, or to the
/// op's end. Works without knowing ops: a line that starts like an op ends the one before.
class MlirOpReader
{
public:
    explicit MlirOpReader(const MlirLocations &locations) : m_locations(locations) {}

    enum class Stop { Region, End, Damaged };
    Stop read(MlirLexer &lexer, MlirOpText &op);

private:
    bool readPunctuation(const MlirToken &token, MlirLexer &lexer, MlirOpText &op);
    bool readWord(const MlirToken &token, MlirLexer &lexer, MlirOpText &op);

    const MlirLocations &m_locations;
    int m_depth = 0; ///< of brackets, kept from region to region
};

/// "return", "stablehlo.return", "scf.yield": names what a region gives.
bool isMlirTerminator(std::string_view opName);

} // namespace syncpoint
