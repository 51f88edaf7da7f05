#pragma once
#include "viewers/inspector/inspector_content.h"

namespace syncpoint {

/// Both ops of a selection; a node may be invalid.
struct OpPair
{
    const Graph &baselineGraph;
    const Graph &candidateGraph;
    NodeId baseline;
    NodeId candidate;
};

InspectorSection identitySection(const OpPair &ops);
/// Inputs and outputs slot by slot with dtype and shape.
InspectorSection slotSection(const OpPair &ops);
InspectorSection attributeSection(const OpPair &ops);
InspectorSection weightSection(const OpPair &ops);
/// Extra facts the file has of either op.
InspectorSection metadataSection(const OpPair &ops);

} // namespace syncpoint
