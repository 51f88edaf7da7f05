#include "core/formats/coreml/mil_tokens.h"

#include <algorithm>
#include <fmt/format.h>

namespace syncpoint {

namespace {
constexpr int kDeepestText = 64;
} // namespace

MilTokens::MilTokens(std::string_view text) : m_text(text), m_lexer(text)
{
    m_current = m_lexer.next();
}

MilToken MilTokens::following() const
{
    MilLexer rest = m_lexer;
    return rest.next();
}

MilToken MilTokens::take()
{
    const MilToken token = m_current;
    m_current = m_lexer.next();
    return token;
}

bool MilTokens::takeIf(char symbol)
{
    const bool is = m_current.is(symbol);
    if (is) {
        take();
    }
    return is;
}

Result<std::string_view> MilTokens::takeName(std::string_view what)
{
    return is(MilToken::Kind::Name) ? Result<std::string_view>(take().text) : unexpected(what);
}

Result<void> MilTokens::expect(std::string_view symbols)
{
    for (const char symbol : symbols) {
        if (!takeIf(symbol)) {
            return unexpected(fmt::format("'{}'", symbol));
        }
    }
    return {};
}

Result<void> MilTokens::skipBrackets()
{
    for (int open = 0; open > 0 || is('['); take()) {
        if (is(MilToken::Kind::End) || is(MilToken::Kind::Damaged)) {
            return unexpected("']'");
        }
        open += is('[') ? 1 : is(']') ? -1 : 0;
    }
    return {};
}

Error MilTokens::unexpected(std::string_view wanted) const
{
    const auto place = static_cast<std::ptrdiff_t>(m_current.position);
    const auto line = std::count(m_text.begin(), m_text.begin() + place, '\n') + 1;
    using Kind = MilToken::Kind;
    const std::string found = is(Kind::End) ? "the end of the file"
                              : is(Kind::Damaged)
                                  ? std::string(m_current.text)
                                  : fmt::format("'{}'", m_current.text.substr(0, 40));
    return {ErrorCode::BadFormat,
            fmt::format("line {}: expected {} before {}", line, wanted, found)};
}

Result<void> MilTokens::checkDepth(int depth) const
{
    if (depth > kDeepestText) {
        return Error{ErrorCode::Limit, unexpected("less deep nesting").message};
    }
    return {};
}

} // namespace syncpoint
