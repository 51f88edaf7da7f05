#include "core/formats/gguf/gguf_loader.h"

#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"
#include "core/formats/gguf/block_formats.h"
#include "core/formats/gguf/gguf_header.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace syncpoint {

namespace {
DType plainType(std::uint32_t type)
{
    static constexpr std::array<std::pair<std::uint32_t, DType>, 8> kTypes{{{0, DType::Float32},
                                                                            {1, DType::Float16},
                                                                            {24, DType::Int8},
                                                                            {25, DType::Int16},
                                                                            {26, DType::Int32},
                                                                            {27, DType::Int64},
                                                                            {28, DType::Float64},
                                                                            {30, DType::BFloat16}}};
    const auto *found = std::find_if(kTypes.begin(), kTypes.end(),
                                     [type](const auto &known) { return known.first == type; });
    return found == kTypes.end() ? DType::Undefined : found->second;
}

Result<Tensor> readTensor(const GgufTensor &entry, const std::shared_ptr<const MappedFile> &file)
{
    const auto elements = elementCount(entry.shape);
    const GgufBlockFormat *format = ggufBlockFormat(entry.type);
    const DType dtype = plainType(entry.type);
    const auto size = !elements ? std::nullopt
                      : format != nullptr
                          ? std::optional(*elements / format->elements * format->bytes)
                          : storageBytes(dtype, *elements);
    const auto rest = file->bytes().subspan(entry.begin);
    if (!size || *size > rest.size()) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("its shape {} does not fit the rest of the file, {} bytes",
                                 toText(entry.shape), rest.size())};
    }
    return format != nullptr ? ggufBlockTensor(*format, entry.shape, rest.first(*size), file)
                             : Tensor::wrap({dtype, entry.shape, nullptr}, rest.first(*size), file);
}

class GgufLoader final : public TensorLoader
{
public:
    FormatInfo format() const override
    {
        return {"gguf", "GGUF weights", "*.gguf",
                "plain types, and Q4_0, Q8_0, Q4_K, Q5_K, Q6_K decoded when read"};
    }

    ProbeAnswer probe(const FileProbe &file) const override
    {
        return asText(file.start).starts_with("GGUF") ? ProbeAnswer::Yes : ProbeAnswer::No;
    }

    Result<std::shared_ptr<const TensorDump>> load(const std::filesystem::path &path,
                                                   const JobContext & /*job*/) const override
    {
        const auto file = MappedFile::open(path);
        if (!file) {
            return file.error();
        }
        const auto header = readGgufHeader((*file)->bytes());
        if (!header) {
            return header.error();
        }
        auto dump = std::make_shared<TensorDump>();
        dump->path = path;
        dump->format = "gguf";
        dump->model = header->model;
        std::vector<MemoryTensorStore::Item> items;
        for (const GgufTensor &entry : header->tensors) {
            if (plainType(entry.type) == DType::Undefined &&
                ggufBlockFormat(entry.type) == nullptr) {
                dump->diagnostics.push_back(
                    {Diagnostic::Severity::Warning, entry.name,
                     fmt::format("tensors of type {} are not read", entry.type)});
                continue;
            }
            auto tensor = readTensor(entry, *file);
            if (!tensor) {
                return tensor.error().withContext(
                    fmt::format("tensor '{}'", entry.name.substr(0, 80)));
            }
            MemoryTensorStore::Item item;
            item.entry.name = entry.name;
            item.entry.kind = TensorEntry::Kind::Parameter;
            item.tensor = *std::move(tensor);
            items.push_back(std::move(item));
        }
        if (items.empty()) {
            return Error{ErrorCode::BadFormat, "the file holds no usable tensors"};
        }
        dump->samples.push_back(std::make_shared<const MemoryTensorStore>(std::move(items), *file));
        return std::shared_ptr<const TensorDump>(std::move(dump));
    }
};
} // namespace

std::unique_ptr<TensorLoader> makeGgufLoader()
{
    return std::make_unique<GgufLoader>();
}

} // namespace syncpoint
