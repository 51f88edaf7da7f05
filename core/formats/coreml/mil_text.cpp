#include "core/formats/coreml/mil_text.h"

#include "core/formats/coreml/mil_lexer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <limits>

namespace syncpoint {

namespace {
constexpr int kDeepestText = 64;

/// Op sets as the protobuf names them.
std::string opsetOf(std::string_view name)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kNames{
        {{"ios15", "CoreML5"},
         {"ios16", "CoreML6"},
         {"ios17", "CoreML7"},
         {"ios18", "CoreML8"},
         {"ios26", "CoreML9"}}};
    const auto *found = std::find_if(kNames.begin(), kNames.end(),
                                     [&](const auto &entry) { return entry.first == name; });
    return std::string(found == kNames.end() ? name : found->second);
}

std::optional<double> realOf(std::string_view text)
{
    const bool isNegative = text.starts_with('-');
    if (isNegative || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    const bool isHex = text.starts_with("0x");
    if (isHex) {
        text.remove_prefix(2);
    }
    double value = 0.0;
    const auto format = isHex ? std::chars_format::hex : std::chars_format::general;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, format);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return isNegative ? -value : value;
}

/// Elements of a tensor as they are read, in row-major order whatever the brackets.
struct Elements
{
    std::vector<std::int64_t> integers;
    std::vector<double> reals; ///< takes over when one is not whole
    std::vector<std::string> texts;

    bool add(std::string_view number)
    {
        std::int64_t integer = 0;
        const auto [end, error] =
            std::from_chars(number.data(), number.data() + number.size(), integer);
        const bool isWhole = error == std::errc{} && end == number.data() + number.size();
        if (isWhole && reals.empty()) {
            integers.push_back(integer);
            return true;
        }
        const auto real = isWhole ? static_cast<double>(integer) : realOf(number);
        if (real) {
            reals.insert(reals.end(), integers.begin(), integers.end());
            integers.clear();
            reals.push_back(*real);
        }
        return real.has_value();
    }

    void moveTo(MilValue &value)
    {
        if (!texts.empty()) {
            value.data = std::move(texts);
        } else if (!reals.empty()) {
            value.data = std::move(reals);
        } else {
            value.data = std::move(integers);
        }
    }
};

class TextParser
{
public:
    explicit TextParser(std::string_view text) : m_text(text), m_lexer(text)
    {
        m_token = m_lexer.next();
    }

    Result<MilProgram> parse();

private:
    using Void = Result<void>;

    MilToken take()
    {
        const MilToken token = m_token;
        m_token = m_lexer.next();
        return token;
    }
    bool takeIf(char symbol)
    {
        const bool is = m_token.is(symbol);
        if (is) {
            take();
        }
        return is;
    }
    Error unexpected(std::string_view wanted) const;
    /// Takes these symbols, one after the other.
    Void expect(std::string_view symbols);
    Result<std::string_view> takeName(std::string_view what);
    Void skipBracket();
    /// `items` separated by commas until `close`, which is taken.
    template <typename Item>
    Void readList(char close, Item item);

    Void readFunction(MilProgram &program);
    Void readBlock(MilBlock &block, int depth);
    Void readResults(MilBlock &block);
    Void readNamedTypes(char close, std::vector<MilNamedType> &out);
    Void readOperation(MilOperation &operation, int depth);
    Void readAttribute(MilOperation &operation);
    Void readArgument(MilArgument &argument);
    Void readType(MilType &type, int depth);
    Void readTensorType(MilType &type);
    Void readTypedValue(MilValue &value, int depth);
    Void readLiteral(MilValue &value, int depth);
    Void readElements(Elements &out, int depth);
    Void readBlob(MilValue &value, int depth);

