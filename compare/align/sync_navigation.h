#pragma once
#include "compare/align/alignment.h"
#include "core/graph/graph.h"

#include <string>

namespace syncpoint {

/// The sync points as Model Explorer's mapping file for synchronized navigation: a JSON object from
/// baseline ops to candidate ops by name, ops without a name by their first output. Inputs are left
/// out. readManualMap() takes such files.
std::string syncNavigationJson(const Graph &baseline, const Graph &candidate,
                               const Alignment &alignment);

} // namespace syncpoint
