#include "compare/sweep/mobius_models.h"

#include "core/formats/bounded_json.h"
#include "core/formats/json_fields.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace syncpoint {

namespace {
namespace fs = std::filesystem;

constexpr std::size_t kMostEntries = 1000; // of a folder that is looked through

/// A name from a report that stays in the folder it is put into.
bool isPlainName(const fs::path &name)
{
    return !name.empty() && !name.has_root_path() && name == name.filename() && name != ".." &&
           name != ".";
}

/// What metadata.json says of the component; empty when it says nothing.
fs::path namedPackage(const fs::path &folder, const std::string &component)
{
    std::error_code ignored;
    const fs::path file = folder / "metadata.json";
    if (!fs::exists(file, ignored)) {
        return {};
    }
    const auto json = readBoundedJson(file, {.bytes = std::size_t{16} << 20U, .depth = 32});
    if (!json) {
        return {};
    }
    const fs::path name =
        textOf(objectOf(objectOf(*json, "components"), component.c_str()), "path");
    return isPlainName(name) && fs::exists(folder / name, ignored) ? folder / name : fs::path();
}

std::vector<fs::path> entriesOf(const fs::path &folder)
{
    std::vector<fs::path> entries;
    std::error_code problem;
    for (fs::directory_iterator at(folder, problem);
         !problem && at != fs::directory_iterator() && entries.size() < kMostEntries;
         at.increment(problem)) {
        entries.push_back(at->path());
    }
    std::sort(entries.begin(), entries.end());
    return entries;
}

/// Folders that may hold the float packages, the likeliest first.
std::vector<fs::path> baselineFolders(const fs::path &folder)
{
    std::vector<fs::path> folders{folder / "baseline", folder / "original", folder};
    std::error_code problem;
    const fs::path own = fs::weakly_canonical(folder.empty() ? fs::path(".") : folder, problem);
    for (const fs::path &entry : entriesOf(own.parent_path())) {
        std::error_code ignored;
        if (fs::exists(entry / "metadata.json", ignored)) {
            folders.push_back(entry);
        }
    }
    return folders;
}
} // namespace

fs::path packageIn(const fs::path &folder, const std::string &component)
{
    if (const fs::path named = namedPackage(folder, component); !named.empty()) {
        return named;
    }
    for (const fs::path &entry : entriesOf(folder)) {
        const std::string stem = entry.stem().string();
        const bool isPackage = entry.extension() == ".mlpackage" ||
                               entry.extension() == ".mlmodelc" || entry.extension() == ".onnx";
        if (isPackage && (stem == component || stem.ends_with("_" + component))) {
            return entry;
        }
    }
    return {};
}

void findMobiusModels(SweepOverview &overview, const fs::path &folder)
{
    const auto baselines = baselineFolders(folder);
    for (SweepRow &row : overview.rows) {
        if (!row.model.empty()) {
            continue;
        }
        if (!row.isBaseline) {
            row.model = isPlainName(row.variant) ? packageIn(folder / row.variant, row.component)
                                                 : fs::path();
            continue;
        }
        for (const fs::path &candidate : baselines) {
            row.model = packageIn(candidate, row.component);
            if (!row.model.empty()) {
                break;
            }
        }
    }
}

} // namespace syncpoint
