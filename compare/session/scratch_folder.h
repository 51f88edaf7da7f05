#pragma once
#include "core/base/result.h"

#include <filesystem>
#include <memory>

namespace syncpoint {

/// A private temporary folder that is removed, with all in it, when the last owner goes.
class ScratchFolder
{
public:
    /// Below `root`, or below the system's temporary folder when that is empty.
    static Result<std::shared_ptr<const ScratchFolder>> create(const std::filesystem::path &root);
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder &) = delete;
    ScratchFolder &operator=(const ScratchFolder &) = delete;

    const std::filesystem::path &path() const { return m_path; }

private:
    explicit ScratchFolder(std::filesystem::path path) : m_path(std::move(path)) {}
    std::filesystem::path m_path;
};

} // namespace syncpoint
