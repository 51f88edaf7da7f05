#pragma once
#include "core/base/result.h"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace syncpoint::hdf5 {

using Json = nlohmann::json;

/// Text for a dump; names may be any bytes.
inline std::string dumped(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The text under `key`; empty when it is missing or no text.
inline std::string textIn(const Json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

inline Result<Json> parsedObject(std::string_view text)
{
    Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) {
        return Error{ErrorCode::BadFormat, "the text is not a JSON object"};
    }
    return json;
}

} // namespace syncpoint::hdf5
