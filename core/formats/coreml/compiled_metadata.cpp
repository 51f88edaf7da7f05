#include "core/formats/coreml/compiled_metadata.h"

#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"

#include <nlohmann/json.hpp>

namespace syncpoint {

namespace {
using nlohmann::json;
constexpr std::size_t kLongestEntry = 4096;

void addFact(ModelInfo &info, const char *name, const json &object, const char *key)
{
    const auto found = object.find(key);
    if (found == object.end()) {
        return;
    }
    if (found->is_string() && !found->get_ref<const std::string &>().empty()) {
        info.facts.emplace_back(name, found->get<std::string>().substr(0, kLongestEntry));
    } else if (found->is_number_integer()) {
        info.facts.emplace_back(name, found->dump());
    }
}
} // namespace

void readCompiledMetadata(const std::filesystem::path &path, ModelInfo &info)
{
    const auto file = MappedFile::open(path);
    if (!file) {
        return;
    }
    const auto content = json::parse(asText((*file)->bytes()), nullptr, false);
    if (!content.is_array() || content.empty() || !content.front().is_object()) {
        return;
    }
    const json &model = content.front();
    addFact(info, "specification", model, "specificationVersion");
    addFact(info, "description", model, "shortDescription");
    addFact(info, "version", model, "version");
    addFact(info, "author", model, "author");
    addFact(info, "license", model, "license");
    const auto user = model.find("userDefinedMetadata");
    if (user == model.end() || !user->is_object()) {
        return;
    }
    for (const auto &[key, value] : user->items()) {
        if (key == "com.github.apple.coremltools.version" && value.is_string()) {
            info.producer = "coremltools " + value.get<std::string>().substr(0, kLongestEntry);
        } else {
            addFact(info, key.c_str(), *user, key.c_str());
        }
    }
}

} // namespace syncpoint
