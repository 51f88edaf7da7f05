#include "core/formats/zip/zip_archive.h"

#include "core/base/mapped_file.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <new>
#include <zip.h>

namespace syncpoint {
namespace {

/// Deflate cannot do better than 1032:1; what claims more is a bomb. The slack is for tiny members.
constexpr std::uint64_t kMostRatio = 1032;
constexpr std::uint64_t kSlackBytes = 1024;

struct CloseMember
{
    void operator()(zip_file_t *file) const { static_cast<void>(zip_fclose(file)); }
};
using OpenMember = std::unique_ptr<zip_file_t, CloseMember>;

std::string problemOf(zip_file_t *file)
{
    return zip_error_strerror(zip_file_get_error(file));
}

/// Fills `bytes` as far as the member reaches; returns how many came.
Result<std::size_t> readInto(zip_file_t *file, std::span<std::byte> bytes)
{
    std::size_t done = 0;
    while (done < bytes.size()) {
        const zip_int64_t got = zip_fread(file, bytes.data() + done, bytes.size() - done);
        if (got < 0) {
            return Error{ErrorCode::BadFormat, "it cannot be unpacked: " + problemOf(file)};
        }
        if (got == 0) {
            break;
        }
        done += static_cast<std::size_t>(got);
    }
    return done;
}

Error cannotOpen(zip *reader)
{
    return {ErrorCode::BadFormat,
            fmt::format("it cannot be unpacked: {}", zip_error_strerror(zip_get_error(reader)))};
}

} // namespace

Result<std::shared_ptr<const ZipArchive>> ZipArchive::open(const std::filesystem::path &path,
                                                           const ZipLimits &limits)
{
    const auto mapping = MappedFile::open(path);
    if (!mapping) {
        return mapping.error();
    }
    return open(OwnedBytes{(*mapping)->bytes(), *mapping}, limits);
}

Result<std::shared_ptr<const ZipArchive>> ZipArchive::open(OwnedBytes archive,
                                                           const ZipLimits &limits)
{
    const std::shared_ptr<ZipArchive> opened(new ZipArchive(std::move(archive)));
    if (auto done = opened->readDirectory(limits); !done) {
        return done.error();
    }
    return std::shared_ptr<const ZipArchive>(opened);
}

ZipArchive::~ZipArchive()
{
    for (zip *reader : m_idle) {
        zip_discard(reader);
    }
}

Result<zip *> ZipArchive::takeReader() const
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_idle.empty()) {
            zip *reader = m_idle.back();
            m_idle.pop_back();
            return reader;
        }
    }
    zip_error_t problem;
    zip_error_init(&problem);
    const auto bytes = m_archive.bytes;
    zip_source_t *source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &problem);
    zip *reader = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &problem);
    if (reader == nullptr && source != nullptr) {
        zip_source_free(source);
    }
    const std::string text = zip_error_strerror(&problem);
    zip_error_fini(&problem);
    if (reader == nullptr) {
        return Error{ErrorCode::BadFormat, "the zip archive is damaged or cut off: " + text};
    }
    return reader;
}

void ZipArchive::giveBack(zip *reader) const
{
    const std::lock_guard lock(m_mutex);
    m_idle.push_back(reader);
}

Result<void> ZipArchive::readDirectory(const ZipLimits &limits)
{
    m_mostBytes = limits.memberBytes;
    const auto reader = takeReader();
    if (!reader) {
        return reader.error();
    }
    const auto count =
        static_cast<std::size_t>(std::max<zip_int64_t>(zip_get_num_entries(*reader, 0), 0));
    if (count > limits.members) {
        giveBack(*reader);
        return Error{ErrorCode::Limit, fmt::format("the zip archive has {} members", count)};
    }
    const auto located = readZipDirectory(m_archive.bytes);
    for (std::size_t i = 0; i < count; ++i) {
        zip_stat_t facts;
        ZipMember member;
        if (zip_stat_index(*reader, i, ZIP_FL_ENC_RAW, &facts) == 0 && facts.name != nullptr) {
            member = {facts.name, facts.comp_size, facts.size, std::nullopt};
        }
        // Only where both readings of the directory agree is the offset trusted.
        if (located.size() == count && located[i].name == member.name &&
            located[i].size == member.size) {
            member.storedAt = located[i].storedAt;
        }
        m_members.push_back(std::move(member));
    }
    giveBack(*reader);
    for (std::size_t i = 0; i < m_members.size(); ++i) {
        m_byName.emplace(m_members[i].name, i);
    }
    return {};
}

std::optional<std::size_t> ZipArchive::find(std::string_view name) const
{
    const auto found = m_byName.find(name);
    return found == m_byName.end() ? std::nullopt : std::optional(found->second);
}

std::span<const std::byte> ZipArchive::storedBytes(std::size_t member) const
{
    const ZipMember &facts = m_members[member];
    return facts.storedAt ? m_archive.bytes.subspan(*facts.storedAt, facts.size)
                          : std::span<const std::byte>{};
}

Result<void> ZipArchive::checkDeclaredSize(const ZipMember &member) const
{
    if (member.size > m_mostBytes) {
        return Error{ErrorCode::Limit,
                     fmt::format("it unpacks to {} bytes, more than the limit of {}", member.size,
                                 m_mostBytes)};
    }
    if (member.compressedSize > m_archive.bytes.size()) {
        return Error{ErrorCode::BadFormat, "it is larger than the archive"};
    }
    if (member.size > member.compressedSize * kMostRatio + kSlackBytes) {
        return Error{ErrorCode::Limit, fmt::format("it claims to unpack from {} to {} bytes",
                                                   member.compressedSize, member.size)};
    }
    return {};
}

Result<std::vector<std::byte>> ZipArchive::unpackStart(std::size_t member, std::size_t count) const
{
    const auto reader = takeReader();
    if (!reader) {
        return reader.error();
    }
    Result<std::vector<std::byte>> result = [&]() -> Result<std::vector<std::byte>> {
        const OpenMember file(zip_fopen_index(*reader, member, 0));
        if (!file) {
            return cannotOpen(*reader);
        }
        std::vector<std::byte> bytes(count);
        const auto got = readInto(file.get(), bytes);
        if (!got) {
            return got.error();
        }
        bytes.resize(*got);
        return bytes;
    }();
    giveBack(*reader);
    return result;
}

Result<std::vector<std::byte>> ZipArchive::unpack(std::size_t member) const
{
    const ZipMember &facts = m_members[member];
    if (auto allowed = checkDeclaredSize(facts); !allowed) {
        return allowed.error();
    }
    try {
        // One byte more than declared, so that a member that goes on is noticed.
        auto bytes = unpackStart(member, facts.size + 1);
        if (bytes && bytes->size() != facts.size) {
            return Error{ErrorCode::BadFormat,
                         fmt::format("it unpacks to another size than the {} bytes it declares",
                                     facts.size)};
        }
        return bytes;
    } catch (const std::bad_alloc &) {
        return Error{ErrorCode::Limit, fmt::format("not enough memory for {} bytes", facts.size)};
    }
}

Result<OwnedBytes> ZipArchive::contents(std::size_t member) const
{
    if (m_members[member].storedAt) {
        return OwnedBytes{storedBytes(member), m_archive.owner};
    }
    auto bytes = unpack(member);
    if (!bytes) {
        return bytes.error();
    }
    const auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes).value());
    return OwnedBytes{*owner, owner};
}

} // namespace syncpoint
