#include "core/formats/npy/npy_folder_loader.h"

#include "core/formats/npy/npy_store.h"

#include <algorithm>
#include <new>

namespace syncpoint {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 1'000'000;
constexpr int kMostDepth = 64;

/// Paths of the .npy files below `folder`, sorted. Links are not followed: they may leave the
/// folder or form cycles.
Result<std::vector<fs::path>> npyFiles(const fs::path &folder, const JobContext &job)
{
    std::vector<fs::path> files;
    std::error_code problem;
    fs::recursive_directory_iterator at(folder, problem);
    std::size_t seen = 0;
    for (; !problem && at != fs::recursive_directory_iterator(); at.increment(problem)) {
        if (job.isCancelled()) {
            return JobContext::cancelledError();
        }
        if (++seen > kMostFiles) {
            return Error{ErrorCode::Limit, "the folder has more than a million entries"};
        }
        const fs::file_status status = at->symlink_status(problem);
        if (at.depth() >= kMostDepth) {
            at.disable_recursion_pending();
        }
        if (!problem && fs::is_regular_file(status) && at->path().extension() == ".npy") {
            files.push_back(at->path());
        }
    }
    if (problem) {
        return Error{ErrorCode::Io, "the folder cannot be listed: " + problem.message()};
    }
    std::sort(files.begin(), files.end());
    return files;
}

bool holdsNpyFile(const fs::path &folder)
{
    constexpr int kLooks = 1000; // a probe has to be cheap
    std::error_code problem;
    fs::recursive_directory_iterator at(folder, problem);
    for (int i = 0; i < kLooks && !problem && at != fs::recursive_directory_iterator(); ++i) {
        if (at->path().extension() == ".npy") {
            return true;
        }
        at.increment(problem);
    }
    return false;
}

class NpyFolderLoader final : public TensorLoader
{
public:
    FormatInfo format() const override
    {
        return {"npy-folder", "folder of NumPy arrays", "", "every .npy file below the folder"};
    }
    ProbeAnswer probe(const FileProbe &file) const override
    {
        return file.isDirectory && holdsNpyFile(file.path) ? ProbeAnswer::Yes : ProbeAnswer::No;
    }
    Result<std::shared_ptr<const TensorDump>> load(const fs::path &path,
                                                   const JobContext &job) const override
    {
        const auto files = npyFiles(path, job);
        if (!files) {
            return files.error();
        }
        auto dump = std::make_shared<TensorDump>();
        dump->path = path;
        dump->format = "npy-folder";
        job.beginStage("reading the folder", files->size());
        std::vector<NpyItem> items;
        for (const fs::path &file : *files) {
            if (job.isCancelled()) {
                return JobContext::cancelledError();
            }
            const auto header = readNpyHeaderOfFile(file);
            std::string name = file.lexically_relative(path).replace_extension().generic_string();
            if (header) {
                items.push_back(npyFileItem(std::move(name), file, *header));
            } else {
                dump->diagnostics.push_back({Diagnostic::Severity::Warning, std::move(name),
                                             "the file is not used: " + header.error().message});
            }
            job.advance();
        }
        if (items.empty()) {
            return Error{ErrorCode::BadFormat, "the folder has no usable .npy files"};
        }
        dump->samples.push_back(std::make_shared<const NpyTensorStore>(path, std::move(items)));
        return std::shared_ptr<const TensorDump>(std::move(dump));
    }
};

} // namespace

std::unique_ptr<TensorLoader> makeNpyFolderLoader()
{
    return std::make_unique<NpyFolderLoader>();
}

} // namespace syncpoint
