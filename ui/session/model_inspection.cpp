#include "ui/session/model_inspection.h"

#include "compare/session/side_loading.h"
#include "core/graph/graph_builder.h"

namespace syncpoint {

namespace {

/// Parameters per module with all below it; parents stand before their children.
std::vector<ModuleScore> parametersOf(const Graph &graph)
{
    auto sizes = graph.parameterSizePerModule();
    for (std::size_t i = sizes.size(); i-- > 1;) {
        sizes[graph.modules()[i].parent.index()].parameters += sizes[i].parameters;
    }
    std::vector<ModuleScore> modules(sizes.size());
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        modules[i].module = ModuleId{i};
        modules[i].parameters = sizes[i].parameters;
        if (sizes.front().parameters > 0) {
            modules[i].parameterShare = static_cast<double>(sizes[i].parameters) /
                                        static_cast<double>(sizes.front().parameters);
        }
    }
    return modules;
}

} // namespace

Result<std::shared_ptr<const ComparisonResult>> inspectModel(const SessionConfig &config,
                                                             const JobContext &job)
{
    job.beginStage("loading");
    auto loaded = loadSide(config.baseline, job);
    if (!loaded) {
        return loaded.error();
    }
    auto nothing = GraphBuilder().build();
    if (!nothing) {
        return nothing.error();
    }
    auto result = std::make_shared<ComparisonResult>();
    result->config = config;
    result->baseline = std::move(loaded->side);
    result->candidate.graph = std::move(nothing).value();
    result->samples = result->baseline.dump ? result->baseline.dump->samples.size() : 0;
    result->modules = parametersOf(*result->baseline.graph);
    result->diagnostics = std::move(loaded->diagnostics);
    return std::shared_ptr<const ComparisonResult>(std::move(result));
}

bool hasCandidate(const ComparisonResult &result)
{
    return !result.candidate.path.empty();
}

} // namespace syncpoint
