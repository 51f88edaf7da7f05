#include "core/formats/mlir/mlir_op_text.h"

#include "core/base/number_text.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace syncpoint {

namespace {
constexpr std::size_t kLongestAttribute = 1024;

/// "array<i64: 1, 2>" as numbers.
std::optional<std::vector<std::int64_t>> numbersOf(std::string_view text)
{
    const std::size_t colon = text.find(':');
    if (!text.starts_with("array<i") || !text.ends_with('>') || colon == std::string_view::npos) {
        return std::nullopt;
    }
    std::vector<std::int64_t> numbers;
    text = text.substr(colon + 1, text.size() - colon - 2);
    while (!text.empty()) {
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
        const std::size_t comma = std::min(text.find(','), text.size());
        const auto number = wholeNumber<std::int64_t>(text.substr(0, comma));
        if (!number || numbers.size() > kLongestAttribute) {
            return std::nullopt;
        }
        numbers.push_back(*number);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return numbers;
}

Attribute attributeOf(std::string_view name, std::string_view text)
{
    Attribute attribute{std::string(name), {}};
    const std::string_view value = text.substr(0, text.find(" : ")); // without its type
    if (const auto integer = wholeNumber<std::int64_t>(value)) {
        attribute.data = *integer;
    } else if (const auto real = wholeNumber<double>(value)) {
        attribute.data = *real;
    } else if (auto numbers = numbersOf(text)) {
        attribute.data = *std::move(numbers);
    } else {
        attribute.data = text.starts_with('"') ? mlirText(text.substr(0, kLongestAttribute))
                                               : std::string(text.substr(0, kLongestAttribute));
    }
    return attribute;
}

/// The text of a value up to a "," or one of `ends` outside of brackets, which is not taken; a line
/// that starts outside of brackets ends it too.
std::string_view readRaw(MlirLexer &lexer, std::string_view ends)
{
    const MlirToken first = lexer.peek();
    const char *begin = first.text.data();
    const char *end = begin;
    for (int depth = 0;;) {
        MlirLexer ahead(lexer);
        const MlirToken token = ahead.next();
        const bool isClosing = token.is(")") || token.is("]") || token.is("}");
        const bool isEnd = token.kind == MlirToken::Punctuation && token.text.size() == 1 &&
                           (token.is(",") || ends.find(token.text) != std::string_view::npos);
        if (token.kind == MlirToken::End || (depth == 0 && (isEnd || isClosing)) ||
            (depth == 0 && token.startsLine && end != begin)) {
            return begin == nullptr
                       ? std::string_view{}
                       : std::string_view(begin, static_cast<std::size_t>(end - begin));
        }
        depth += token.is("(") || token.is("[") || token.is("{") ? 1 : 0;
        depth -= isClosing ? 1 : 0;
        end = token.text.data() + token.text.size();
        lexer = ahead;
    }
}

/// {name = value, unit}; the "{" was taken. False when it is not closed.
bool readDictionary(MlirLexer &lexer, MlirOpText &op)
{
    while (!lexer.take("}")) {
        const MlirToken key = lexer.next();
        if (key.kind == MlirToken::End) {
            return false;
        }
        if (key.is(",")) {
            continue;
        }
        const std::string name =
            key.kind == MlirToken::String ? mlirText(key.text) : std::string(key.text);
        const bool hasValue = lexer.take("=");
        if (hasValue && name == "value" && lexer.peek().text.starts_with("dense<")) {
            op.literal = lexer.peek().text;
        } else if (hasValue && name == "callee") {
            op.symbol = lexer.peek().text;
        }
        op.attributes.push_back(attributeOf(name, hasValue ? readRaw(lexer, "}") : "unit"));
    }
    return true;
}

bool isType(const MlirToken &token)
{
    const bool isBuiltin =
        token.kind == MlirToken::Word && !token.text.empty() &&
        (token.text.find('<') != std::string_view::npos ||
         std::string_view("iufbt").find(token.text[0]) != std::string_view::npos);
    return isBuiltin || token.kind == MlirToken::Bang;
}

/// "t", "t, t", "(t, t)"; attributes of results are skipped.
void readTypeList(MlirLexer &lexer, std::vector<std::string_view> &types)
{
    const bool isBracketed = lexer.take("(");
    while (isType(lexer.peek())) {
        types.push_back(lexer.next().text);
        if (isBracketed && lexer.take("{") && !lexer.skipBrackets()) {
            return;
        }
        MlirLexer ahead(lexer);
        if (!ahead.take(",") || !isType(ahead.peek())) {
            break;
        }
        lexer = ahead;
    }
    if (isBracketed) {
        lexer.take(")");
    }
}

void readTypes(MlirLexer &lexer, MlirOpText &op)
{
    op.types.clear();
    readTypeList(lexer, op.types);
    if (lexer.take("->") || lexer.take("to")) {
        op.types.clear();
        readTypeList(lexer, op.types);
    }
}

/// Whether what follows a "{" is a list of ops and not of attributes.
bool isRegion(MlirLexer lexer)
{
    const MlirToken first = lexer.next();
    const MlirToken second = lexer.next();
    switch (first.kind) {
    case MlirToken::Block:
    case MlirToken::Value:
        return true;
    case MlirToken::String:
        return second.is("(");
    case MlirToken::Word:
        return isMlirTerminator(first.text) ? !second.is("=")
                                            : !second.is("=") && !second.is(",") && !second.is("}");
    default:
        return false;
    }
}

/// Whether an op starts here: "%a, %b:2 = …", "name" (…), or a name that is no part of an op.
bool startsOp(MlirLexer lexer)
{
    static constexpr std::array<std::string_view, 10> kParts{
        "cond", "do", "else", "then", "reducer", "attributes", "init", "dims", "loc", "applies"};
    MlirToken token = lexer.next();
    if (token.kind == MlirToken::Word) {
        return std::find(kParts.begin(), kParts.end(), token.text) == kParts.end() &&
               token.text.find('<') == std::string_view::npos;
    }
    if (token.kind != MlirToken::Value) {
        return token.kind == MlirToken::Block ||
               (token.kind == MlirToken::String && lexer.next().is("("));
    }
    constexpr int kMostNames = 64; // bounds what is read again on every line
    for (int i = 0; i < kMostNames && token.kind == MlirToken::Value; ++i) {
        if (lexer.take(":")) {
            lexer.next();
        }
        if (!lexer.take(",")) {
            return lexer.take("=");
        }
        token = lexer.next();
    }
    return false;
}

void readArguments(MlirLexer &lexer, MlirOpText &op)
{
    while (lexer.peek().kind == MlirToken::Value) {
        MlirArgument argument{lexer.next().text, {}};
        if (lexer.take(":")) {
            argument.type = lexer.next().text;
        }
        if (lexer.take("loc") && lexer.take("(")) {
            lexer.skipBrackets();
        }
        op.arguments.push_back(argument);
        lexer.take(",");
    }
}
} // namespace

MlirOpReader::Stop MlirOpReader::read(MlirLexer &lexer, MlirOpText &op)
{
    while (true) {
        MlirLexer ahead(lexer);
        const MlirToken token = ahead.next();
        const bool isClosing = token.is("}") || ((token.is(")") || token.is("]")) && m_depth == 0);
        if (token.kind == MlirToken::End || isClosing ||
            (m_depth == 0 && token.startsLine && startsOp(lexer))) {
            return Stop::End;
        }
        lexer = ahead;
        if (token.is("{")) {
            if (isRegion(lexer)) {
                return Stop::Region;
            }
            if (!readDictionary(lexer, op)) {
                return Stop::Damaged;
            }
        } else if (token.kind == MlirToken::Value) {
            if (lexer.take("=")) {
                op.arguments.push_back({token.text, {}});
            } else {
                op.operands.push_back(token.text);
            }
        } else if (token.kind == MlirToken::Symbol) {
            op.symbol = op.symbol.empty() ? token.text : op.symbol;
        } else if (!(token.kind == MlirToken::Word ? readWord(token, lexer, op)
                                                   : readPunctuation(token, lexer, op))) {
            return Stop::Damaged;
        }
    }
}

bool MlirOpReader::readPunctuation(const MlirToken &token, MlirLexer &lexer, MlirOpText &op)
{
    if (token.is("(") || token.is("[")) {
        ++m_depth;
    } else if (token.is(")") || token.is("]")) {
        --m_depth;
    } else if (token.is(":") && m_depth == 0) {
        readTypes(lexer, op);
    } else if (token.is("->") && m_depth == 0) {
        op.types.clear();
        readTypeList(lexer, op.types);
    }
    return true;
}

bool MlirOpReader::readWord(const MlirToken &token, MlirLexer &lexer, MlirOpText &op)
{
    if (m_depth > 0) {
        return true;
    }
    if (token.isWord("loc") && lexer.peek().is("(")) {
        return m_locations.read(lexer, op.location);
    }
    if (lexer.take("=")) {
        op.attributes.push_back(attributeOf(token.text, readRaw(lexer, ":")));
        return true;
    }
    const bool isRole = token.isWord("cond") || token.isWord("do") || token.isWord("else") ||
                        token.isWord("then") || token.isWord("reducer");
    if (isRole) {
        op.role = token.text;
    }
    if (token.isWord("reducer") && lexer.take("(")) {
        readArguments(lexer, op);
        return lexer.take(")");
    }
    if (op.literal.empty() &&
        (token.text.starts_with("dense<") || wholeNumber<double>(token.text) ||
         token.isWord("true") || token.isWord("false"))) {
        op.literal = token.text;
    }
    return true;
}

bool isMlirTerminator(std::string_view opName)
{
    return opName == "return" || opName.ends_with(".return") || opName.ends_with(".yield");
}

} // namespace syncpoint
