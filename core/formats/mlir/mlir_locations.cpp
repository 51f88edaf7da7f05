#include "core/formats/mlir/mlir_locations.h"

#include "core/formats/module_names.h"

#include <charconv>

namespace syncpoint {

namespace {
constexpr int kDeepest = 64;
constexpr std::size_t kMostSteps = 512;
constexpr std::size_t kMostFrames = 64;
constexpr std::size_t kMostLocationNames = 16;

std::uint32_t lineNumberOf(std::string_view text)
{
    std::uint32_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}
} // namespace

void MlirLocations::addAlias(std::string_view alias, MlirLexer behindEquals)
{
    if (behindEquals.take("loc")) {
        m_aliases.emplace(alias, behindEquals);
    }
}

bool MlirLocations::read(MlirLexer &lexer, MlirLocation &out) const
{
    Reading reading{out};
    return lexer.take("(") && readOne(lexer, reading, false, 0) && lexer.take(")");
}

bool MlirLocations::readOne(MlirLexer &lexer, Reading &reading, bool isCall, int depth) const
{
    if (depth > kDeepest || ++reading.steps > kMostSteps) {
        return false;
    }
    const MlirToken token = lexer.next();
    if (token.kind == MlirToken::Alias) {
        // What an alias stands for may be damaged or too long: the rest of this location is not.
        if (const auto alias = m_aliases.find(token.text); alias != m_aliases.end()) {
            MlirLexer there(alias->second);
            static_cast<void>(there.take("(") && readOne(there, reading, isCall, depth + 1));
        }
        return true;
    }
    if (token.kind == MlirToken::String) {
        return readString(token, lexer, reading, isCall, depth);
    }
    if (token.isWord("callsite")) { // callee at caller: the callee is the inner frame
        return lexer.take("(") && readOne(lexer, reading, true, depth + 1) && lexer.take("at") &&
               readOne(lexer, reading, true, depth + 1) && lexer.take(")");
    }
    if (token.kind == MlirToken::Word && token.text.starts_with("fused")) {
        return readList(lexer, reading, depth);
    }
    return token.isWord("unknown");
}

bool MlirLocations::readList(MlirLexer &lexer, Reading &reading, int depth) const
{
    if (!lexer.take("[")) {
        return false;
    }
    while (!lexer.take("]")) {
        // Several ops became one: their names count, but only one stack can be shown.
        MlirLocation part;
        Reading inner{part, reading.steps};
        if (!readOne(lexer, inner, false, depth + 1)) {
            return false;
        }
        reading.steps = inner.steps;
        for (std::string &name : part.names) {
            if (reading.out.names.size() < kMostLocationNames) {
                reading.out.names.push_back(std::move(name));
            }
        }
        if (reading.out.frames.empty()) {
            reading.out.frames = std::move(part.frames);
        }
        lexer.take(",");
    }
    return true;
}

bool MlirLocations::readString(const MlirToken &token, MlirLexer &lexer, Reading &reading,
                               bool isCall, int depth) const
{
    MlirLocation &out = reading.out;
    if (lexer.take(":")) {
        SourceFrame frame{mlirText(token.text), lineNumberOf(lexer.next().text), 0, ""};
        if (lexer.take(":")) {
            frame.column = lineNumberOf(lexer.next().text);
        }
        if (lexer.take("to")) { // a range: "f.py":8:0 to :12 or to 9:3
            lexer.take(":");
            lexer.next();
            if (lexer.take(":")) {
                lexer.next();
            }
        }
        if (out.frames.size() < kMostFrames) {
            out.frames.push_back(std::move(frame));
        }
        return true;
    }
    const std::size_t framesBefore = out.frames.size();
    if (!isCall && out.names.size() < kMostLocationNames) {
        out.names.push_back(mlirText(token.text));
    }
    if (!lexer.take("(")) {
        return true;
    }
    // Within the name of an op, names are those of functions.
    const bool isRead = readOne(lexer, reading, true, depth + 1) && lexer.take(")");
    if (isCall && out.frames.size() == framesBefore + 1) { // a frame has its function around it
        out.frames.back().function = mlirText(token.text);
    }
    return isRead;
}

std::string mlirModuleOf(std::string_view name)
{
    std::string path;
    while (!name.empty()) {
        const std::size_t slash = name.find('/');
        const std::string_view part = name.substr(0, slash);
        // "jit(main)", "transpose(jvp(Net))": what was done to a function, no module.
        if (part.find('(') == std::string_view::npos) {
            path += path.empty() ? "" : "/";
            path += part;
        }
        name.remove_prefix(slash == std::string_view::npos ? name.size() : slash + 1);
    }
    return moduleOfName(path).value_or("");
}

} // namespace syncpoint
