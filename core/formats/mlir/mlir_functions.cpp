#include "core/formats/mlir/mlir_functions.h"

#include <algorithm>

namespace syncpoint {

namespace {
std::string_view unquoted(std::string_view text)
{
    const bool isQuoted = text.size() >= 2 && text.front() == '"';
    return isQuoted ? text.substr(1, text.size() - 2) : text;
}

std::optional<MlirFunction> prettyFunction(MlirLexer lexer)
{
    MlirFunction function;
    function.isPublic = lexer.take("public");
    lexer.take("private");
    const MlirToken name = lexer.next();
    if (name.kind != MlirToken::Symbol || !lexer.take("(")) {
        return std::nullopt;
    }
    function.name = unquoted(name.text.substr(1));
    function.text = lexer;
    return function;
}

/// Its name is a property, its body the region in "({ … })".
std::optional<MlirFunction> genericFunction(MlirLexer lexer)
{
    constexpr int kMostTokens = 200; // a header is short
    MlirFunction function;
    function.isGeneric = true;
    for (int i = 0; i < kMostTokens; ++i) {
        const MlirToken token = lexer.next();
        if (token.isWord("sym_name") && lexer.take("=")) {
            function.name = unquoted(lexer.next().text);
        } else if (token.is("(") && lexer.peek().is("{")) {
            function.text = lexer;
            return function.name.empty() ? std::nullopt : std::optional(function);
        }
    }
    return std::nullopt;
}
} // namespace

MlirFile MlirFile::of(std::string_view text)
{
    MlirFile file;
    MlirLexer lexer(text);
    for (MlirToken token = lexer.next(); token.kind != MlirToken::End; token = lexer.next()) {
        std::optional<MlirFunction> function;
        if (token.isWord("func.func") || (token.isWord("func") && token.startsLine)) {
            function = prettyFunction(lexer);
        } else if (token.kind == MlirToken::String && token.text == "\"func.func\"") {
            function = genericFunction(lexer);
        } else if (token.kind == MlirToken::Alias && token.startsLine && lexer.take("=")) {
            file.locations.addAlias(token.text, lexer);
        }
        if (function) {
            file.byName.emplace(function->name, file.functions.size());
            file.functions.push_back(*function);
        }
    }
    return file;
}

const MlirFunction *MlirFile::find(std::string_view name) const
{
    const auto found = byName.find(name);
    return found == byName.end() ? nullptr : &functions[found->second];
}

const MlirFunction *MlirFile::entry() const
{
    if (const MlirFunction *main = find("main")) {
        return main;
    }
    const auto found = std::find_if(functions.begin(), functions.end(),
                                    [](const MlirFunction &function) { return function.isPublic; });
    return found != functions.end() ? &*found : functions.empty() ? nullptr : &functions.front();
}

} // namespace syncpoint
