#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace syncpoint {

/// One piece of MLIR text; a view of the file.
struct MlirToken
{
    enum Kind {
        End,    ///< of the text, or where a string or bracket is not closed
        Value,  ///< %name, with #N of a result among several
        Symbol, ///< @name
        Alias,  ///< #name; with its <…> when that follows at once, as for the next two
        Word,   ///< name, number, or type such as tensor<4x?xf32>
        Bang,   ///< !name
        Block,  ///< ^name
        String, ///< with its quotes
        Punctuation,
    };
    Kind kind = End;
    std::string_view text;
    bool startsLine = false;

    bool is(std::string_view punctuation) const
    {
        return kind == Punctuation && text == punctuation;
    }
    bool isWord(std::string_view word) const { return kind == Word && text == word; }
};

/// Cuts MLIR text into tokens one after the other. Cheap to copy, for looking ahead.
class MlirLexer
{
public:
    explicit MlirLexer(std::string_view text) : m_text(text) {}

    MlirToken next();
    MlirToken peek() const { return MlirLexer(*this).next(); }
    /// Takes the next token if it is this punctuation or word.
    bool take(std::string_view text);
    /// Goes behind the bracket that closes the one that was just taken; false when there is none.
    bool skipBrackets();

    std::size_t position() const { return m_position; }
    std::string_view between(std::size_t begin, std::size_t end) const
    {
        return m_text.substr(begin, end - begin);
    }
    /// Line of the current position, from 1.
    std::size_t line() const;

private:
    bool skipSpace();
    std::size_t endOfName(std::size_t at) const;
    std::size_t endOfString(std::size_t at) const;
    std::size_t endOfAngles(std::size_t at) const;

    std::string_view m_text;
    std::size_t m_position = 0;
};

/// What a string token stands for: without quotes, escapes resolved.
std::string mlirText(std::string_view quoted);

} // namespace syncpoint
