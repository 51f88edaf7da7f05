#include "core/formats/json_fields.h"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

namespace syncpoint {

using Json = nlohmann::json;

const Json *fieldOf(const Json &object, const char *key)
{
    if (!object.is_object()) {
        return nullptr;
    }
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string_view plainText(const Json &json)
{
    return json.is_string() ? std::string_view(json.get_ref<const std::string &>())
                            : std::string_view{};
}

std::string_view textOf(const Json &object, const char *key)
{
    const Json *field = fieldOf(object, key);
    return field == nullptr ? std::string_view{} : plainText(*field);
}

const Json &listOf(const Json &object, const char *key)
{
    static const Json none = Json::array();
    const Json *field = fieldOf(object, key);
    return field != nullptr && field->is_array() ? *field : none;
}

const Json &objectOf(const Json &object, const char *key)
{
    static const Json none = Json::object();
    const Json *field = fieldOf(object, key);
    return field != nullptr && field->is_object() ? *field : none;
}

std::optional<double> numberOf(const Json &json)
{
    double number = 0.0;
    if (json.is_number()) {
        number = json.get<double>();
    } else {
        const std::string_view text = plainText(json);
        const char *end = text.data() + text.size();
        const auto [at, problem] = std::from_chars(text.data(), end, number);
        if (text.empty() || problem != std::errc{} || at != end) {
            return std::nullopt;
        }
    }
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<double> numberOf(const Json &object, const char *key)
{
    const Json *field = fieldOf(object, key);
    return field == nullptr ? std::nullopt : numberOf(*field);
}

std::optional<Shape> shapeOf(const Json &object, const char *key)
{
    constexpr std::size_t kMostRank = 64;
    const Json *field = fieldOf(object, key);
    if (field == nullptr || !field->is_array() || field->size() > kMostRank) {
        return std::nullopt;
    }
    Shape shape;
    for (const Json &extent : *field) {
        const std::int64_t number = extent.is_number_integer() ? extent.get<std::int64_t>() : -1;
        if (number < 0) {
            return std::nullopt;
        }
        shape.push_back(number);
    }
    return shape;
}

} // namespace syncpoint
