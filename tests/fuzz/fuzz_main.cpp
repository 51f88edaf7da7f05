#include "tests/core/formats/test_files.h"
#include "tests/fuzz/readers.h"

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <zip.h>

namespace syncpoint::fuzz {

extern const char *const kTargetLine; ///< of targets.txt; see target_line.cpp

namespace {

/// Stands in an input between the files it becomes.
constexpr std::string_view kNextFile = "<next file>";

using Content = std::pair<std::string, std::string_view>; ///< name and bytes of a file

/// The input's parts that are not empty; of the first file always.
std::vector<Content> contentsOf(std::string_view input, const std::vector<std::string> &files)
{
    std::vector<Content> contents;
    for (const std::string &file : files) {
        const bool isLast = &file == &files.back();
        const std::size_t end = isLast ? std::string_view::npos : input.find(kNextFile);
        if (const auto part = input.substr(0, end); !part.empty() || contents.empty()) {
            contents.emplace_back(file, part);
        }
        const std::size_t taken =
            end == std::string_view::npos ? input.size() : end + kNextFile.size();
        input.remove_prefix(taken);
    }
    return contents;
}

void writeArchive(const std::filesystem::path &path, const std::vector<Content> &members)
{
    zip_t *archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    for (const auto &[name, bytes] : members) {
        zip_source_t *source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
        const zip_int64_t index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
        zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0);
    }
    zip_close(archive);
}

class Fuzzer
{
public:
    explicit Fuzzer(const std::string &line) : m_target(targetOf(line)), m_read(readerOf(m_target))
    {
        if (!m_read || m_target.files.empty()) {
            std::fprintf(stderr, "targets.txt: nothing reads '%s'\n", line.c_str());
            std::exit(EXIT_FAILURE);
        }
        for (const std::string &file : m_target.files) {
            std::filesystem::create_directories((m_folder / file).parent_path());
        }
    }

    void run(std::string_view input) const
    {
        const auto contents = contentsOf(input, m_target.files);
        if (!m_target.archive.empty()) {
            writeArchive(m_folder / m_target.archive, contents);
            m_read(m_folder / m_target.archive);
            return;
        }
        for (const std::string &file : m_target.files) {
            std::filesystem::remove(m_folder / file);
        }
        for (const auto &[file, bytes] : contents) {
            test::writeFile(m_folder / file, std::string(bytes));
        }
        m_read(m_target.opensFolder ? m_folder.path() : m_folder / m_target.files.front());
    }

private:
    Target m_target;
    Reader m_read;
    test::TemporaryFolder m_folder;
};

} // namespace
} // namespace syncpoint::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const syncpoint::fuzz::Fuzzer fuzzer(syncpoint::fuzz::kTargetLine);
    fuzzer.run({reinterpret_cast<const char *>(data), size});
    return 0;
}
