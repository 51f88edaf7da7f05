#pragma once
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace syncpoint::test {

/// A folder of its own that goes with the test.
class TemporaryFolder
{
public:
    TemporaryFolder()
    {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "syncpoint-XXXXXX").string();
        m_path = ::mkdtemp(pattern.data());
    }
    ~TemporaryFolder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    TemporaryFolder(const TemporaryFolder &) = delete;
    TemporaryFolder &operator=(const TemporaryFolder &) = delete;
    std::filesystem::path operator/(const std::string &name) const { return m_path / name; }
    const std::filesystem::path &path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

inline std::string readFile(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void writeFile(const std::filesystem::path &path, const std::string &bytes)
{
    std::ofstream(path, std::ios::binary) << bytes;
}

/// `bytes` with `flips` bytes replaced at random.
inline std::string damaged(std::string bytes, std::mt19937 &random, int flips)
{
    for (int i = 0; i < flips; ++i) {
        bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    return bytes;
}

inline std::filesystem::path dataFile(const std::string &name)
{
    return std::filesystem::path(SYNCPOINT_TEST_DATA) / name;
}

} // namespace syncpoint::test
