#include "core/formats/coreml/mil_text.h"

#include "core/formats/coreml/mil_text_types.h"
#include "core/formats/coreml/mil_text_values.h"
#include "core/formats/coreml/mil_tokens.h"

#include <algorithm>
#include <array>

namespace syncpoint {

namespace {
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

Result<void> readArgument(MilTokens &tokens, MilArgument &argument)
{
    const auto parameter = tokens.takeName("a parameter");
    if (!parameter) {
        return parameter.error();
    }
    argument.parameter = *parameter;
    const auto binding = [&]() -> Result<void> {
        MilBinding &bound = argument.bindings.emplace_back();
        const MilToken after = tokens.following();
        if (tokens.is(MilToken::Kind::Name) && !after.is('<') && !after.is('(')) {
            bound.name = tokens.take().text;
            return {};
        }
        const auto value = std::make_shared<MilValue>();
        bound.value = value;
        return readMilValue(tokens, *value, 0);
    };
    if (auto assigned = tokens.expect("="); !assigned) {
        return assigned;
    }
    return tokens.takeIf('(') ? tokens.readList(')', binding) : binding();
}

Result<void> readNamedTypes(MilTokens &tokens, char close, std::vector<MilNamedType> &out)
{
    return tokens.readList(close, [&]() -> Result<void> {
        MilNamedType &named = out.emplace_back();
        if (auto read = readMilType(tokens, named.type, 0); !read) {
            return read;
        }
        const auto text = tokens.takeName("a name");
        named.name = text ? std::string(*text) : std::string();
        return text ? Result<void>{} : text.error();
    });
}

Result<void> readAttribute(MilTokens &tokens, MilOperation &operation)
{
    const auto key = tokens.takeName("an attribute");
    if (!key) {
        return key.error();
    }
    const auto value = std::make_shared<MilValue>();
    operation.attributes.emplace_back(*key, value);
    auto read = tokens.expect("=");
    return read ? readMilValue(tokens, *value, 0) : read;
}

Result<void> readBlock(MilTokens &tokens, MilBlock &block, int depth);

/// <type> out, <type> out2 = op(arg = val, …)[name = …, …];
Result<void> readOperation(MilTokens &tokens, MilOperation &operation, int depth)
{
    if (auto outputs = readNamedTypes(tokens, '=', operation.outputs); !outputs) {
        return outputs;
    }
    const auto what = tokens.takeName("an operation");
    if (!what) {
        return what.error();
    }
    operation.type = *what;
    auto status = tokens.expect("(");
    if (status) {
        status = tokens.readList(
            ')', [&] { return readArgument(tokens, operation.inputs.emplace_back()); });
    }
    if (status && tokens.takeIf('[')) {
        status = tokens.readList(']', [&] { return readAttribute(tokens, operation); });
    }
    while (status && (tokens.is('(') || tokens.is('{') || tokens.is(','))) {
        if (!tokens.takeIf(',')) {
            status = readBlock(tokens, operation.blocks.emplace_back(), depth + 1);
        }
    }
    return status ? tokens.expect(";") : status;
}

Result<void> readResults(MilTokens &tokens, MilBlock &block)
{
    if (auto arrow = tokens.expect("->("); !arrow) {
        return arrow;
    }
    return tokens.readList(')', [&]() -> Result<void> {
        const auto text = tokens.takeName("a result");
        block.outputs.emplace_back(text ? *text : std::string_view{});
        return text ? Result<void>{} : text.error();
    });
}

Result<void> readBlock(MilTokens &tokens, MilBlock &block, int depth)
{
    if (auto allowed = tokens.checkDepth(depth); !allowed) {
        return allowed;
    }
    Result<void> status =
        tokens.takeIf('(') ? readNamedTypes(tokens, ')', block.inputs) : Result<void>{};
    status = status ? tokens.expect("{") : status;
    while (status && !tokens.is('}')) {
        status = readOperation(tokens, block.operations.emplace_back(), depth);
    }
    status = status ? tokens.expect("}") : status;
    return status ? readResults(tokens, block) : status;
}

/// func main<ios15>(tensor<fp32, [1, 8]> x) { … } -> (y);
Result<void> readFunction(MilTokens &tokens, MilProgram &program)
{
    MilFunction &function = program.functions.emplace_back();
    const auto what = tokens.takeName("'func'");
    const auto called = what ? tokens.takeName("the function's name") : what;
    if (!called) {
        return called.error();
    }
    function.name = *called;
    if (tokens.takeIf('<')) {
        const auto opset = tokens.takeName("an op set");
        if (!opset) {
            return opset.error();
        }
        function.opset = opsetOf(*opset);
        if (auto closed = tokens.expect(">"); !closed) {
            return closed;
        }
    }
    auto status = tokens.expect("(");
    status = status ? readNamedTypes(tokens, ')', function.inputs) : status;
    status = status ? tokens.skipBrackets() : status;
    status = status ? readBlock(tokens, function.block, 0) : status;
    return status ? tokens.expect(";") : status;
}
} // namespace

Result<MilProgram> parseMilText(std::string_view text)
{
    MilTokens tokens(text);
    MilProgram program;
    const auto word = tokens.takeName("'program'");
    if (!word || *word != "program") {
        return Error{ErrorCode::BadFormat, "not the text of a Core ML program"};
    }
    auto status = tokens.expect("(");
    while (status && tokens.is(MilToken::Kind::Number)) {
        tokens.take(); // version
    }
    status = status ? tokens.expect(")") : status;
    status = status ? tokens.skipBrackets() : status;
    status = status ? tokens.expect("{") : status;
    while (status && !tokens.is('}')) {
        status = readFunction(tokens, program);
    }
    status = status ? tokens.expect("}") : status;
    if (!status) {
        return status.error();
    }
    return program;
}

} // namespace syncpoint
