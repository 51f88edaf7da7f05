#include "compare/session/json_object_reader.h"

#include <algorithm>
#include <fmt/format.h>

namespace syncpoint {

using nlohmann::json;

JsonObjectReader::JsonObjectReader(const json &object, std::string where,
                                   std::optional<Error> &error)
    : m_object(object), m_where(std::move(where)), m_error(error)
{
    if (!object.is_object()) {
        fail(m_where, "must be an object");
    }
}

JsonObjectReader::~JsonObjectReader()
{
    if (!m_object.is_object()) {
        return;
    }
    for (const auto &item : m_object.items()) {
        if (!m_known.contains(item.key())) {
            fail(member(item.key()), "is not known");
        }
    }
}

std::string JsonObjectReader::member(std::string_view key) const
{
    return m_where.empty() ? std::string(key) : fmt::format("{}.{}", m_where, key);
}

void JsonObjectReader::fail(const std::string &where, std::string_view what) const
{
    if (!m_error) {
        m_error = Error{ErrorCode::BadFormat, fmt::format("'{}' {}", where, what)};
    }
}

const json *JsonObjectReader::find(const std::string &key)
{
    m_known.insert(key);
    if (!m_object.is_object()) {
        return nullptr;
    }
    const auto found = m_object.find(key);
    return found == m_object.end() || found->is_null() ? nullptr : &*found;
}

template <typename T>
void JsonObjectReader::read(const std::string &key, IsType isType, std::string_view what, T &out)
{
    const json *value = find(key);
    if (value != nullptr && (value->*isType)()) {
        out = value->get<T>();
    } else if (value != nullptr) {
        fail(member(key), what);
    }
}

void JsonObjectReader::read(const std::string &key, std::string &out)
{
    read(key, &json::is_string, "must be a string", out);
}

void JsonObjectReader::read(const std::string &key, double &out)
{
    read(key, &json::is_number, "must be a number", out);
}

void JsonObjectReader::read(const std::string &key, bool &out)
{
    read(key, &json::is_boolean, "must be true or false", out);
}

void JsonObjectReader::read(const std::string &key, std::uint64_t &out)
{
    read(key, &json::is_number_unsigned, "must be a whole number that is not negative", out);
}

void JsonObjectReader::read(const std::string &key, std::vector<double> &out)
{
    if (const json *value = find(key)) {
        const auto isNumber = [](const json &item) { return item.is_number(); };
        if (!value->is_array() || !std::ranges::all_of(*value, isNumber)) {
            return fail(member(key), "must be a list of numbers");
        }
        out = value->get<std::vector<double>>();
    }
}

std::optional<std::filesystem::path> JsonObjectReader::path(const std::string &key,
                                                            const std::filesystem::path &folder)
{
    std::string text;
    read(key, text);
    if (text.empty()) {
        return std::nullopt;
    }
    return (folder / text).lexically_normal();
}

std::optional<std::size_t> JsonObjectReader::choice(const std::string &key,
                                                    std::span<const std::string_view> names)
{
    std::string text;
    read(key, text);
    const auto found = std::ranges::find(names, text);
    if (found != names.end()) {
        return static_cast<std::size_t>(found - names.begin());
    }
    if (find(key) != nullptr) {
        fail(member(key), fmt::format("must be one of {}", fmt::join(names, ", ")));
    }
    return std::nullopt;
}

} // namespace syncpoint
