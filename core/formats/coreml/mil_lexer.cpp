#include "core/formats/coreml/mil_lexer.h"

#include <algorithm>
#include <charconv>

namespace syncpoint {

namespace {
bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}
bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool startsName(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '%' || c == '@';
}
bool isInName(char c)
{
    return startsName(c) || isDigit(c) || c == '.';
}

/// Length of the number that `text` starts with; 0 when it starts with none.
std::size_t numberLength(std::string_view text)
{
    std::size_t at = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    for (const std::string_view word : {"inf", "nan"}) {
        if (at > 0 && text.substr(at).starts_with(word)) {
            return at + word.size();
        }
    }
    if (at == text.size() || !isDigit(text[at])) {
        return 0;
    }
    const bool isHex = text.substr(at).starts_with("0x");
    for (; at < text.size(); ++at) {
        const char c = text[at];
        const bool isExponentSign =
            (c == '-' || c == '+') && (text[at - 1] == 'p' || (!isHex && text[at - 1] == 'e'));
        if (!isDigit(c) && c != '.' && !startsName(c) && !isExponentSign) {
            break;
        }
    }
    return at;
}
} // namespace

MilToken MilLexer::take(MilToken::Kind kind, std::size_t length)
{
    const MilToken token{kind, m_text.substr(m_position, length), m_position};
    m_position += length;
    return token;
}

MilToken MilLexer::takeText()
{
    const std::size_t start = m_position + 1;
    std::size_t end = start;
    while (end < m_text.size() && m_text[end] != '"') {
        end += m_text[end] == '\\' ? std::size_t{2} : std::size_t{1};
    }
    if (end >= m_text.size()) {
        return {MilToken::Kind::Damaged, "a text without its closing quote", m_position};
    }
    const MilToken token{MilToken::Kind::Text, m_text.substr(start, end - start), m_position};
    m_position = end + 1;
    return token;
}

MilToken MilLexer::next()
{
    while (m_position < m_text.size() && isSpace(m_text[m_position])) {
        ++m_position;
    }
    if (m_position == m_text.size()) {
        return {MilToken::Kind::End, {}, m_position};
    }
    const std::string_view rest = m_text.substr(m_position);
    if (rest.front() == '"') {
        return takeText();
    }
    if (startsName(rest.front())) {
        const auto end = std::find_if_not(rest.begin(), rest.end(), isInName);
        return take(MilToken::Kind::Name, static_cast<std::size_t>(end - rest.begin()));
    }
    if (const std::size_t length = numberLength(rest); length > 0) {
        return take(MilToken::Kind::Number, length);
    }
    return take(MilToken::Kind::Symbol, 1);
}

std::string unescaped(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            out.push_back(text[i]);
            continue;
        }
        const char c = text[++i];
        unsigned code = 0;
        if (c == 'x' && i + 2 < text.size() &&
            std::from_chars(text.data() + i + 1, text.data() + i + 3, code, 16).ptr ==
                text.data() + i + 3) {
            out.push_back(static_cast<char>(code));
            i += 2;
        } else {
            out.push_back(c == 'n' ? '\n' : c == 't' ? '\t' : c);
        }
    }
    return out;
}

} // namespace syncpoint
