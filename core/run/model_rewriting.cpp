#include "core/run/model_rewriting.h"
#include "core/formats/registry.h"
#include "core/run/model_annotation.h"
#include "core/run/model_inputs.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

namespace syncpoint {

namespace {
using FreeExtents = std::map<std::string, std::int64_t>;

/// With the inputs' extents known the runtime resolves shape arithmetic, and with it the conditions
/// of many If ops, whose branches could not be captured.
Result<FreeExtents> freeExtentsOf(const RunRequest &request, const Graph &graph,
                                  const std::shared_ptr<Ort::Env> &runtime,
                                  const SessionSettings &settings, const JobContext &job)
{
    const auto &inputs = graph.mainScope().inputs;
    const bool anyFree = std::any_of(inputs.begin(), inputs.end(), [&graph](ValueId input) {
        const auto &shape = graph.value(input).shape;
        return shape && std::find(shape->begin(), shape->end(), -1) != shape->end();
    });
    if (!anyFree) {
        return FreeExtents();
    }
    const auto session = OrtSession::open(runtime, request.model, {}, settings);
    if (!session) {
        return session.error();
    }
    const auto planned =
        ModelInputs::plan(completed((*session)->inputs(), graph), request.inputs, job);
    if (!planned) {
        return planned.error().withContext(fmt::format("running {}", request.model.string()));
    }
    return planned->freeExtents();
}
} // namespace

Result<RewrittenModel> rewriteModel(const RunRequest &request, const Graph &original,
                                    const std::shared_ptr<Ort::Env> &runtime,
                                    const SessionSettings &settings,
                                    const std::filesystem::path &target, const JobContext &job)
{
    job.beginStage("optimizing the model");
    auto extents = freeExtentsOf(request, original, runtime, settings, job);
    if (!extents) {
        return extents.error();
    }
    SessionSettings rewriting = settings;
    rewriting.optimize = request.optimize;
    rewriting.optimizedModel = target;
    rewriting.freeExtents = *extents;
    if (auto session = OrtSession::open(runtime, request.model, {}, rewriting); !session) {
        return session.error();
    }
    auto graph = loadGraph(target, job);
    const auto annotated = graph ? annotateOrigins(target, **graph, original) : graph.error();
    if (!annotated) {
        return annotated.error();
    }
    graph = loadGraph(target, job);
    if (!graph) {
        return graph.error();
    }
    RewrittenModel rewritten{*std::move(graph), *std::move(extents), {}};
    std::vector<std::string> texts;
    for (const auto &[name, extent] : rewritten.freeExtents) {
        texts.push_back(fmt::format("{} = {}", name, extent));
    }
    if (!texts.empty()) {
        rewritten.diagnostics.push_back(
            {Diagnostic::Severity::Info, request.model.string(),
             fmt::format("optimized for {}, as the inputs have it", fmt::join(texts, ", "))});
    }
    rewritten.diagnostics.push_back(
        {Diagnostic::Severity::Info, request.model.string(),
         fmt::format("captured as {} rewrites it at level '{}': the dump belongs to {}",
                     runtimeName(request.provider), optimizationName(request.optimize),
                     target.string())});
    return rewritten;
}

} // namespace syncpoint
