#include "core/base/mapped_file.h"
#include "tests/core/formats/test_files.h"

#include <cstring>
#include <new>

// Stands in for core/base/mapped_file.cpp: of a mapping, AddressSanitizer does not see where the
// file ends; of memory of its own it reports the first byte behind it.
namespace syncpoint {

namespace {
constexpr std::align_val_t kAlignment{64}; // as far as a loader may count on it in a mapping
}

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const std::filesystem::path &path)
{
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) {
        return Error{ErrorCode::Io, "cannot open " + path.string()};
    }
    const std::string content = test::readFile(path);
    auto *bytes = static_cast<std::byte *>(::operator new(content.size(), kAlignment));
    std::memcpy(bytes, content.data(), content.size());
    return std::shared_ptr<const MappedFile>(new MappedFile(path, {bytes, content.size()}));
}

MappedFile::MappedFile(std::filesystem::path path, std::span<const std::byte> bytes)
    : m_path(std::move(path)), m_bytes(bytes)
{
}

MappedFile::~MappedFile()
{
    ::operator delete(const_cast<std::byte *>(m_bytes.data()), kAlignment);
}

void MappedFile::release(std::span<const std::byte> /*part*/) const
{
}

} // namespace syncpoint
