#include "core/formats/coreml/debug_handles.h"

#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"

#include <nlohmann/json.hpp>

namespace syncpoint {

namespace {
using nlohmann::json;

/// A path is a list of steps; the op is the step of type "Operation".
void addPath(const json &path, const std::string &handle, DebugHandles &handles)
{
    for (const json &step : path) {
        if (!step.is_object() || step.value("Type", json()) != "Operation") {
            continue;
        }
        if (const auto output = step.find("Output"); output != step.end() && output->is_string()) {
            handles[output->get<std::string>()].push_back(handle);
        }
    }
}
} // namespace

Result<DebugHandles> readDebugHandles(const std::filesystem::path &path)
{
    const auto file = MappedFile::open(path);
    if (!file) {
        return file.error();
    }
    const auto content = json::parse(asText((*file)->bytes()), nullptr, false);
    const auto mapping = content.is_object() ? content.find("mapping") : content.end();
    if (mapping == content.end() || !mapping->is_object()) {
        return Error{ErrorCode::BadFormat, "it has no object 'mapping'"};
    }
    DebugHandles handles;
    for (const auto &[handle, paths] : mapping->items()) {
        const bool isOnePath = paths.is_array() && !paths.empty() && paths.front().is_object();
        if (isOnePath) {
            addPath(paths, handle, handles);
        } else if (paths.is_array()) {
            for (const json &one : paths) {
                addPath(one, handle, handles);
            }
        }
    }
    return handles;
}

} // namespace syncpoint