    std::string_view m_text;
    MilLexer m_lexer;
    MilToken m_token;
};

Error TextParser::unexpected(std::string_view wanted) const
{
    const auto line =
        std::count(m_text.begin(), m_text.begin() + static_cast<std::ptrdiff_t>(m_token.position),
                   '\n') +
        1;
    using Kind = MilToken::Kind;
    const std::string found = m_token.kind == Kind::End ? "the end of the file"
                              : m_token.kind == Kind::Damaged
                                  ? std::string(m_token.text)
                                  : fmt::format("'{}'", m_token.text.substr(0, 40));
    return {ErrorCode::BadFormat,
            fmt::format("line {}: expected {} before {}", line, wanted, found)};
}

Result<void> TextParser::expect(std::string_view symbols)
{
    for (const char symbol : symbols) {
        if (!takeIf(symbol)) {
            return unexpected(fmt::format("'{}'", symbol));
        }
    }
    return {};
}

Result<std::string_view> TextParser::takeName(std::string_view what)
{
    return m_token.kind == MilToken::Kind::Name ? Result<std::string_view>(take().text)
                                                : unexpected(what);
}

template <typename Item>
Result<void> TextParser::readList(char close, Item item)
{
    if (takeIf(close)) {
        return {};
    }
    Void status;
    do {
        status = item();
    } while (status && takeIf(','));
    return status ? expect({&close, 1}) : status;
}

/// "[buildInfo = …]" and the like: what nobody asks for.
Result<void> TextParser::skipBracket()
{
    int open = 0;
    do {
        if (m_token.kind == MilToken::Kind::End || m_token.kind == MilToken::Kind::Damaged) {
            return unexpected("']'");
        }
        open += m_token.is('[') ? 1 : 0;
        open -= m_token.is(']') ? 1 : 0;
        take();
    } while (open > 0);
    return {};
}

Result<void> TextParser::readTensorType(MilType &type)
{
    if (auto open = expect("<"); !open) {
        return open;
    }
    const auto element = takeName("an element type");
    if (!element) {
        return element.error();
    }
    type.dtype = dtypeOfMil(*element);
    if (auto open = expect(",["); !open) {
        return open;
    }
    Shape shape;
    bool isKnown = true;
    const auto extent = [&]() -> Void {
        std::int64_t number = -1;
        if (m_token.kind == MilToken::Kind::Number) {
            const std::string_view text = take().text;
            const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
            isKnown = isKnown && read.ptr == text.data() + text.size() && number >= 0;
        } else if (!takeIf('?')) { // "..." stands for any number of axes
            while (takeIf('.')) {
            }
            isKnown = false;
        }
        shape.push_back(number);
        return {};
    };
    if (auto read = readList(']', extent); !read) {
        return read;
    }
    type.shape = isKnown ? std::optional(std::move(shape)) : std::nullopt;
    return expect(">");
}

Result<void> TextParser::readType(MilType &type, int depth)
{
    if (depth > kDeepestText) {
        return Error{ErrorCode::Limit, unexpected("less deep nesting").message};
    }
    const auto kind = takeName("a type");
    if (!kind) {
        return kind.error();
    }
    if (*kind == "tensor") {
        return readTensorType(type);
    }
    if (!takeIf('<')) { // "string" is short for tensor<string, []>
        type.dtype = dtypeOfMil(*kind);
        return {};
    }
    bool isFirst = true;
    auto done = readList('>', [&]() -> Void {
        if (m_token.kind != MilToken::Kind::Name) { // the length of a list
            take();
            return {};
        }
        MilType inner;
        auto read = readType(inner, depth + 1);
        type = isFirst ? inner : type;
        isFirst = false;
        return read;
    });
    if (*kind != "state") {
        type.kind = *kind == "list"    ? MilType::Kind::List
                    : *kind == "tuple" ? MilType::Kind::Tuple
                                       : MilType::Kind::Dictionary;
    }
    return done;
}

Result<void> TextParser::readBlob(MilValue &value, int depth)
{
    if (auto open = expect("("); !open) {
        return open;
    }
    MilBlob blob;
    const auto parameter = [&]() -> Void {
        const auto key = takeName("a parameter of BLOBFILE");
        if (!key) {
            return key.error();
        }
        MilValue part;
        auto read = expect("=");
        read = read ? readTypedValue(part, depth + 1) : read;
        const auto *texts = std::get_if<std::vector<std::string>>(&part.data);
        const auto *numbers = std::get_if<std::vector<std::int64_t>>(&part.data);
        if (*key == "path" && texts != nullptr && !texts->empty()) {
            blob.file = texts->front();
        } else if (*key == "offset" && numbers != nullptr && !numbers->empty()) {
            blob.offset = static_cast<std::uint64_t>(numbers->front());
        }
        return read;
    };
    auto read = readList(')', parameter);
    value.data = std::move(blob);
    return read;
}

Result<void> TextParser::readElements(Elements &out, int depth)
{
    using Kind = MilToken::Kind;
    if (depth > kDeepestText) {
        return Error{ErrorCode::Limit, unexpected("less deep nesting").message};
    }
    if (takeIf('[')) {
        return readList(']', [&] { return readElements(out, depth + 1); });
    }
    if (m_token.kind == Kind::Text) {
        out.texts.push_back(unescaped(take().text));
        return {};
    }
    if (m_token.kind == Kind::Number && out.add(m_token.text)) {
        take();
        return {};
    }
    if (m_token.kind == Kind::Name) {
        const std::string_view word = m_token.text;
        const bool isTruth = word == "true" || word == "false";
        if (isTruth || ((word == "inf" || word == "nan") && out.add(word))) {
            if (isTruth) {
                out.integers.push_back(word == "true" ? 1 : 0);
            }
            take();
            return {};
        }
    }
    return unexpected("a value");
}

/// Parts of lists, tuples and dictionaries, which may be typed or not.
Result<void> TextParser::readLiteral(MilValue &value, int depth)
{
    if (depth > kDeepestText) {
        return Error{ErrorCode::Limit, unexpected("less deep nesting").message};
    }
    for (const auto &[open, close] :
         {std::pair('[', ']'), std::pair('{', '}'), std::pair('(', ')')}) {
        if (takeIf(open)) {
            std::vector<MilValue> parts;
            auto done =
                readList(close, [&] { return readLiteral(parts.emplace_back(), depth + 1); });
            value.data = std::move(parts);
            return done;
        }
    }
    const bool isType = m_token.kind == MilToken::Kind::Name && m_token.text != "true" &&
                        m_token.text != "false" && m_token.text != "inf" && m_token.text != "nan";
    if (isType) {
        return readTypedValue(value, depth + 1);
    }
    Elements one;
    auto done = readElements(one, depth + 1);
    one.moveTo(value);
    return done;
}

Result<void> TextParser::readTypedValue(MilValue &value, int depth)
{
    Void status = readType(value.type, depth);
    status = status ? expect("(") : status;
    if (!status) {
        return status;
    }
    if (m_token.kind == MilToken::Kind::Name && m_token.text == "BLOBFILE") {
        take();
        status = readBlob(value, depth + 1);
    } else if (value.type.kind == MilType::Kind::Tensor) {
        Elements all;
        status = m_token.is(')') ? Void{} : readElements(all, depth);
        all.moveTo(value);
    } else {
        std::vector<MilValue> parts;
        while (status && !m_token.is(')')) {
            status = readLiteral(parts.emplace_back(), depth + 1);
            status = status && !m_token.is(')') ? expect(",") : status;
        }
        value.data = std::move(parts);
    }
    return status ? expect(")") : status;
}

Result<void> TextParser::readArgument(MilArgument &argument)
{
    const auto parameter = takeName("a parameter");
    if (!parameter) {
        return parameter.error();
    }
    argument.parameter = *parameter;
    const auto binding = [&]() -> Void {
        MilBinding &bound = argument.bindings.emplace_back();
        MilLexer rest = m_lexer;
        const MilToken after = rest.next();
        if (m_token.kind == MilToken::Kind::Name && !after.is('<') && !after.is('(')) {
            bound.name = take().text;
            return {};
        }
        const auto value = std::make_shared<MilValue>();
        bound.value = value;
        return readTypedValue(*value, 0);
    };
    if (auto assigned = expect("="); !assigned) {
        return assigned;
    }
    return takeIf('(') ? readList(')', binding) : binding();
}

Result<void> TextParser::readNamedTypes(char close, std::vector<MilNamedType> &out)
{
    return readList(close, [&]() -> Void {
        MilNamedType &named = out.emplace_back();
        if (auto read = readType(named.type, 0); !read) {
            return read;
        }
        const auto text = takeName("a name");
        named.name = text ? std::string(*text) : std::string();
        return text ? Void{} : text.error();
    });
}

Result<void> TextParser::readAttribute(MilOperation &operation)
{
    const auto key = takeName("an attribute");
    if (!key) {
        return key.error();
    }
    const auto value = std::make_shared<MilValue>();
    operation.attributes.emplace_back(*key, value);
    auto read = expect("=");
    return read ? readTypedValue(*value, 0) : read;
}

/// <type> out, <type> out2 = op(arg = val, …)[name = …, …];
Result<void> TextParser::readOperation(MilOperation &operation, int depth)
{
    if (auto outputs = readNamedTypes('=', operation.outputs); !outputs) {
        return outputs;
    }
    const auto what = takeName("an operation");
    if (!what) {
        return what.error();
    }
    operation.type = *what;
    Void status = expect("(");
    if (status) {
        status = readList(')', [&] { return readArgument(operation.inputs.emplace_back()); });
    }
    if (status && takeIf('[')) {
        status = readList(']', [&] { return readAttribute(operation); });
    }
    while (status && (m_token.is('(') || m_token.is('{') || m_token.is(','))) {
        if (!takeIf(',')) {
            status = readBlock(operation.blocks.emplace_back(), depth + 1);
        }
    }
    return status ? expect(";") : status;
}

Result<void> TextParser::readResults(MilBlock &block)
{
    if (auto arrow = expect("->("); !arrow) {
        return arrow;
    }
    return readList(')', [&]() -> Void {
        const auto text = takeName("a result");
        block.outputs.emplace_back(text ? *text : std::string_view{});
        return text ? Void{} : text.error();
    });
}

Result<void> TextParser::readBlock(MilBlock &block, int depth)
{
    if (depth > kDeepestText) {
        return Error{ErrorCode::Limit, unexpected("less deep nesting").message};
    }
    Void status = takeIf('(') ? readNamedTypes(')', block.inputs) : Void{};
    status = status ? expect("{") : status;
    while (status && !m_token.is('}')) {
        status = readOperation(block.operations.emplace_back(), depth);
    }
    status = status ? expect("}") : status;
    return status ? readResults(block) : status;
}

/// func main<ios15>(tensor<fp32, [1, 8]> x) { … } -> (y);
Result<void> TextParser::readFunction(MilProgram &program)
{
    MilFunction &function = program.functions.emplace_back();
    const auto what = takeName("'func'");
    const auto called = what ? takeName("the function's name") : what;
    if (!called) {
        return called.error();
    }
    function.name = *called;
    if (takeIf('<')) {
        const auto opset = takeName("an op set");
        if (!opset) {
            return opset.error();
        }
        function.opset = opsetOf(*opset);
        if (auto closed = expect(">"); !closed) {
            return closed;
        }
    }
    Void status = expect("(");
    status = status ? readNamedTypes(')', function.inputs) : status;
    while (status && m_token.is('[')) {
        status = skipBracket();
    }
    status = status ? readBlock(function.block, 0) : status;
    return status ? expect(";") : status;
}

Result<MilProgram> TextParser::parse()
{
    MilProgram program;
    const auto word = takeName("'program'");
    if (!word || *word != "program") {
        return Error{ErrorCode::BadFormat, "not the text of a Core ML program"};
    }
    Void status = expect("(");
    while (status && !m_token.is(')') && m_token.kind == MilToken::Kind::Number) {
        take(); // version
    }
    status = status ? expect(")") : status;
    while (status && m_token.is('[')) {
        status = skipBracket();
    }
    status = status ? expect("{") : status;
    while (status && !m_token.is('}')) {
        status = readFunction(program);
    }
    status = status ? expect("}") : status;
    if (!status) {
        return status.error();
    }
    return program;
}
} // namespace

Result<MilProgram> parseMilText(std::string_view text)
{
    return TextParser(text).parse();
}

} // namespace syncpoint
