#include "core/formats/coreml/coreml_package.h"

#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace syncpoint {

namespace fs = std::filesystem;

namespace {
bool isFile(const fs::path &path)
{
    std::error_code error;
    return fs::is_regular_file(path, error);
}

fs::path ifThere(const fs::path &path)
{
    return isFile(path) ? path : fs::path();
}

/// The model's path inside Data, by the package's list of contents.
Result<fs::path> listedModel(const fs::path &manifest)
{
    const auto file = MappedFile::open(manifest);
    if (!file) {
        return file.error();
    }
    const auto content = nlohmann::json::parse(asText((*file)->bytes()), nullptr, false);
    const auto text = [](const nlohmann::json &object, const char *key) {
        const auto found = object.is_object() ? object.find(key) : object.end();
        return object.is_object() && found != object.end() && found->is_string()
                   ? found->get<std::string>()
                   : std::string();
    };
    const std::string root = text(content, "rootModelIdentifier");
    const auto entries = content.is_object() ? content.find("itemInfoEntries") : content.end();
    if (root.empty() || entries == content.end() || !entries->is_object() ||
        !entries->contains(root)) {
        return Error{ErrorCode::BadFormat, "Manifest.json names no model"};
    }
    fs::path path = text((*entries)[root], "path");
    const bool leadsOutside = path.empty() || path.is_absolute() ||
                              std::find(path.begin(), path.end(), fs::path("..")) != path.end();
    if (leadsOutside) {
        return Error{ErrorCode::BadFormat, "Manifest.json names a model outside of the package"};
    }
    return path;
}

Result<CoreMlPackage> openPackage(const fs::path &folder)
{
    CoreMlPackage package;
    package.model = folder / "Data" / "com.apple.CoreML" / "model.mlmodel";
    if (isFile(folder / "Manifest.json")) {
        const auto listed = listedModel(folder / "Manifest.json");
        if (!listed) {
            return listed.error();
        }
        package.model = folder / "Data" / *listed;
    }
    package.debugHandles = ifThere(folder / "executorch_debug_handle_mapping.json");
    return package;
}
} // namespace

Result<CoreMlPackage> openCoreMlPackage(const fs::path &path)
{
    std::error_code error;
    if (fs::is_directory(path, error)) {
        if (isFile(path / "model.mil")) {
            return CoreMlPackage{
                CoreMlPackage::Form::Text, path / "model.mil", ifThere(path / "metadata.json"), {}};
        }
        if (isFile(path / "model.espresso.net") || isFile(path / "coremldata.bin")) {
            return Error{ErrorCode::Unsupported,
                         "a compiled model without model.mil is not read; open the .mlmodel or "
                         ".mlpackage it was made from"};
        }
        return openPackage(path);
    }
    if (path.extension() == ".mil") {
        return CoreMlPackage{
            CoreMlPackage::Form::Text, path, ifThere(path.parent_path() / "metadata.json"), {}};
    }
    return CoreMlPackage{CoreMlPackage::Form::Protobuf, path, {}, {}};
}

} // namespace syncpoint
