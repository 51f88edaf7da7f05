#include "core/formats/mlir/mlir_signature.h"

#include <charconv>
#include <fmt/format.h>

namespace syncpoint {

namespace {
constexpr std::size_t kMostResults = 4096;
} // namespace

Result<MlirParameter> readMlirParameter(MlirLexer &lexer, const MlirLocations &locations)
{
    MlirParameter parameter;
    const MlirToken name = lexer.next();
    if (name.kind != MlirToken::Value || !lexer.take(":")) {
        return Error{ErrorCode::BadFormat, "an argument is damaged"};
    }
    parameter.name = name.text;
    parameter.type = lexer.next().text;
    if ((lexer.take("{") && !lexer.skipBrackets()) ||
        (lexer.take("loc") && !locations.read(lexer, parameter.location))) {
        return Error{ErrorCode::BadFormat, "an argument is damaged"};
    }
    lexer.take(",");
    return parameter;
}

Result<void> skipMlirResultTypes(MlirLexer &lexer)
{
    if (lexer.take("->")) {
        const bool isList = lexer.take("(");
        if (isList ? !lexer.skipBrackets() : lexer.next().kind == MlirToken::End) {
            return Error{ErrorCode::BadFormat, "the result of a function is not closed"};
        }
    }
    if (lexer.take("attributes") && lexer.take("{") && !lexer.skipBrackets()) {
        return Error{ErrorCode::BadFormat, "the attributes of a function are not closed"};
    }
    return {};
}

Result<std::vector<std::string>> readMlirResults(MlirLexer &lexer)
{
    std::vector<std::string> names;
    if (lexer.peek().kind != MlirToken::Value) {
        return names;
    }
    do {
        const std::string name(lexer.next().text);
        std::size_t count = 1;
        if (lexer.take(":")) {
            const std::string_view text = lexer.next().text;
            std::from_chars(text.data(), text.data() + text.size(), count);
        }
        if (name.empty() || count == 0 || names.size() + count > kMostResults) {
            return Error{ErrorCode::BadFormat, "the results of an op are damaged"};
        }
        for (std::size_t i = 0; i < count; ++i) {
            names.push_back(count == 1 ? name : fmt::format("{}#{}", name, i));
        }
    } while (lexer.take(","));
    return lexer.take("=") ? Result<std::vector<std::string>>(std::move(names))
                           : Error{ErrorCode::BadFormat, "the results of an op are damaged"};
}

} // namespace syncpoint
