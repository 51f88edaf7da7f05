#pragma once
#include "core/formats/mlir/mlir_lexer.h"
#include "core/graph/source_location.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace syncpoint {

/// Where an op came from.
struct MlirLocation
{
    std::vector<std::string> names;  ///< of the op in the program it was translated from
    std::vector<SourceFrame> frames; ///< innermost first
};

/// The locations of a file: loc("f.py":8:0), loc("name"(#loc3)), fused, callsite, and the aliases
/// (#loc3 = loc(…)) that stand anywhere in it.
class MlirLocations
{
public:
    void addAlias(std::string_view alias, MlirLexer behindEquals);
    /// Reads what follows "loc"; false when it is damaged. Long or circular chains are cut.
    bool read(MlirLexer &lexer, MlirLocation &out) const;

private:
    struct Reading
    {
        MlirLocation &out;
        std::size_t steps = 0;
    };
    bool readOne(MlirLexer &lexer, Reading &reading, bool isCall, int depth) const;
    bool readString(const MlirToken &token, MlirLexer &lexer, Reading &reading, bool isCall,
                    int depth) const;
    bool readList(MlirLexer &lexer, Reading &reading, int depth) const;

    std::unordered_map<std::string_view, MlirLexer> m_aliases;
};

/// The module in the name of an op: "jit(main)/Net/layers_0/dot_general" → "Net.layers_0".
std::string mlirModuleOf(std::string_view name);

} // namespace syncpoint
