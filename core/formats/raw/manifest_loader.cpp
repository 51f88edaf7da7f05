#include "core/formats/bounded_json.h"
#include "core/formats/json_fields.h"
#include "core/formats/raw/raw_loaders.h"
#include "core/formats/raw/raw_tensor.h"

#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace syncpoint {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Kind = TensorEntry::Kind;

constexpr JsonLimits kLimits{.values = 1'000'000, .depth = 16};
constexpr const char *kManifest = "manifest.json";
constexpr std::size_t kMostFiles = 20'000; // each is mapped

Kind kindOf(std::string_view name)
{
    constexpr std::array kKinds{std::pair{std::string_view("input"), Kind::Input},
                                std::pair{std::string_view("output"), Kind::Output},
                                std::pair{std::string_view("parameter"), Kind::Parameter}};
    for (const auto &[text, kind] : kKinds) {
        if (text == name) {
            return kind;
        }
    }
    return Kind::Intermediate;
}

std::shared_ptr<const Quantization> quantizationOf(const Json &tensor)
{
    auto out = std::make_shared<Quantization>();
    for (const Json &scale : listOf(tensor, "scale")) {
        out->scales.push_back(numberOf(scale).value_or(0.0));
    }
    for (const Json &zero : listOf(tensor, "zero_point")) {
        out->zeroPoints.push_back(zero.is_number_integer() ? zero.get<std::int64_t>() : 0);
    }
    if (const Json *axis = fieldOf(tensor, "axis"); axis != nullptr && axis->is_number_unsigned()) {
        out->axis = axis->get<std::size_t>();
    }
    return out->scales.empty() ? nullptr : out;
}

raw::RawTensor tensorOf(const std::string &name, const Json &json)
{
    raw::RawTensor tensor;
    tensor.file = textOf(json, "file");
    tensor.entry.name = name;
    tensor.entry.kind = kindOf(textOf(json, "kind"));
    tensor.entry.info.dtype = dtypeFromName(textOf(json, "dtype")).value_or(DType::Undefined);
    tensor.entry.info.shape = shapeOf(json, "shape").value_or(Shape());
    const auto quantization = quantizationOf(json);
    if (quantization && checkQuantization(*quantization, tensor.entry.info.shape)) {
        tensor.entry.info.quantization = quantization;
    }
    return tensor;
}

class ManifestLoader final : public TensorLoader
{
public:
    FormatInfo format() const override
    {
        return {"raw-manifest", "folder of raw files with a manifest", "manifest.json",
                "headerless files, and .npy files of lost types, as manifest.json describes them"};
    }
    ProbeAnswer probe(const FileProbe &file) const override
    {
        std::error_code ignored;
        const bool isNamed =
            file.isDirectory && fs::is_regular_file(file.path / kManifest, ignored);
        const auto inside = isNamed ? FileProbe::of(file.path / kManifest)
                                    : Result<FileProbe>(Error{ErrorCode::Io, ""});
        const std::string_view start =
            inside ? std::string_view(reinterpret_cast<const char *>(inside->start.data()),
                                      inside->start.size())
                   : std::string_view();
        return start.find("\"tensors\"") != std::string_view::npos ? ProbeAnswer::Yes
                                                                   : ProbeAnswer::No;
    }
    Result<std::shared_ptr<const TensorDump>> load(const fs::path &path,
                                                   const JobContext &job) const override
    {
        const auto manifest = readBoundedJson(path / kManifest, kLimits);
        if (!manifest) {
            return manifest.error();
        }
        const Json &tensors = objectOf(*manifest, "tensors");
        if (tensors.size() > kMostFiles) {
            return Error{ErrorCode::Limit,
                         fmt::format("{} names more than {} files", kManifest, kMostFiles)};
        }
        auto dump = std::make_shared<TensorDump>();
        dump->path = path;
        dump->format = "raw-manifest";
        ExternalDataFiles files(path / kManifest);
        std::vector<MemoryTensorStore::Item> items;
        for (auto each = tensors.begin(); each != tensors.end(); ++each) {
            if (job.isCancelled()) {
                return JobContext::cancelledError();
            }
            auto item = raw::openRaw(tensorOf(each.key(), each.value()), files);
            if (item) {
                items.push_back(*std::move(item));
            } else {
                dump->diagnostics.push_back({Diagnostic::Severity::Warning, each.key(),
                                             "the tensor is not used: " + item.error().message});
            }
        }
        if (items.empty()) {
            return Error{ErrorCode::BadFormat, fmt::format("{} names no usable tensor", kManifest)};
        }
        dump->samples.push_back(std::make_shared<const MemoryTensorStore>(std::move(items)));
        return std::shared_ptr<const TensorDump>(std::move(dump));
    }
};

} // namespace

std::unique_ptr<TensorLoader> makeManifestLoader()
{
    return std::make_unique<ManifestLoader>();
}

} // namespace syncpoint
