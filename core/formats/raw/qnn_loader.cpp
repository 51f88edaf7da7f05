#include "core/base/number_text.h"
#include "core/formats/raw/qnn_net.h"
#include "core/formats/raw/raw_loaders.h"
#include "core/formats/raw/raw_tensor.h"

#include <algorithm>
#include <fmt/format.h>

namespace syncpoint {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostQnnFiles = 20'000; // each is mapped
constexpr std::string_view kNative = "_native";
constexpr std::string_view kResult = "Result_";

std::vector<fs::path> contentsOf(const fs::path &folder)
{
    std::vector<fs::path> paths;
    std::error_code problem;
    for (fs::directory_iterator at(folder, problem);
         !problem && at != fs::directory_iterator() && paths.size() < kMostQnnFiles;
         at.increment(problem)) {
        paths.push_back(at->path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

struct Content
{
    fs::path net;
    std::vector<std::pair<std::size_t, fs::path>> results; ///< by number
};

Content contentOf(const fs::path &folder)
{
    Content content;
    for (const fs::path &path : contentsOf(folder)) {
        const std::string name = path.filename().string();
        if (name.ends_with("_net.json") && content.net.empty()) {
            content.net = path;
        } else if (const auto number = numberAfter(kResult, name)) {
            content.results.emplace_back(*number, path);
        }
    }
    std::sort(content.results.begin(), content.results.end());
    return content;
}

class QnnLoader final : public TensorLoader
{
public:
    FormatInfo format() const override
    {
        return {"qnn", "QNN results", "",
                "raw files of qnn-net-run, native and float, with the model's *_net.json beside "
                "them"};
    }
    ProbeAnswer probe(const FileProbe &file) const override
    {
        if (!file.isDirectory) {
            return ProbeAnswer::No;
        }
        const Content content = contentOf(file.path);
        return !content.net.empty() && !content.results.empty() ? ProbeAnswer::Yes
                                                                : ProbeAnswer::No;
    }
    Result<std::shared_ptr<const TensorDump>> load(const fs::path &path,
                                                   const JobContext &job) const override
    {
        const Content content = contentOf(path);
        const auto net = raw::readQnnNet(content.net);
        if (!net) {
            return net.error();
        }
        auto dump = std::make_shared<TensorDump>();
        dump->path = path;
        dump->format = "qnn";
        dump->producer = "qnn-net-run";
        dump->graph = net->graph;
        for (const auto &[number, folder] : content.results) {
            if (job.isCancelled()) {
                return JobContext::cancelledError();
            }
            auto items = itemsOf(folder, *net, dump->diagnostics);
            if (!items.empty()) {
                dump->samples.push_back(
                    std::make_shared<const MemoryTensorStore>(std::move(items)));
            }
        }
        if (dump->samples.empty()) {
            return Error{ErrorCode::BadFormat, dump->diagnostics.empty()
                                                   ? "the folder has no raw files of the model"
                                                   : dump->diagnostics.front().text};
        }
        return std::shared_ptr<const TensorDump>(std::move(dump));
    }

private:
    static std::vector<MemoryTensorStore::Item> itemsOf(const fs::path &folder,
                                                        const raw::QnnNet &net, Diagnostics &notes)
    {
        std::vector<MemoryTensorStore::Item> items;
        ExternalDataFiles files(folder / "file");
        for (const fs::path &path : contentsOf(folder)) {
            if (path.extension() != ".raw") {
                continue;
            }
            auto item = itemOf(path, net, files);
            if (item) {
                items.push_back(*std::move(item));
            } else {
                notes.push_back({Diagnostic::Severity::Warning, path.filename().string(),
                                 "the file is not used: " + item.error().message});
            }
        }
        return items;
    }

    /// Native files hold the elements as the model has them, others float32.
    static Result<MemoryTensorStore::Item> itemOf(const fs::path &path, const raw::QnnNet &net,
                                                  ExternalDataFiles &files)
    {
        std::string stem = path.stem().string();
        auto known = net.tensors.find(stem);
        const bool isNative = known == net.tensors.end() && stem.ends_with(kNative);
        if (isNative) {
            stem.resize(stem.size() - kNative.size());
            known = net.tensors.find(stem);
        }
        if (known == net.tensors.end()) {
            return Error{ErrorCode::BadFormat, "the model has no tensor of that name"};
        }
        raw::RawTensor tensor{known->second, path.filename().string()};
        if (!isNative) {
            tensor.entry.info.dtype = DType::Float32;
            tensor.entry.info.quantization = nullptr;
        }
        return raw::openRaw(tensor, files);
    }
};

} // namespace

std::unique_ptr<TensorLoader> makeQnnLoader()
{
    return std::make_unique<QnnLoader>();
}

} // namespace syncpoint
