#include "core/formats/onnx/test_data_loader.h"

#include "core/base/number_text.h"
#include "core/formats/onnx/tensor_file.h"

#include <algorithm>
#include <fmt/format.h>
#include <new>
#include <optional>

namespace syncpoint {

namespace {
namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 100'000;
constexpr std::string_view kInput = "input_";
constexpr std::string_view kOutput = "output_";
constexpr std::string_view kSet = "test_data_set_";

struct Place
{
    bool isOutput = false;
    std::size_t number = 0;
    fs::path path;
    auto operator<=>(const Place &) const = default;
};

/// What of `folder` is test data: tensor files, or the folders of several samples.
struct Content
{
    std::vector<Place> files;
    std::vector<Place> sets;
};

Result<Content> contentOf(const fs::path &folder)
{
    Content content;
    std::error_code problem;
    std::size_t seen = 0;
    for (fs::directory_iterator at(folder, problem); !problem && at != fs::directory_iterator();
         at.increment(problem)) {
        if (++seen > kMostFiles) {
            return Error{ErrorCode::Limit, fmt::format("it has more than {} entries", kMostFiles)};
        }
        const fs::path &path = at->path();
        const auto set = numberAfter(kSet, path.filename().string());
        const auto input = numberAfter(kInput, path.stem().string());
        const auto output = numberAfter(kOutput, path.stem().string());
        if (at->is_directory(problem) && set) {
            content.sets.push_back({false, *set, path});
        } else if (at->is_regular_file(problem) && path.extension() == ".pb" && (input || output)) {
            content.files.push_back({!input, input ? *input : *output, path});
        }
    }
    if (problem) {
        return Error{ErrorCode::Io, "it cannot be listed: " + problem.message()};
    }
    std::sort(content.files.begin(), content.files.end());
    std::sort(content.sets.begin(), content.sets.end());
    return content;
}

class OnnxTestDataLoader final : public TensorLoader
{
public:
    FormatInfo format() const override
    {
        return {"onnx-test-data", "ONNX test data", "",
                "input_N.pb and output_N.pb of a test_data_set folder, or several such folders"};
    }
    ProbeAnswer probe(const FileProbe &file) const override
    {
        std::error_code ignored;
        const bool isSet = fs::exists(file.path / "input_0.pb", ignored) ||
                           fs::exists(file.path / "output_0.pb", ignored) ||
                           fs::is_directory(file.path / "test_data_set_0", ignored);
        return file.isDirectory && isSet ? ProbeAnswer::Yes : ProbeAnswer::No;
    }
    Result<std::shared_ptr<const TensorDump>> load(const fs::path &path,
                                                   const JobContext &job) const override
    {
        auto content = contentOf(path);
        if (!content) {
            return content.error();
        }
        auto dump = std::make_shared<TensorDump>();
        dump->path = path;
        dump->format = "onnx-test-data";
        if (!content->files.empty()) {
            addSample(content->files, *dump);
        }
        for (const Place &set : content->sets) {
            if (job.isCancelled()) {
                return JobContext::cancelledError();
            }
            const auto inside = contentOf(set.path);
            if (!inside) {
                return inside.error().withContext(set.path.filename().string());
            }
            addSample(inside->files, *dump);
        }
        const bool any = std::any_of(dump->samples.begin(), dump->samples.end(),
                                     [](const auto &sample) { return !sample->entries().empty(); });
        if (!any) {
            return Error{ErrorCode::BadFormat, "the folder has no usable tensor files"};
        }
        return std::shared_ptr<const TensorDump>(std::move(dump));
    }

    static void addSample(const std::vector<Place> &files, TensorDump &dump)
    {
        std::vector<MemoryTensorStore::Item> items;
        for (const Place &place : files) {
            MemoryTensorStore::Item item;
            item.entry.name = place.path.stem().string();
            item.entry.kind = place.isOutput ? TensorEntry::Kind::Output : TensorEntry::Kind::Input;
            auto tensor = readOnnxTensorFile(place.path, item.entry.name, dump.diagnostics);
            if (!tensor) {
                dump.diagnostics.push_back({Diagnostic::Severity::Warning, place.path.string(),
                                            "not used: " + tensor.error().message});
            } else if (*tensor) {
                item.tensor = **std::move(tensor);
                items.push_back(std::move(item));
            }
        }
        dump.samples.push_back(std::make_shared<const MemoryTensorStore>(std::move(items)));
    }
};
} // namespace

std::unique_ptr<TensorLoader> makeOnnxTestDataLoader()
{
    return std::make_unique<OnnxTestDataLoader>();
}

} // namespace syncpoint
