#pragma once
#include "core/graph/graph.h"
#include "core/placement/importer.h"
#include "core/tensor/tensor_dump.h"

#include <span>

/// Look at everything that was read, and at a bounded part of the numbers: what the window and a
/// comparison would trip over.
namespace syncpoint::fuzz {

void touch(const Graph &graph);
void touch(const TensorDump &dump);
void touch(std::span<const PlacementRow> rows);

} // namespace syncpoint::fuzz
