#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace syncpoint {

/// One word of a program's text.
struct MilToken
{
    enum class Kind { End, Name, Number, Text, Symbol, Damaged };
    Kind kind = Kind::End;
    std::string_view text; ///< as written; a Text without its quotes, a Symbol is one character
    std::size_t position = 0;

    bool is(char symbol) const { return kind == Kind::Symbol && text.front() == symbol; }
};

/// Cuts the text of a program into words, one at a time. "->" is the symbol '>' after the symbol
/// '-'. Numbers keep their sign: "-0x1.8p+1", "-inf".
class MilLexer
{
public:
    explicit MilLexer(std::string_view text) : m_text(text) {}
    MilToken next();

private:
    MilToken take(MilToken::Kind kind, std::size_t length);
    MilToken takeText();

    std::string_view m_text;
    std::size_t m_position = 0;
};

/// What a quoted text stands for: \n, \t, \", \\ and \xNN are undone.
std::string unescaped(std::string_view text);

} // namespace syncpoint
