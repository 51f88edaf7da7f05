#include "core/formats/coreml/mil_text_types.h"

#include "core/base/number_text.h"

namespace syncpoint {

namespace {
Result<void> readTensorType(MilTokens &tokens, MilType &type)
{
    if (auto open = tokens.expect("<"); !open) {
        return open;
    }
    const auto element = tokens.takeName("an element type");
    if (!element) {
        return element.error();
    }
    type.dtype = dtypeOfMil(*element);
    if (auto open = tokens.expect(",["); !open) {
        return open;
    }
    Shape shape;
    bool isKnown = true;
    const auto extent = [&]() -> Result<void> {
        std::int64_t &number = shape.emplace_back(-1);
        if (tokens.is(MilToken::Kind::Number)) {
            number = wholeNumber<std::int64_t>(tokens.take().text).value_or(-1);
            isKnown = isKnown && number >= 0;
        } else if (!tokens.takeIf('?')) { // "..." stands for any number of axes
            while (tokens.takeIf('.')) {
            }
            isKnown = false;
        }
        return {};
    };
    if (auto read = tokens.readList(']', extent); !read) {
        return read;
    }
    type.shape = isKnown ? std::optional(std::move(shape)) : std::nullopt;
    return tokens.expect(">");
}
} // namespace

Result<void> readMilType(MilTokens &tokens, MilType &type, int depth)
{
    if (auto allowed = tokens.checkDepth(depth); !allowed) {
        return allowed;
    }
    const auto kind = tokens.takeName("a type");
    if (!kind) {
        return kind.error();
    }
    if (*kind == "tensor") {
        return readTensorType(tokens, type);
    }
    if (!tokens.takeIf('<')) { // "string" is short for tensor<string, []>
        type.dtype = dtypeOfMil(*kind);
        return {};
    }
    bool isFirst = true;
    auto done = tokens.readList('>', [&]() -> Result<void> {
        if (!tokens.is(MilToken::Kind::Name)) { // the length of a list
            tokens.take();
            return {};
        }
        MilType inner;
        auto read = readMilType(tokens, inner, depth + 1);
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

} // namespace syncpoint
