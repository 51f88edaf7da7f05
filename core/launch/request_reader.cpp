#include "core/launch/request_reader.h"

#include <algorithm>
#include <fmt/format.h>

namespace syncpoint {

using Json = nlohmann::json;

Error badRequest(std::string_view text)
{
    return {ErrorCode::BadInput, fmt::format("the run request is not valid: {}", text)};
}

RequestReader::RequestReader(const Json &object, std::string where)
    : m_object(object), m_where(std::move(where))
{
    if (!object.is_object()) {
        fail("is not an object");
    }
}

const Json *RequestReader::find(const char *key)
{
    m_known.insert(key);
    if (!m_object.is_object()) {
        return nullptr;
    }
    const auto found = m_object.find(key);
    return found == m_object.end() ? nullptr : &*found;
}

void RequestReader::text(const char *key, std::string &out)
{
    if (const Json *value = find(key)) {
        value->is_string() ? void(out = value->get<std::string>())
                           : fail(fmt::format("'{}' is not a string", key));
    }
}

void RequestReader::texts(const char *key, std::vector<std::string> &out)
{
    list(
        key, out, [](const Json &item) { return item.is_string(); }, "strings");
}

void RequestReader::numbers(const char *key, std::vector<double> &out)
{
    list(
        key, out, [](const Json &item) { return item.is_number(); }, "numbers");
}

template <typename Item>
void RequestReader::list(const char *key, std::vector<Item> &out, bool (*isItem)(const Json &),
                         std::string_view items)
{
    const Json *found = find(key);
    if (found == nullptr) {
        return;
    }
    if (!found->is_array() || !std::all_of(found->begin(), found->end(), isItem)) {
        return fail(fmt::format("'{}' is not a list of {}", key, items));
    }
    out = found->get<std::vector<Item>>();
}

void RequestReader::flag(const char *key, bool &out)
{
    if (const Json *value = find(key)) {
        value->is_boolean() ? void(out = value->get<bool>())
                            : fail(fmt::format("'{}' is not true or false", key));
    }
}

void RequestReader::wholeNumber(const char *key, std::uint64_t &out, std::uint64_t limit)
{
    const Json *value = find(key);
    if (value == nullptr) {
        return;
    }
    if (!value->is_number_unsigned() || value->get<std::uint64_t>() > limit) {
        return fail(fmt::format("'{}' is not a whole number from 0 to {}", key, limit));
    }
    out = value->get<std::uint64_t>();
}

void RequestReader::fail(std::string_view what)
{
    if (m_error.empty()) {
        m_error = fmt::format("{} {}", m_where, what);
    }
}

Result<void> RequestReader::finish() const
{
    if (!m_error.empty()) {
        return badRequest(m_error);
    }
    for (const auto &item : m_object.items()) {
        if (m_known.count(item.key()) == 0) {
            return badRequest(fmt::format("{} has an unknown member '{}'", m_where, item.key()));
        }
    }
    return {};
}

} // namespace syncpoint
