#include "core/formats/coreml/mil_text_values.h"

#include "core/base/number_text.h"
#include "core/formats/coreml/mil_text_types.h"

#include <charconv>
#include <optional>
#include <string>
#include <vector>

namespace syncpoint {

namespace {
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
        const auto integer = wholeNumber<std::int64_t>(number);
        if (integer && reals.empty()) {
            integers.push_back(*integer);
            return true;
        }
        const auto real = integer ? std::optional(static_cast<double>(*integer)) : realOf(number);
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

Result<void> readElements(MilTokens &tokens, Elements &out, int depth)
{
    if (auto allowed = tokens.checkDepth(depth); !allowed) {
        return allowed;
    }
    if (tokens.takeIf('[')) {
        return tokens.readList(']', [&] { return readElements(tokens, out, depth + 1); });
    }
    if (tokens.is(MilToken::Kind::Text)) {
        out.texts.push_back(unescaped(tokens.take().text));
        return {};
    }
    if (tokens.is(MilToken::Kind::Number) && out.add(tokens.current().text)) {
        tokens.take();
        return {};
    }
    if (tokens.is(MilToken::Kind::Name)) {
        const std::string_view word = tokens.current().text;
        const bool isTruth = word == "true" || word == "false";
        if (isTruth || ((word == "inf" || word == "nan") && out.add(word))) {
            if (isTruth) {
                out.integers.push_back(word == "true" ? 1 : 0);
            }
            tokens.take();
            return {};
        }
    }
    return tokens.unexpected("a value");
}

Result<void> readBlob(MilTokens &tokens, MilValue &value, int depth)
{
    if (auto open = tokens.expect("("); !open) {
        return open;
    }
    MilBlob blob;
    const auto parameter = [&]() -> Result<void> {
        const auto key = tokens.takeName("a parameter of BLOBFILE");
        if (!key) {
            return key.error();
        }
        MilValue part;
        auto read = tokens.expect("=");
        read = read ? readMilValue(tokens, part, depth + 1) : read;
        const auto *texts = std::get_if<std::vector<std::string>>(&part.data);
        const auto *numbers = std::get_if<std::vector<std::int64_t>>(&part.data);
        if (*key == "path" && texts != nullptr && !texts->empty()) {
            blob.file = texts->front();
        } else if (*key == "offset" && numbers != nullptr && !numbers->empty()) {
            blob.offset = static_cast<std::uint64_t>(numbers->front());
        }
        return read;
    };
    auto read = tokens.readList(')', parameter);
    value.data = std::move(blob);
    return read;
}

/// Parts of lists, tuples and dictionaries, which may be typed or not.
Result<void> readLiteral(MilTokens &tokens, MilValue &value, int depth)
{
    if (auto allowed = tokens.checkDepth(depth); !allowed) {
        return allowed;
    }
    for (const auto &[open, close] :
         {std::pair('[', ']'), std::pair('{', '}'), std::pair('(', ')')}) {
        if (tokens.takeIf(open)) {
            std::vector<MilValue> parts;
            auto done = tokens.readList(
                close, [&] { return readLiteral(tokens, parts.emplace_back(), depth + 1); });
            value.data = std::move(parts);
            return done;
        }
    }
    const std::string_view word = tokens.current().text;
    const bool isLiteral = word == "true" || word == "false" || word == "inf" || word == "nan";
    if (tokens.is(MilToken::Kind::Name) && !isLiteral) {
        return readMilValue(tokens, value, depth + 1);
    }
    Elements one;
    auto done = readElements(tokens, one, depth + 1);
    one.moveTo(value);
    return done;
}
} // namespace

Result<void> readMilValue(MilTokens &tokens, MilValue &value, int depth)
{
    auto status = readMilType(tokens, value.type, depth);
    status = status ? tokens.expect("(") : status;
    if (!status) {
        return status;
    }
    if (tokens.is(MilToken::Kind::Name) && tokens.current().text == "BLOBFILE") {
        tokens.take();
        status = readBlob(tokens, value, depth + 1);
    } else if (value.type.kind == MilType::Kind::Tensor) {
        Elements all;
        status = tokens.is(')') ? Result<void>{} : readElements(tokens, all, depth);
        all.moveTo(value);
    } else {
        std::vector<MilValue> parts;
        while (status && !tokens.is(')')) {
            status = readLiteral(tokens, parts.emplace_back(), depth + 1);
            status = status && !tokens.is(')') ? tokens.expect(",") : status;
        }
        value.data = std::move(parts);
    }
    return status ? tokens.expect(")") : status;
}

} // namespace syncpoint
