#pragma once
#include "core/base/result.h"
#include "core/formats/msprobe/dump_reader.h"
#include "core/formats/msprobe/stack_file.h"
#include "core/graph/graph.h"

#include <map>
#include <memory>

namespace syncpoint::msprobe {

/// The call each call was made in; "" for the outermost ones.
using Parents = std::map<std::string, std::string, std::less<>>;

/// Reads a construct.json; empty when there is none or it cannot be read.
Parents readParents(const std::filesystem::path &file);

/// Calls that made no others as ops. An input is the value of the latest output with its
/// fingerprint, else an input of the graph; gradients of parameters read what the call before gave.
Result<std::shared_ptr<const Graph>> graphOfCalls(const StepDump &dump, const Parents &parents,
                                                  const Stacks &stacks);

} // namespace syncpoint::msprobe
