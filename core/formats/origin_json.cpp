#include "core/formats/origin_json.h"

#include <nlohmann/json.hpp>

namespace syncpoint {

namespace {
using Json = nlohmann::json;

std::string textIn(const Json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::uint32_t countIn(const Json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_number_unsigned() ? found->get<std::uint32_t>() : 0;
}
} // namespace

Json framesToJson(std::span<const SourceFrame> frames)
{
    Json json = Json::array();
    for (const SourceFrame &frame : frames) {
        json.push_back({{"file", frame.file},
                        {"line", frame.line},
                        {"column", frame.column},
                        {"function", frame.function}});
    }
    return json;
}

std::vector<SourceFrame> framesFromJson(const Json &json)
{
    std::vector<SourceFrame> frames;
    for (const Json &frame : json.is_array() ? json : Json::array()) {
        if (frame.is_object()) {
            frames.push_back({textIn(frame, "file"), countIn(frame, "line"),
                              countIn(frame, "column"), textIn(frame, "function")});
        }
    }
    return frames;
}

Json originsToJson(std::span<const Origin> origins)
{
    Json json = Json::array();
    for (const Origin &origin : origins) {
        json.push_back({{"name", origin.name},
                        {"op_type", origin.opType},
                        {"module", origin.module},
                        {"source", framesToJson(origin.source)}});
    }
    return json;
}

std::vector<Origin> originsFromJson(const Json &json)
{
    std::vector<Origin> origins;
    for (const Json &item : json.is_array() ? json : Json::array()) {
        if (item.is_object()) {
            origins.push_back({textIn(item, "name"), textIn(item, "op_type"),
                               textIn(item, "module"),
                               framesFromJson(item.value("source", Json::array()))});
        }
    }
    return origins;
}

} // namespace syncpoint
