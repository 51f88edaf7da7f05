#include "core/formats/core_ai/output_maps.h"

#include "core/formats/json_fields.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

namespace syncpoint::core_ai {

using Json = nlohmann::json;

namespace {
constexpr std::size_t kMostMaps = 200'000;
constexpr std::size_t kMostIdentifiers = 16;
constexpr std::size_t kMostNameBytes = std::size_t{64} << 20U; // maps may share long identifiers

std::string idOf(const Json &map, const char *key)
{
    const Json *id = fieldOf(map, key);
    return id == nullptr     ? std::string()
           : id->is_string() ? id->get<std::string>()
           : id->is_number() ? id->dump()
                             : std::string();
}

/// What an op is called at one level: its identifiers, or its id where none are given.
std::vector<std::string> namesAt(const Json &sources, const std::string &level,
                                 const std::string &id)
{
    std::vector<std::string> names;
    const Json &op = objectOf(objectOf(sources, level.c_str()), id.c_str());
    for (const Json &identifier : listOf(op, "identifiers")) {
        if (!plainText(identifier).empty() && names.size() < kMostIdentifiers) {
            names.emplace_back(plainText(identifier));
        }
    }
    if (names.empty() && !id.empty()) {
        names.push_back(id);
    }
    return names;
}

/// Bytes it takes to keep each of the names with all the others.
std::size_t costOf(const std::vector<std::string> &names)
{
    const auto add = [](std::size_t sum, const std::string &name) {
        return sum + name.size() + sizeof(std::string);
    };
    return names.size() * std::accumulate(names.begin(), names.end(), std::size_t{0}, add);
}

bool isFirst(const Json &map, const char *key)
{
    const Json *output = fieldOf(map, key);
    return output == nullptr || !output->is_number() || *output == 0;
}
} // namespace

OutputNames readOutputMaps(const Json &mappings)
{
    OutputNames all;
    const Json &sources = objectOf(mappings, "sources");
    std::size_t count = 0;
    std::size_t bytes = 0;
    for (const Json &map : listOf(mappings, "outputs")) {
        if (++count > kMostMaps || !isFirst(map, "source_output") ||
            !isFirst(map, "target_output")) {
            continue;
        }
        auto names = namesAt(sources, idOf(map, "source_level"), idOf(map, "source_op_id"));
        for (auto &name : namesAt(sources, idOf(map, "target_level"), idOf(map, "target_op_id"))) {
            names.push_back(std::move(name));
        }
        bytes += costOf(names);
        if (bytes > kMostNameBytes) {
            break;
        }
        for (const std::string &name : names) {
            auto &others = all[name];
            std::copy_if(names.begin(), names.end(), std::back_inserter(others),
                         [&name](const std::string &other) { return other != name; });
        }
    }
    return all;
}

} // namespace syncpoint::core_ai
