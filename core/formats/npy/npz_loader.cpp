#include "core/formats/npy/npz_loader.h"

#include "core/base/byte_reader.h"
#include "core/formats/npy/npy_store.h"
#include "core/formats/npy/zip_archive.h"

#include <fmt/format.h>
#include <new>

namespace syncpoint {
namespace {

constexpr std::string_view kEnding = ".npy";

/// Whether the first member of a zip is a .npy: PyTorch checkpoints and others are zips as well.
bool startsWithNpyMember(std::span<const std::byte> start)
{
    ByteReader reader(start);
    constexpr std::uint32_t kLocalSignature = 0x04034B50;
    constexpr std::size_t kNameSizeAt = 26;
    if (reader.read<std::uint32_t>() != kLocalSignature || !reader.seek(kNameSizeAt)) {
        return false;
    }
    const auto nameSize = reader.read<std::uint16_t>();
    const auto extraSize = reader.read<std::uint16_t>();
    const auto name = nameSize && extraSize ? reader.readBytes(*nameSize) : std::nullopt;
    return name && asText(*name).ends_with(kEnding);
}

Result<NpyHeader> memberHeader(const ZipArchive &archive, std::size_t member)
{
    if (const auto stored = archive.storedBytes(member); !stored.empty()) {
        return readNpyHeader(stored);
    }
    constexpr std::size_t kUsualHeader = 128;
    auto start = archive.unpackStart(member, kUsualHeader);
    const auto size = start ? npyHeaderSize(*start) : Result<std::size_t>(start.error());
    if (!size) {
        return size.error();
    }
    if (*size > start->size()) {
        start = archive.unpackStart(member, *size);
    }
    return start ? readNpyHeader(*start) : Result<NpyHeader>(start.error());
}

/// The header, once the member is known to hold as many bytes as the array needs.
Result<NpyHeader> checkedHeader(const ZipArchive &archive, std::size_t member)
{
    auto header = memberHeader(archive, member);
    if (!header) {
        return header;
    }
    const auto needed = storageBytes(header->dtype, elementCount(header->shape).value_or(0));
    const std::uint64_t size = archive.members()[member].size;
    if (size < header->dataOffset || needed.value_or(0) > size - header->dataOffset) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("the array is cut off: {} {} needs {} bytes, the member has {}",
                                 dtypeName(header->dtype), toText(header->shape),
                                 needed.value_or(0), size)};
    }
    return header;
}

NpyItem memberItem(const std::shared_ptr<const ZipArchive> &archive, std::size_t member,
                   std::string name, const NpyHeader &header)
{
    NpyItem item;
    item.entry = npyEntry(std::move(name), header);
    const bool isStored = archive->members()[member].storedAt.has_value();
    if (isStored && isUsableInPlace(header)) {
        item.mapping = archive->mapping();
    }
    item.open = [archive, member, isStored]() -> Result<NpyBytes> {
        if (isStored) {
            return NpyBytes{archive->storedBytes(member), archive->mapping()};
        }
        auto bytes = archive->unpack(member);
        if (!bytes) {
            return bytes.error();
        }
        const auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes).value());
        return NpyBytes{*owner, owner};
    };
    return item;
}

class NpzLoader final : public TensorLoader
{
public:
    FormatInfo format() const override
    {
        return {"npz", "NumPy archive", "*.npz", "numeric arrays, stored or deflated"};
    }
    ProbeAnswer probe(const FileProbe &file) const override
    {
        if (!file.isDirectory && startsWithNpyMember(file.start)) {
            return ProbeAnswer::Yes;
        }
        return !file.isDirectory && file.extension == ".npz" ? ProbeAnswer::Maybe : ProbeAnswer::No;
    }
    Result<std::shared_ptr<const TensorDump>> load(const std::filesystem::path &path,
                                                   const JobContext &job) const override
    {
        auto archive = ZipArchive::open(path);
        return archive ? loadMembers(*archive, path, job)
                       : Result<std::shared_ptr<const TensorDump>>(archive.error());
    }

private:
    static Result<std::shared_ptr<const TensorDump>>
    loadMembers(const std::shared_ptr<const ZipArchive> &archive, const std::filesystem::path &path,
                const JobContext &job)
    {
        auto dump = std::make_shared<TensorDump>();
        dump->path = path;
        dump->format = "npz";
        std::vector<NpyItem> items;
        job.beginStage("reading the archive", archive->members().size());
        for (std::size_t i = 0; i < archive->members().size(); ++i) {
            if (job.isCancelled()) {
                return JobContext::cancelledError();
            }
            std::string name = archive->members()[i].name;
            if (name.ends_with(kEnding)) {
                name.resize(name.size() - kEnding.size());
            }
            const auto header = checkedHeader(*archive, i);
            if (header) {
                items.push_back(memberItem(archive, i, std::move(name), *header));
            } else {
                dump->diagnostics.push_back({Diagnostic::Severity::Warning, std::move(name),
                                             "the member is not used: " + header.error().message});
            }
            job.advance();
        }
        if (items.empty()) {
            const std::string why =
                dump->diagnostics.empty() ? std::string{} : ": " + dump->diagnostics.front().text;
            return Error{ErrorCode::BadFormat, "the archive has no usable .npy members" + why};
        }
        dump->samples.push_back(std::make_shared<const NpyTensorStore>(path, std::move(items)));
        return std::shared_ptr<const TensorDump>(std::move(dump));
    }
};

} // namespace

std::unique_ptr<TensorLoader> makeNpzLoader()
{
    return std::make_unique<NpzLoader>();
}

} // namespace syncpoint
