#include "core/formats/external_data.h"

#include <algorithm>
#include <fmt/format.h>

namespace syncpoint {

namespace fs = std::filesystem;

namespace {
Error escapeError(std::string_view location)
{
    return {ErrorCode::BadFormat,
            fmt::format("external data '{}' lies outside the model's folder", location)};
}

bool leadsOutside(const fs::path &location)
{
    return location.empty() || location.is_absolute() || location.has_root_name() ||
           std::find(location.begin(), location.end(), fs::path("..")) != location.end();
}
} // namespace

ExternalDataFiles::ExternalDataFiles(fs::path modelFile)
{
    std::error_code error;
    m_folder = fs::canonical(fs::absolute(modelFile, error).parent_path(), error);
}

Result<fs::path> ExternalDataFiles::find(std::string_view location) const
{
    const fs::path relative{location};
    if (leadsOutside(relative) || location.find('\0') != std::string_view::npos) {
        return escapeError(location);
    }
    std::error_code error;
    fs::path target = fs::canonical(m_folder / relative, error); // follows symbolic links
    if (error) {
        return fs::path();
    }
    const fs::path inside = target.lexically_relative(m_folder);
    if (inside.empty() || *inside.begin() == "..") {
        return escapeError(location);
    }
    return fs::is_regular_file(target, error) ? target : fs::path();
}

Result<std::shared_ptr<const MappedFile>> ExternalDataFiles::open(std::string_view location)
{
    if (const auto known = m_files.find(location); known != m_files.end()) {
        return known->second;
    }
    const auto path = find(location);
    if (!path) {
        return path.error();
    }
    std::shared_ptr<const MappedFile> file;
    if (!path->empty()) {
        if (auto opened = MappedFile::open(*path)) {
            file = std::move(opened).value();
        }
    }
    m_files.emplace(location, file);
    return file;
}

} // namespace syncpoint
