#include "compare/session/scratch_folder.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>

namespace syncpoint {

Result<std::shared_ptr<const ScratchFolder>>
ScratchFolder::create(const std::filesystem::path &root)
{
    std::error_code error;
    const auto parent = root.empty() ? std::filesystem::temp_directory_path(error) : root;
    if (error) {
        return Error{ErrorCode::Io, "there is no temporary folder: " + error.message()};
    }
    std::string pattern = (parent / "syncpoint-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        return Error{ErrorCode::Io, fmt::format("cannot make a temporary folder in {}: {}",
                                                parent.string(), std::strerror(errno))};
    }
    return std::shared_ptr<const ScratchFolder>(new ScratchFolder(pattern));
}

ScratchFolder::~ScratchFolder()
{
    std::error_code ignored; // nothing sensible can be done in a destructor
    std::filesystem::remove_all(m_path, ignored);
}

} // namespace syncpoint
