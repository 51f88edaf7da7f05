#include "core/formats/mlir/mlir_lexer.h"

#include <algorithm>
#include <cctype>

namespace syncpoint {

namespace {
constexpr std::size_t kNone = std::string_view::npos;

bool isLetter(char c)
{
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool isDigit(char c)
{
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}
bool isNamePart(char c)
{
    return isLetter(c) || isDigit(c) || c == '.' || c == '$';
}
} // namespace

bool MlirLexer::skipSpace()
{
    bool isNewLine = m_position == 0;
    while (m_position < m_text.size()) {
        const char c = m_text[m_position];
        if (c == '/' && m_text.substr(m_position, 2) == "//") {
            m_position = std::min(m_text.find('\n', m_position), m_text.size());
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            isNewLine = isNewLine || c == '\n';
            ++m_position;
        } else {
            break;
        }
    }
    return isNewLine;
}

std::size_t MlirLexer::endOfName(std::size_t at) const
{
    const bool isNumber = at < m_text.size() && (isDigit(m_text[at]) || m_text[at] == '-');
    for (; at < m_text.size(); ++at) {
        const char c = m_text[at];
        const bool isSign = isNumber && (c == '-' || c == '+') && at > 0 &&
                            (m_text[at - 1] == 'e' || m_text[at - 1] == 'E');
        if (!isNamePart(c) && !isSign) {
            break;
        }
    }
    return at;
}

std::size_t MlirLexer::endOfString(std::size_t at) const
{
    for (++at; at < m_text.size(); ++at) {
        if (m_text[at] == '\\') {
            ++at;
        } else if (m_text[at] == '"') {
            return at + 1;
        }
    }
    return kNone;
}

std::size_t MlirLexer::endOfAngles(std::size_t at) const
{
    std::size_t depth = 0;
    while (at < m_text.size()) {
        const char c = m_text[at];
        if (c == '"') {
            at = endOfString(at);
            if (at == kNone) {
                return kNone;
            }
            continue;
        }
        const bool isArrow = c == '>' && at > 0 && m_text[at - 1] == '-';
        depth += c == '<' ? 1U : 0U;
        depth -= c == '>' && !isArrow ? 1U : 0U;
        ++at;
        if (depth == 0) {
            return at;
        }
    }
    return kNone;
}

MlirToken MlirLexer::next()
{
    MlirToken token;
    token.startsLine = skipSpace();
    if (m_position >= m_text.size()) {
        return token;
    }
    const std::size_t begin = m_position;
    const char c = m_text[begin];
    const bool isNegative = c == '-' && begin + 1 < m_text.size() && isDigit(m_text[begin + 1]);
    std::size_t end = begin + 1;
    if (c == '"') {
        token.kind = MlirToken::String;
        end = endOfString(begin);
    } else if (isNamePart(c) || isNegative) {
        token.kind = MlirToken::Word;
        end = endOfName(isNegative ? begin + 1 : begin);
    } else if (c == '%' || c == '@' || c == '#' || c == '!' || c == '^') {
        token.kind = c == '%'   ? MlirToken::Value
                     : c == '@' ? MlirToken::Symbol
                     : c == '#' ? MlirToken::Alias
                     : c == '!' ? MlirToken::Bang
                                : MlirToken::Block;
        const bool isQuoted = c == '@' && begin + 1 < m_text.size() && m_text[begin + 1] == '"';
        end = isQuoted ? endOfString(begin + 1) : endOfName(begin + 1);
        if (c == '%' && end < m_text.size() && m_text[end] == '#') {
            end = endOfName(end + 1);
        }
    } else {
        token.kind = MlirToken::Punctuation;
        end = m_text.substr(begin, 2) == "->" ? begin + 2 : begin + 1;
    }
    const bool takesAngles = token.kind == MlirToken::Word || token.kind == MlirToken::Alias ||
                             token.kind == MlirToken::Bang;
    if (takesAngles && end < m_text.size() && m_text[end] == '<') {
        end = endOfAngles(end);
    }
    if (end == kNone) { // not closed: nothing behind can be told
        m_position = m_text.size();
        token.kind = MlirToken::End;
        return token;
    }
    token.text = m_text.substr(begin, end - begin);
    m_position = end;
    return token;
}

bool MlirLexer::take(std::string_view text)
{
    MlirLexer ahead(*this);
    const MlirToken token = ahead.next();
    if (!token.is(text) && !token.isWord(text)) {
        return false;
    }
    *this = ahead;
    return true;
}

bool MlirLexer::skipBrackets()
{
    for (std::size_t depth = 1; depth > 0;) {
        const MlirToken token = next();
        if (token.kind == MlirToken::End) {
            return false;
        }
        depth += token.is("(") || token.is("[") || token.is("{") ? 1U : 0U;
        depth -= token.is(")") || token.is("]") || token.is("}") ? 1U : 0U;
    }
    return true;
}

std::size_t MlirLexer::line() const
{
    const auto read = m_text.substr(0, m_position);
    return 1 + static_cast<std::size_t>(std::count(read.begin(), read.end(), '\n'));
}

std::string mlirText(std::string_view quoted)
{
    std::string text;
    for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
        const bool isEscape = quoted[i] == '\\' && i + 2 < quoted.size();
        text += quoted[isEscape ? ++i : i];
    }
    return text;
}

} // namespace syncpoint
