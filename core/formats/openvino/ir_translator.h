#pragma once
#include "core/base/job_context.h"
#include "core/base/result.h"
#include "core/formats/external_data.h"
#include "core/graph/graph_builder.h"

#include <pugixml.hpp>
#include <string>

namespace syncpoint {

/// Fills `builder` with the <net>. Constants are views of `weights`, a file among `files`; without
/// it they are known by type and shape only. The error names the layer.
Result<void> translateIr(const pugi::xml_node &net, ExternalDataFiles &files,
                         const std::string &weights, GraphBuilder &builder, const JobContext &job);

} // namespace syncpoint
