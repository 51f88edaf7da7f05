#pragma once
#include "core/base/diagnostic.h"
#include "core/base/job_context.h"
#include "core/graph/graph.h"
#include "core/launch/run_request.h"
#include "core/run/ort_session.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace syncpoint {

/// A model as the runtime rewrote it, read back.
struct RewrittenModel
{
    std::shared_ptr<const Graph> graph;
    std::map<std::string, std::int64_t> freeExtents; ///< what it was fixed to
    Diagnostics diagnostics;
};

/// Lets the runtime rewrite `request.model`, whose graph is `original`, at the level the request
/// asks for, writes the result to `target` and links its ops to the original's
/// (model_annotation.h). The file stays when this fails.
Result<RewrittenModel> rewriteModel(const RunRequest &request, const Graph &original,
                                    const std::shared_ptr<Ort::Env> &runtime,
                                    const SessionSettings &settings,
                                    const std::filesystem::path &target, const JobContext &job);

} // namespace syncpoint
