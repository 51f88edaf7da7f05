#include "core/graph/attribute.h"

#include "core/tensor/decode.h"

#include <fmt/format.h>

namespace syncpoint {

namespace {
constexpr std::uint64_t kElementsShown = 8;
constexpr std::string_view kEllipsis = "…";

/// The text in quotes, control characters escaped, cut between UTF-8 characters.
std::string quoted(std::string_view text, std::size_t limit)
{
    std::string result = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool startsCharacter = (byte & 0xC0U) != 0x80U;
        if (result.size() >= limit && startsCharacter) {
            result += kEllipsis;
            break;
        }
        if (byte == '\n') {
            result += "\\n";
        } else if (byte < 0x20 || byte == 0x7F) {
            result += fmt::format("\\x{:02x}", byte);
        } else {
            result += text[i];
        }
    }
    return result + "\"";
}

template <typename T, typename Format>
std::string listText(const std::vector<T> &items, std::size_t limit, Format format)
{
    std::string result = "[";
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0) {
            result += ", ";
        }
        if (result.size() >= limit) {
            result += kEllipsis;
            break;
        }
        result += format(items[i]);
    }
    return result + "]";
}

std::string tensorText(const Tensor &tensor, std::size_t limit)
{
    const TensorInfo &info = tensor.info();
    std::string result = fmt::format("{} {}", dtypeName(info.dtype), toText(info.shape));
    const std::uint64_t elements = info.elements();
    if (elements == 0 || elements > kElementsShown) {
        return result;
    }
    if (info.dtype == DType::String) {
        return result + " " + listText(tensor.strings(), limit, [limit](const std::string &text) {
                   return quoted(text, limit);
               });
    }
    if (!isNumeric(info.dtype)) {
        return result;
    }
    std::vector<double> values(elements);
    decode(tensor.view(), 0, std::span<double>(values));
    return result + " " +
           listText(values, limit, [](double value) { return fmt::format("{:g}", value); });
}

struct TextOf
{
    std::size_t limit;

    std::string operator()(std::monostate) const { return std::string(kEllipsis); }
    std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
    std::string operator()(double value) const { return fmt::format("{:g}", value); }
    std::string operator()(const std::string &value) const { return quoted(value, limit); }
    std::string operator()(const std::vector<std::int64_t> &values) const
    {
        return listText(values, limit, [](std::int64_t value) { return fmt::format("{}", value); });
    }
    std::string operator()(const std::vector<double> &values) const
    {
        return listText(values, limit, [](double value) { return fmt::format("{:g}", value); });
    }
    std::string operator()(const std::vector<std::string> &values) const
    {
        return listText(values, limit,
                        [this](const std::string &value) { return quoted(value, limit); });
    }
    std::string operator()(const Tensor &value) const { return tensorText(value, limit); }
    std::string operator()(ScopeId) const { return "subgraph"; }
};
} // namespace

std::string toText(const Attribute &attribute, std::size_t limit)
{
    return std::visit(TextOf{limit}, attribute.data);
}

} // namespace syncpoint
