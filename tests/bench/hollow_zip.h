#pragma once
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace syncpoint::bench {

/// The low `bytes` bytes of a number, little-endian.
std::string little(std::uint64_t value, std::size_t bytes);

/// A zip of stored members that end in holes of the file: full size, no space on the disk.
class HollowZip
{
public:
    explicit HollowZip(const std::filesystem::path &path);

    /// `text` and then so many zeros.
    void add(const std::string &name, const std::string &text, std::uint64_t hole = 0);
    void close();

private:
    std::ofstream m_file;
    std::string m_directory;
    std::uint64_t m_members = 0;
};

} // namespace syncpoint::bench
