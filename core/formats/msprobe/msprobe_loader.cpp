#include "core/formats/msprobe/msprobe_loader.h"

#include "core/base/byte_reader.h"
#include "core/base/number_text.h"
#include "core/formats/msprobe/api_store.h"
#include "core/formats/msprobe/dump_reader.h"
#include "core/formats/msprobe/graph_of_calls.h"
#include "core/formats/msprobe/stack_file.h"

#include <algorithm>
#include <fmt/format.h>

namespace syncpoint {
namespace {

namespace fs = std::filesystem;

constexpr const char *kDump = "dump.json";
constexpr std::size_t kMostSteps = 10'000;

bool looksLikeDump(std::string_view start)
{
    return start.find("\"task\"") != std::string_view::npos &&
           start.find("\"data\"") != std::string_view::npos &&
           start.find("\"dump_data_dir\"") != std::string_view::npos;
}

std::vector<fs::path> foldersIn(const fs::path &folder)
{
    std::vector<fs::path> folders;
    std::error_code problem;
    for (fs::directory_iterator at(folder, problem);
         !problem && at != fs::directory_iterator() && folders.size() < kMostSteps;
         at.increment(problem)) {
        if (at->is_directory(problem)) {
            folders.push_back(at->path());
        }
    }
    std::sort(folders.begin(), folders.end());
    return folders;
}

/// The number of "step12".
std::optional<std::size_t> stepOf(const fs::path &folder)
{
    return numberAfter("step", folder.filename().string());
}

/// The folders with a dump.json in order of their steps; of several ranks the first.
std::vector<fs::path> stepFolders(const fs::path &path)
{
    std::error_code ignored;
    if (fs::is_regular_file(path / kDump, ignored)) {
        return {path};
    }
    std::vector<std::pair<std::size_t, fs::path>> steps;
    for (const fs::path &folder : foldersIn(path)) {
        const auto step = stepOf(folder);
        auto ranks = step ? foldersIn(folder) : std::vector<fs::path>();
        ranks.insert(ranks.begin(), folder);
        const auto rank = std::find_if(ranks.begin(), ranks.end(), [&](const fs::path &each) {
            return fs::is_regular_file(each / kDump, ignored);
        });
        if (step && rank != ranks.end()) {
            steps.emplace_back(*step, *rank);
        }
    }
    std::sort(steps.begin(), steps.end());
    std::vector<fs::path> out;
    for (auto &[number, folder] : steps) {
        out.push_back(std::move(folder));
    }
    return out;
}

void append(std::vector<msprobe::ApiTensor> &tensors, std::vector<msprobe::ApiStore::Item> &items)
{
    for (msprobe::ApiTensor &tensor : tensors) {
        items.push_back({std::move(tensor.entry), std::move(tensor.file), tensor.summary});
    }
}

class MsprobeLoader final : public TensorLoader
{
public:
    FormatInfo format() const override
    {
        return {"msprobe", "msprobe dump", "dump.json",
                "tensors and statistics of every call, modules, source lines, steps as samples"};
    }

    ProbeAnswer probe(const FileProbe &file) const override
    {
        if (!file.isDirectory) {
            return looksLikeDump(asText(file.start)) ? ProbeAnswer::Yes : ProbeAnswer::No;
        }
        const auto steps = stepFolders(file.path);
        const auto start = steps.empty() ? steps.end() : steps.begin();
        if (start == steps.end()) {
            return ProbeAnswer::No;
        }
        const auto inside = FileProbe::of(*start / kDump);
        return inside ? probe(*inside) : ProbeAnswer::No;
    }

    Result<std::shared_ptr<const TensorDump>> load(const fs::path &path,
                                                   const JobContext &job) const override
    {
        std::error_code ignored;
        const auto steps = stepFolders(fs::is_directory(path, ignored) ? path : path.parent_path());
        auto dump = std::make_shared<TensorDump>();
        dump->path = path;
        dump->format = "msprobe";
        job.beginStage("reading the steps", steps.size());
        for (const fs::path &step : steps) {
            if (job.isCancelled()) {
                return JobContext::cancelledError();
            }
            if (auto added = addStep(step, *dump); !added) {
                return added.error().withContext(step.filename().string());
            }
            job.advance();
        }
        if (dump->samples.empty()) {
            return Error{ErrorCode::BadFormat, "the folder has no dump.json"};
        }
        return std::shared_ptr<const TensorDump>(std::move(dump));
    }

private:
    static Result<void> addStep(const fs::path &folder, TensorDump &dump)
    {
        auto step = msprobe::readStepDump(folder / kDump);
        if (!step) {
            return step.error();
        }
        if (!dump.graph) { // every step has the same calls
            auto graph =
                msprobe::graphOfCalls(*step, msprobe::readParents(folder / "construct.json"),
                                      msprobe::readStacks(folder / "stack.json"));
            if (!graph) {
                return graph.error();
            }
            dump.graph = *std::move(graph);
            dump.producer = "msprobe";
            dump.runtime = step->framework;
        }
        std::vector<msprobe::ApiStore::Item> items;
        for (msprobe::ApiCall &call : step->calls) {
            append(call.inputs, items);
            append(call.parameters, items);
            append(call.outputs, items);
        }
        noteStatistics(items, dump);
        dump.samples.push_back(std::make_shared<const msprobe::ApiStore>(
            folder / "dump_tensor_data", std::move(items)));
        return {};
    }

    static void noteStatistics(const std::vector<msprobe::ApiStore::Item> &items, TensorDump &dump)
    {
        const auto count = std::count_if(items.begin(), items.end(),
                                         [](const auto &item) { return item.summary.has_value(); });
        if (count > 0 && dump.samples.empty()) {
            dump.diagnostics.push_back(
                {Diagnostic::Severity::Info, "",
                 fmt::format("of {} of {} tensors the dump holds only max, min, mean and norm: "
                             "scores are the best that agree with these",
                             count, items.size())});
        }
    }
};

} // namespace

std::unique_ptr<TensorLoader> makeMsprobeLoader()
{
    return std::make_unique<MsprobeLoader>();
}

} // namespace syncpoint
