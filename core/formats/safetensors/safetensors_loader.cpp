#include "core/formats/safetensors/safetensors_loader.h"

#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"
#include "core/formats/safetensors/safetensors_header.h"

namespace syncpoint {
namespace {

/// A plausible size of the header, then its opening bracket.
bool looksLikeHeader(const FileProbe &file)
{
    ByteReader reader(file.start);
    const auto length = reader.read<std::uint64_t>();
    return length && file.size > kSafetensorsPreamble &&
           *length <= file.size - kSafetensorsPreamble && reader.read<char>() == '{';
}

class SafetensorsLoader final : public TensorLoader
{
public:
    FormatInfo format() const override
    {
        return {"safetensors", "safetensors file", "*.safetensors",
                "all types except 6-bit floats"};
    }

    ProbeAnswer probe(const FileProbe &file) const override
    {
        if (file.isDirectory) {
            return ProbeAnswer::No;
        }
        const bool isNamed = file.extension == ".safetensors";
        const bool isHeader = looksLikeHeader(file);
        return isNamed && isHeader   ? ProbeAnswer::Yes
               : isNamed || isHeader ? ProbeAnswer::Maybe
                                     : ProbeAnswer::No;
    }

    Result<std::shared_ptr<const TensorDump>> load(const std::filesystem::path &path,
                                                   const JobContext & /*job*/) const override
    {
        const auto mapping = MappedFile::open(path);
        if (!mapping) {
            return mapping.error();
        }
        auto header = readSafetensorsHeader((*mapping)->bytes());
        if (!header) {
            return header.error();
        }
        auto dump = std::make_shared<TensorDump>();
        dump->path = path;
        dump->format = "safetensors";
        dump->diagnostics = std::move(header->diagnostics);
        for (const auto &[key, value] : header->metadata) {
            if (key == "format") { // the framework: "pt"
                dump->producer = value;
            }
        }
        std::vector<MemoryTensorStore::Item> items;
        for (SafetensorsEntry &entry : header->tensors) {
            auto tensor =
                Tensor::wrap(std::move(entry.info),
                             (*mapping)->bytes().subspan(entry.begin, entry.size), *mapping);
            if (!tensor) {
                return tensor.error().withContext("tensor '" + entry.name + "'");
            }
            MemoryTensorStore::Item item;
            item.entry.name = std::move(entry.name);
            item.tensor = std::move(*tensor);
            items.push_back(std::move(item));
        }
        if (items.empty()) {
            return Error{ErrorCode::BadFormat, "the file holds no usable tensors"};
        }
        dump->samples.push_back(
            std::make_shared<const MemoryTensorStore>(std::move(items), *mapping));
        return std::shared_ptr<const TensorDump>(std::move(dump));
    }
};

} // namespace

std::unique_ptr<TensorLoader> makeSafetensorsLoader()
{
    return std::make_unique<SafetensorsLoader>();
}

} // namespace syncpoint
