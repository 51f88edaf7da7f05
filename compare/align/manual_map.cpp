#include "compare/align/aligner.h"
#include "core/base/mapped_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <exception>
#include <regex>
#include <string_view>

namespace syncpoint {
namespace {

using NamePairs = std::vector<std::pair<std::string, std::string>>;

Result<NamePairs> readPairs(const nlohmann::json &document, const char *key)
{
    NamePairs pairs;
    const auto list = document.find(key);
    if (list == document.end()) {
        return pairs;
    }
    const Error wrong{ErrorCode::BadFormat, std::string("'") + key +
                                                "' must be a list of pairs of names, such as "
                                                "[[\"a\", \"b\"]]"};
    if (!list->is_array()) {
        return wrong;
    }
    for (const auto &entry : *list) {
        if (!entry.is_array() || entry.size() != 2 || !entry[0].is_string() ||
            !entry[1].is_string()) {
            return wrong;
        }
        pairs.emplace_back(entry[0].get<std::string>(), entry[1].get<std::string>());
    }
    return pairs;
}

/// Model Explorer's mapping from ops of the left graph to ops of the right one.
Result<ManualMap> parseNavigation(const nlohmann::json &document)
{
    const auto &mapping = document["mapping"];
    const auto isText = [](const nlohmann::json &entry) { return entry.is_string(); };
    if (!mapping.is_object() || !std::all_of(mapping.begin(), mapping.end(), isText)) {
        return Error{ErrorCode::BadFormat,
                     "'mapping' must be an object from baseline ops to candidate ops, such as "
                     "{\"a\": \"b\"}"};
    }
    ManualMap map;
    for (const auto &item : mapping.items()) {
        map.pairs.emplace_back(item.key(), item.value().get<std::string>());
    }
    return map;
}

Result<ManualMap> parse(std::span<const std::byte> bytes)
{
    const auto *text = reinterpret_cast<const char *>(bytes.data());
    const auto document = nlohmann::json::parse(text, text + bytes.size(), nullptr, false);
    if (!document.is_object()) {
        return Error{ErrorCode::BadFormat, "this is not a JSON object"};
    }
    if (document.contains("mapping")) {
        return parseNavigation(document);
    }
    for (const auto &item : document.items()) {
        if (item.key() != "pairs" && item.key() != "forbid" && item.key() != "rename") {
            return Error{ErrorCode::BadFormat,
                         "unknown key '" + item.key() + "'; known are pairs, forbid and rename"};
        }
    }
    ManualMap map;
    for (const auto &[key, target] :
         {std::pair{"pairs", &map.pairs}, std::pair{"forbid", &map.forbidden},
          std::pair{"rename", &map.renames}}) {
        auto pairs = readPairs(document, key);
        if (!pairs) {
            return pairs.error();
        }
        *target = std::move(pairs).value();
    }
    for (const auto &[pattern, replacement] : map.renames) {
        try {
            const std::regex check(pattern);
        } catch (const std::regex_error &) {
            return Error{ErrorCode::BadFormat,
                         "'" + pattern + "' in 'rename' is not a regular expression"};
        }
    }
    return map;
}

} // namespace

Result<ManualMap> readManualMap(const std::filesystem::path &path)
{
    constexpr std::size_t kLargestMap = 64U << 20U;
    const auto file = MappedFile::open(path);
    if (!file) {
        return file.error();
    }
    const std::string where = "reading the map " + path.string();
    if ((*file)->bytes().size() > kLargestMap) {
        return Error{ErrorCode::Limit, "a map file may hold 64 MB at most"}.withContext(where);
    }
    try {
        auto map = parse((*file)->bytes());
        return map ? std::move(map) : map.error().withContext(where);
    } catch (const std::exception &problem) {
        return Error{ErrorCode::BadFormat, problem.what()}.withContext(where);
    }
}

} // namespace syncpoint
