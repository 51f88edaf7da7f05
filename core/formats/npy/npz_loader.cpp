#include "core/formats/npy/npz_loader.h"

#include "core/base/mapped_file.h"
#include "core/formats/npy/npy_store.h"
#include "core/formats/zip/zip_archive.h"

#include <fmt/format.h>
#include <new>

namespace syncpoint {
namespace {

constexpr std::string_view kEnding = ".npy";

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

NpyItem memberItem(const std::shared_ptr<const ZipArchive> &archive,
                   const std::shared_ptr<const MappedFile> &mapping, std::size_t member,
                   std::string name, const NpyHeader &header)
{
    NpyItem item;
    item.entry = npyEntry(std::move(name), header);
    if (archive->members()[member].storedAt && isUsableInPlace(header)) {
        item.mapping = mapping;
    }
    item.open = [archive, member] { return archive->contents(member); };
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
        if (!file.isDirectory && firstZipMember(file.start).ends_with(kEnding)) {
            return ProbeAnswer::Yes;
        }
        return !file.isDirectory && file.extension == ".npz" ? ProbeAnswer::Maybe : ProbeAnswer::No;
    }
    Result<std::shared_ptr<const TensorDump>> load(const std::filesystem::path &path,
                                                   const JobContext &job) const override
    {
        const auto mapping = MappedFile::open(path);
        if (!mapping) {
            return mapping.error();
        }
        const auto archive = ZipArchive::open(OwnedBytes{(*mapping)->bytes(), *mapping});
        return archive ? loadMembers(*archive, *mapping, job)
                       : Result<std::shared_ptr<const TensorDump>>(archive.error());
    }

private:
    static Result<std::shared_ptr<const TensorDump>>
    loadMembers(const std::shared_ptr<const ZipArchive> &archive,
                const std::shared_ptr<const MappedFile> &mapping, const JobContext &job)
    {
        auto dump = std::make_shared<TensorDump>();
        dump->path = mapping->path();
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
                items.push_back(memberItem(archive, mapping, i, std::move(name), *header));
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
        dump->samples.push_back(
            std::make_shared<const NpyTensorStore>(dump->path, std::move(items)));
        return std::shared_ptr<const TensorDump>(std::move(dump));
    }
};

} // namespace

std::unique_ptr<TensorLoader> makeNpzLoader()
{
    return std::make_unique<NpzLoader>();
}

} // namespace syncpoint
