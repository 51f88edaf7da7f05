#include "compare/session/side_loading.h"

#include "core/formats/hdf5/dump_reader.h"
#include "core/formats/registry.h"
#include "core/launch/runner_client.h"
#include "core/placement/place_rows.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace syncpoint {

namespace {
/// Tensors of the dump that are values of the graph, as a share of all it has.
double sharedNames(const Graph &graph, const TensorDump &dump)
{
    if (dump.samples.empty() || dump.samples.front()->entries().empty()) {
        return 0.0;
    }
    const auto entries = dump.samples.front()->entries();
    std::size_t known = 0;
    for (const TensorEntry &entry : entries) {
        known += graph.findValue(entry.name) ? 1U : 0U;
    }
    return static_cast<double>(known) / static_cast<double>(entries.size());
}

/// Nothing in common is an error; little in common is worth a warning, because the numbers of
/// another model under equal names would look like a conversion error.
Result<void> checkBelonging(LoadedSide &loaded, const std::filesystem::path &dumpPath)
{
    constexpr double kSuspiciousShare = 0.5;
    const double share = sharedNames(*loaded.side.graph, *loaded.side.dump);
    if (share <= 0.0) {
        return Error{ErrorCode::BadInput,
                     fmt::format("{} holds no tensor of {}: they do not belong together",
                                 dumpPath.string(), loaded.model.string())};
    }
    if (share < kSuspiciousShare) {
        loaded.diagnostics.push_back(
            {Diagnostic::Severity::Warning, dumpPath.string(),
             fmt::format("only {:.0f} % of its tensors are values of {}: it may be the dump of "
                         "another model",
                         100.0 * share, loaded.model.string())});
    }
    return {};
}

void append(Diagnostics &all, const Diagnostics &more)
{
    all.insert(all.end(), more.begin(), more.end());
}

Result<void> loadModel(LoadedSide &loaded, const std::filesystem::path &path, const JobContext &job)
{
    auto graph = loadGraph(path, job);
    if (!graph) {
        return graph.error();
    }
    loaded.model = path;
    loaded.side.path = path.string();
    loaded.side.graph = std::move(graph).value();
    return {};
}

Result<void> attachDump(LoadedSide &loaded, const std::filesystem::path &path,
                        const JobContext &job)
{
    auto dump = loadDump(path, job);
    if (!dump) {
        return dump.error();
    }
    loaded.side.dump = std::move(dump).value();
    append(loaded.diagnostics, loaded.side.dump->diagnostics);
    if (loaded.side.graph) {
        return checkBelonging(loaded, path);
    }
    if (!loaded.side.dump->graph) {
        return Error{ErrorCode::BadInput,
                     fmt::format("{} carries no graph: give its model as well", path.string())};
    }
    loaded.side.graph = loaded.side.dump->graph;
    loaded.side.path = path.string();
    return {};
}

/// What stands in the model's place when no dump is named: a model, or a dump with its graph.
Result<bool> isDump(const std::filesystem::path &path)
{
    const auto kind = kindOfFile(path);
    if (!kind) {
        return kind.error();
    }
    return *kind == FileKind::Dump;
}
} // namespace

Result<LoadedSide> loadSide(const SideConfig &config, const JobContext &job)
{
    LoadedSide loaded;
    auto dump = config.dump;
    if (config.model) {
        const auto standsIn = isDump(*config.model);
        if (!standsIn) {
            return standsIn.error();
        }
        if (*standsIn && dump) {
            return Error{ErrorCode::BadInput,
                         fmt::format("{} is a dump, and {} is given as its dump: give one of them",
                                     config.model->string(), dump->string())};
        }
        if (*standsIn) {
            dump = config.model;
        } else if (const auto done = loadModel(loaded, *config.model, job); !done) {
            return done.error();
        }
    }
    if (dump) {
        if (const auto done = attachDump(loaded, *dump, job); !done) {
            return done.error();
        }
    }
    if (!loaded.side.graph) {
        return Error{ErrorCode::BadInput, "a side of the comparison names no model and no dump"};
    }
    for (const Diagnostic &note : loaded.side.graph->diagnostics()) {
        loaded.diagnostics.push_back(note);
    }
    for (const std::filesystem::path &report : config.placements) {
        auto rows = loadPlacementRows(report);
        if (!rows) {
            return rows.error();
        }
        loaded.placementRows.insert(loaded.placementRows.end(), rows->begin(), rows->end());
    }
    return loaded;
}

void placeReports(LoadedSide &loaded)
{
    if (loaded.placementRows.empty()) {
        return;
    }
    OpPlacements placements;
    placeRows(*loaded.side.graph, loaded.placementRows, placements);
    if (!placements.unmatched.empty()) {
        constexpr std::size_t kMostNamed = 20;
        const auto &names = placements.unmatched;
        const std::size_t named = std::min(kMostNamed, names.size());
        loaded.diagnostics.push_back(
            {Diagnostic::Severity::Warning, "placement",
             fmt::format(
                 "{} of {} rows name no op of {}: {}{}", names.size(), loaded.placementRows.size(),
                 loaded.side.path,
                 fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(named), ", "),
                 named < names.size() ? ", …" : "")});
    }
    loaded.side.placements = std::make_shared<const OpPlacements>(std::move(placements));
}

Result<void> runSide(LoadedSide &loaded, const SideConfig &side, const SessionConfig &config,
                     const RunPlan &plan, const JobContext &job)
{
    RunRequest request;
    request.model = loaded.model;
    request.output = plan.folder / fmt::format("{}.h5", plan.name);
    request.inputs = config.inputs;
    request.inputs.twins = plan.twins;
    request.optimize = side.optimize;
    request.provider = side.provider;
    request.standalone = false; // the model's own graph is at hand
    request.warmup = config.warmup;
    request.repeat = config.repeat;
    request.repeatCapture = config.repeatCapture;
    request.threads = plan.threads;
    const auto outcome = RunnerClient(plan.runner).run(request, job);
    if (!outcome) {
        // Ctrl+C also reaches the child, whose death must not pass for a crash of the runtime.
        return job.isCancelled() ? JobContext::cancelledError() : outcome.error();
    }
    append(loaded.diagnostics, outcome->diagnostics);
    if (!outcome->optimizedModel.empty()) {
        auto graph = loadGraph(plan.folder / outcome->optimizedModel, job);
        if (!graph) {
            return graph.error().withContext(
                fmt::format("the model as the runtime rewrote {}", loaded.model.string()));
        }
        loaded.side.graph = std::move(graph).value();
    }
    auto dump = readDump(request.output, job);
    if (!dump) {
        return dump.error().withContext(request.output.string());
    }
    loaded.side.dump = std::move(dump).value();
    append(loaded.diagnostics, loaded.side.dump->diagnostics);
    return {};
}

} // namespace syncpoint
