#include "core/formats/onnx/debug_dump_loader.h"

#include "core/formats/onnx/tensor_file.h"

#include <algorithm>
#include <fmt/format.h>

namespace syncpoint {
namespace {

namespace fs = std::filesystem;

constexpr const char *kEnding = ".tensorproto";
constexpr std::size_t kMostMappedFiles = 50'000; // each is mapped

/// The tensor files of the folder, sorted: of several ranks the first comes first.
std::vector<fs::path> tensorFiles(const fs::path &folder, std::size_t most)
{
    std::vector<fs::path> files;
    std::error_code problem;
    for (fs::directory_iterator at(folder, problem);
         !problem && at != fs::directory_iterator() && files.size() < most; at.increment(problem)) {
        if (at->path().extension() == kEnding) {
            files.push_back(at->path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

class OrtDebugDumpLoader final : public TensorLoader
{
public:
    FormatInfo format() const override
    {
        return {"ort-debug-dump", "ONNX Runtime debug dump", "*.tensorproto",
                "folder of the tensors that a debug build of ONNX Runtime wrote, by their names"};
    }
    ProbeAnswer probe(const FileProbe &file) const override
    {
        return file.isDirectory && !tensorFiles(file.path, 1).empty() ? ProbeAnswer::Yes
                                                                      : ProbeAnswer::No;
    }
    Result<std::shared_ptr<const TensorDump>> load(const fs::path &path,
                                                   const JobContext &job) const override
    {
        auto dump = std::make_shared<TensorDump>();
        dump->path = path;
        dump->format = "ort-debug-dump";
        dump->producer = "ONNX Runtime";
        const auto files = tensorFiles(path, kMostMappedFiles);
        job.beginStage("reading the folder", files.size());
        std::vector<MemoryTensorStore::Item> items;
        for (const fs::path &file : files) {
            if (job.isCancelled()) {
                return JobContext::cancelledError();
            }
            MemoryTensorStore::Item item;
            item.entry.name =
                file.stem().string(); // every sign but letters and digits is lost here
            auto tensor = readOnnxTensorFile(file, item.entry.name, dump->diagnostics);
            if (!tensor) {
                dump->diagnostics.push_back({Diagnostic::Severity::Warning,
                                             file.filename().string(),
                                             "not used: " + tensor.error().message});
            } else if (*tensor) {
                item.tensor = **std::move(tensor);
                items.push_back(std::move(item));
            }
            job.advance();
        }
        if (items.empty()) {
            return Error{ErrorCode::BadFormat, "the folder has no usable tensor files"};
        }
        dump->samples.push_back(std::make_shared<const MemoryTensorStore>(std::move(items)));
        return std::shared_ptr<const TensorDump>(std::move(dump));
    }
};

} // namespace

std::unique_ptr<TensorLoader> makeOrtDebugDumpLoader()
{
    return std::make_unique<OrtDebugDumpLoader>();
}

} // namespace syncpoint
