#include "core/formats/zip/zip_writer.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <new>
#include <optional>
#include <zip.h>

namespace syncpoint {
namespace {

/// What libzip asks of one member while it closes the archive.
class Source
{
public:
    Source(ZipContent content, std::optional<Error> &failure, const JobContext &job)
        : m_content(std::move(content)), m_failure(failure), m_job(job)
    {
    }

    static zip_int64_t answer(void *self, void *data, zip_uint64_t length, zip_source_cmd_t command)
    {
        return static_cast<Source *>(self)->answer(data, length, command);
    }

private:
    zip_int64_t answer(void *data, zip_uint64_t length, zip_source_cmd_t command)
    {
        switch (command) {
        case ZIP_SOURCE_OPEN:
            return open() ? 0 : -1;
        case ZIP_SOURCE_READ:
            return static_cast<zip_int64_t>(read(static_cast<std::byte *>(data), length));
        case ZIP_SOURCE_CLOSE:
            m_body = {};
            m_job.advance();
            return 0;
        case ZIP_SOURCE_STAT:
            return describe(static_cast<zip_stat_t *>(data));
        case ZIP_SOURCE_ERROR: {
            zip_error_t error{};
            zip_error_init(&error);
            zip_error_set(&error, ZIP_ER_READ, 0);
            return zip_error_to_data(&error, data, length);
        }
        case ZIP_SOURCE_FREE:
            return 0;
        case ZIP_SOURCE_SUPPORTS:
            return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ,
                                                  ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
                                                  ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
        default:
            return -1;
        }
    }

    /// Exceptions must not travel through libzip.
    bool open()
    {
        if (m_job.isCancelled()) {
            m_failure = JobContext::cancelledError();
            return false;
        }
        try {
            auto body = m_content.body();
            if (body && body->bytes.size() == m_content.bodySize) {
                m_body = *std::move(body);
                m_done = 0;
                return true;
            }
            m_failure =
                body ? Error{ErrorCode::Internal, "it has another size than said"} : body.error();
        } catch (const std::bad_alloc &) {
            m_failure = Error{ErrorCode::Limit, "there is not enough memory for it"};
        }
        m_failure = m_failure->withContext("member " + m_content.name);
        return false;
    }

    std::size_t read(std::byte *to, std::size_t length)
    {
        std::size_t count = 0;
        const auto copy = [&](const std::byte *from, std::size_t size, std::size_t start) {
            const std::size_t now = std::min(length - count, size - start);
            if (now > 0) { // an empty tensor has no bytes to point at
                std::memcpy(to + count, from + start, now);
            }
            count += now;
            m_done += now;
        };
        const std::string &head = m_content.head;
        if (m_done < head.size()) {
            copy(reinterpret_cast<const std::byte *>(head.data()), head.size(), m_done);
        }
        if (m_done >= head.size()) {
            copy(m_body.bytes.data(), m_body.bytes.size(), m_done - head.size());
        }
        return count;
    }

    zip_int64_t describe(zip_stat_t *stat) const
    {
        zip_stat_init(stat);
        stat->size = m_content.head.size() + m_content.bodySize;
        stat->valid = ZIP_STAT_SIZE;
        return sizeof(zip_stat_t);
    }

    ZipContent m_content;
    std::optional<Error> &m_failure;
    const JobContext &m_job;
    OwnedBytes m_body;
    std::size_t m_done = 0;
};

struct DiscardArchive
{
    void operator()(zip_t *archive) const { zip_discard(archive); }
};
using OpenArchive = std::unique_ptr<zip_t, DiscardArchive>;

Error cannotAdd(std::string_view name, zip_t *archive)
{
    return {ErrorCode::Unsupported,
            fmt::format("an archive cannot hold '{}': {}", name, zip_strerror(archive))};
}

Result<void> add(zip_t *archive, std::string_view name, Source &answers)
{
    constexpr std::uint16_t kFirstDay = (1U << 5U) | 1U; // 1 January 1980, the format's oldest
    zip_source_t *source = zip_source_function(archive, &Source::answer, &answers);
    if (source == nullptr) {
        return cannotAdd(name, archive);
    }
    const zip_int64_t index =
        zip_file_add(archive, std::string(name).c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(source);
        return cannotAdd(name, archive);
    }
    const auto member = static_cast<zip_uint64_t>(index);
    const bool isSet = zip_set_file_compression(archive, member, ZIP_CM_STORE, 0) == 0 &&
                       zip_file_set_dostime(archive, member, 0, kFirstDay, 0) == 0;
    return isSet ? Result<void>() : cannotAdd(name, archive);
}

} // namespace

Result<void> writeZip(const std::filesystem::path &path, std::vector<ZipContent> members,
                      const JobContext &job)
{
    int code = 0;
    std::optional<Error> failure;
    std::vector<std::unique_ptr<Source>> sources; // the archive may ask them until it goes
    OpenArchive archive(zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code));
    if (!archive) {
        return Error{ErrorCode::Io, fmt::format("{} cannot be written", path.string())};
    }
    for (ZipContent &member : members) {
        const std::string name = member.name;
        sources.push_back(std::make_unique<Source>(std::move(member), failure, job));
        if (auto added = add(archive.get(), name, *sources.back()); !added) {
            return added;
        }
    }
    if (zip_close(archive.get()) != 0) {
        return failure.value_or(
            Error{ErrorCode::Io, fmt::format("{} cannot be written: {}", path.string(),
                                             zip_strerror(archive.get()))});
    }
    static_cast<void>(archive.release()); // closing freed it
    return {};
}

} // namespace syncpoint
