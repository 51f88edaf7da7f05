#include "core/media/media_files.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fstream>
#include <string_view>

namespace syncpoint {

namespace {
namespace fs = std::filesystem;

constexpr std::size_t kSignatureBytes = 12;

std::optional<MediaKind> kindOf(const fs::path &file)
{
    std::array<char, kSignatureBytes> bytes{};
    std::ifstream(file, std::ios::binary).read(bytes.data(), bytes.size());
    const std::string_view start(bytes.data(), bytes.size());
    if (start.starts_with("\x89PNG\r\n") || start.starts_with("\xFF\xD8\xFF")) {
        return MediaKind::Picture;
    }
    const bool isWave = start.starts_with("RIFF") && start.substr(8) == "WAVE";
    return isWave || start.starts_with("fLaC") ? std::optional(MediaKind::Sound) : std::nullopt;
}

Result<std::vector<fs::path>> filesIn(const fs::path &folder)
{
    std::error_code error;
    std::vector<fs::path> files;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code ignored;
        if (entry->is_regular_file(ignored)) {
            files.push_back(entry->path());
        }
    }
    if (error) {
        return Error{ErrorCode::Io,
                     fmt::format("cannot read {}: {}", folder.string(), error.message())};
    }
    std::sort(files.begin(), files.end());
    return files;
}
} // namespace

Result<std::optional<MediaFiles>> findMedia(const fs::path &path)
{
    using Found = std::optional<MediaFiles>;
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) {
        const auto kind = fs::is_regular_file(path, ignored) ? kindOf(path) : std::nullopt;
        return kind ? Found(MediaFiles{*kind, {path}}) : Found();
    }
    const auto files = filesIn(path);
    if (!files) {
        return files.error();
    }
    Found found;
    for (const fs::path &file : *files) {
        const auto kind = kindOf(file);
        if (kind && found && found->kind != *kind) {
            return Error{ErrorCode::BadInput,
                         fmt::format("{} holds pictures and sounds: one kind is needed, a sample "
                                     "each",
                                     path.string())};
        }
        if (kind) {
            found = found ? found : Found(MediaFiles{*kind, {}});
            found->files.push_back(file);
        }
    }
    return found;
}

} // namespace syncpoint
