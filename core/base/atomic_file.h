#pragma once
#include "core/base/result.h"

#include <filesystem>
#include <string_view>

namespace syncpoint {

/// A file that appears under its name only when complete: write to temporaryPath(), then commit().
/// Destroyed without commit(), nothing is left behind.
class AtomicFile
{
public:
    /// Fails when the folder does not exist or cannot be written.
    static Result<AtomicFile> create(const std::filesystem::path &target);
    AtomicFile(AtomicFile &&other) noexcept;
    AtomicFile &operator=(AtomicFile &&other) = delete;
    ~AtomicFile();

    const std::filesystem::path &temporaryPath() const { return m_temporary; }
    Result<void> commit();

private:
    AtomicFile(std::filesystem::path target, std::filesystem::path temporary);
    std::filesystem::path m_target;
    std::filesystem::path m_temporary;
};

/// Writes `text` to `target`, whole or not at all.
Result<void> writeFileAtomically(const std::filesystem::path &target, std::string_view text);

} // namespace syncpoint
