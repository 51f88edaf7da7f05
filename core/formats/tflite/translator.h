#pragma once
#include "core/base/job_context.h"
#include "core/base/mapped_file.h"
#include "core/base/result.h"
#include "core/formats/tflite/signatures.h"
#include "core/graph/graph_builder.h"

namespace syncpoint {

/// Fills `builder` with the checked model that lies in `file`. Subgraph 0 keeps its names; further
/// entry points stand beside it in the main scope, with their name before names and modules.
/// Subgraphs that ops run become bodies of these ops, once per op. Whatever the file can ask for
/// many times over (bodies, lists, names) is bounded.
Result<void> translateTfliteModel(const tflite::Model &model,
                                  const std::shared_ptr<const MappedFile> &file,
                                  const TfliteSignatures &signatures, GraphBuilder &builder,
                                  const JobContext &job);

} // namespace syncpoint
