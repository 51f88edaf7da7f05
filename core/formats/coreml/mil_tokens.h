#pragma once
#include "core/base/result.h"
#include "core/formats/coreml/mil_lexer.h"

#include <string_view>

namespace syncpoint {

/// The words of a program's text, read with one word of look-ahead. Errors name the line:
/// "line 17: expected ')' before 'foo'".
class MilTokens
{
public:
    explicit MilTokens(std::string_view text);

    const MilToken &current() const { return m_current; }
    bool is(char symbol) const { return m_current.is(symbol); }
    bool is(MilToken::Kind kind) const { return m_current.kind == kind; }
    /// The word after the current one.
    MilToken following() const;

    MilToken take();
    bool takeIf(char symbol);
    Result<std::string_view> takeName(std::string_view what);
    /// Takes these symbols, one after the other.
    Result<void> expect(std::string_view symbols);
    /// Takes what stands in square brackets here, "[buildInfo = …]", as often as it does.
    Result<void> skipBrackets();
    /// `items` separated by commas until `close`, which is taken.
    template <typename Item>
    Result<void> readList(char close, Item item)
    {
        if (takeIf(close)) {
            return {};
        }
        Result<void> status;
        do {
            status = item();
        } while (status && takeIf(','));
        return status ? expect({&close, 1}) : status;
    }

    Error unexpected(std::string_view wanted) const;
    /// Fails when blocks or values nest too deep.
    Result<void> checkDepth(int depth) const;

private:
    std::string_view m_text;
    MilLexer m_lexer;
    MilToken m_current;
};

} // namespace syncpoint
