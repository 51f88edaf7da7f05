#include "viewers/source/source_finder.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>

namespace syncpoint {

namespace {

constexpr std::uintmax_t kLargestSource = 8U << 20U;

bool isFile(const std::filesystem::path &path)
{
    std::error_code ignored;
    return std::filesystem::is_regular_file(path, ignored);
}

} // namespace

std::vector<std::filesystem::path> sourceFolders(const SessionConfig &config)
{
    std::vector<std::filesystem::path> folders = config.sourceFolders;
    for (const SideConfig *side : {&config.baseline, &config.candidate}) {
        for (const auto &file : {side->model, side->dump}) {
            if (file) {
                const std::filesystem::path folder =
                    file->has_parent_path() ? file->parent_path() : std::filesystem::path(".");
                if (std::find(folders.begin(), folders.end(), folder) == folders.end()) {
                    folders.push_back(folder);
                }
            }
        }
    }
    return folders;
}

std::optional<std::filesystem::path> findSource(const std::string &framePath,
                                                const std::vector<std::filesystem::path> &folders)
{
    std::string text = framePath;
    std::replace(text.begin(), text.end(), '\\', '/'); // exported on Windows
    const std::filesystem::path path(text);
    if (path.is_absolute() && isFile(path)) {
        return path;
    }
    const std::filesystem::path relative = path.relative_path();
    const std::vector<std::filesystem::path> parts(relative.begin(), relative.end());
    const bool climbs = std::find(parts.begin(), parts.end(), "..") != parts.end();
    for (const std::filesystem::path &folder : folders) {
        for (std::size_t first = climbs ? parts.size() - 1 : 0; first < parts.size(); ++first) {
            std::filesystem::path file = folder;
            for (std::size_t i = first; i < parts.size(); ++i) {
                file /= parts[i];
            }
            if (isFile(file)) {
                return file;
            }
        }
    }
    return std::nullopt;
}

Result<std::string> readSource(const std::filesystem::path &file)
{
    std::error_code failure;
    const std::uintmax_t size = std::filesystem::file_size(file, failure);
    if (failure || !isFile(file)) {
        return Error{ErrorCode::Io, file.string() + " cannot be read"};
    }
    if (size > kLargestSource) {
        return Error{ErrorCode::Limit, file.string() + " is too large for a source file"};
    }
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return Error{ErrorCode::Io, file.string() + " cannot be opened"};
    }
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

} // namespace syncpoint
