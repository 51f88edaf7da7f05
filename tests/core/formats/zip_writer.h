#pragma once
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <vector>
#include <zip.h>

namespace syncpoint::test {

/// A member to be written.
struct ZipText
{
    std::string name;
    std::string bytes;
    bool deflate = false;
};

inline void writeZip(const std::filesystem::path &path, const std::vector<ZipText> &members)
{
    zip_t *archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    ASSERT_NE(archive, nullptr);
    for (const ZipText &member : members) {
        zip_source_t *source =
            zip_source_buffer(archive, member.bytes.data(), member.bytes.size(), 0);
        const zip_int64_t index =
            zip_file_add(archive, member.name.c_str(), source, ZIP_FL_ENC_UTF_8);
        ASSERT_GE(index, 0);
        zip_set_file_compression(archive, static_cast<zip_uint64_t>(index),
                                 member.deflate ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
    }
    ASSERT_EQ(zip_close(archive), 0);
}

} // namespace syncpoint::test
