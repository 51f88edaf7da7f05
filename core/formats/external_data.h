#pragma once
#include "core/base/mapped_file.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string_view>

namespace syncpoint {

/// The data files beside a model. Each is mapped once. Nothing outside the model's folder can be
/// reached: not by an absolute path, not by "..", not through a symbolic link.
class ExternalDataFiles
{
public:
    explicit ExternalDataFiles(std::filesystem::path modelFile);

    /// The mapped file; null when it does not exist or cannot be read. Fails when `location` leads
    /// out of the model's folder.
    Result<std::shared_ptr<const MappedFile>> open(std::string_view location);

    /// The file itself, not opened; an empty path when there is none. Fails as open() does.
    Result<std::filesystem::path> find(std::string_view location) const;

private:
    std::filesystem::path m_folder;
    std::map<std::string, std::shared_ptr<const MappedFile>, std::less<>> m_files;
};

} // namespace syncpoint
