#include "tests/bench/hollow_zip.h"

#include <zlib.h>

namespace syncpoint::bench {

namespace {
/// What the local header and the directory share: version to size of the extra field.
std::string facts(const std::string &name, std::uint64_t checksum, std::uint64_t size)
{
    return little(20, 2) + std::string(8, '\0') + little(checksum, 4) + little(size, 4) +
           little(size, 4) + little(name.size(), 2) + std::string(2, '\0');
}
} // namespace

std::string little(std::uint64_t value, std::size_t bytes)
{
    std::string out;
    for (std::size_t i = 0; i < bytes; ++i) {
        out += static_cast<char>(value >> (8 * i));
    }
    return out;
}

HollowZip::HollowZip(const std::filesystem::path &path) : m_file(path, std::ios::binary)
{
}

void HollowZip::add(const std::string &name, const std::string &text, std::uint64_t hole)
{
    const auto start = static_cast<std::uint64_t>(m_file.tellp());
    // What ends in a hole is mapped, and its checksum not looked at.
    const auto checksum = hole > 0 ? 0
                                   : crc32(0, reinterpret_cast<const Bytef *>(text.data()),
                                           static_cast<uInt>(text.size()));
    const std::string shared = facts(name, checksum, text.size() + hole);
    m_file << "PK\3\4" << shared << name << text;
    m_file.seekp(static_cast<std::streamoff>(hole), std::ios::cur);
    m_directory +=
        "PK\1\2" + little(20, 2) + shared + std::string(10, '\0') + little(start, 4) + name;
    ++m_members;
}

void HollowZip::close()
{
    const auto start = static_cast<std::uint64_t>(m_file.tellp());
    m_file << m_directory << "PK\5\6" << std::string(4, '\0') << little(m_members, 2)
           << little(m_members, 2) << little(m_directory.size(), 4) << little(start, 4)
           << std::string(2, '\0');
    m_file.close();
}

} // namespace syncpoint::bench
