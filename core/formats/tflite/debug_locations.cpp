#include "core/formats/tflite/debug_locations.h"

#include "core/formats/flatbuffer.h"

#include <cstdint>
#include <debug_metadata_generated.h>

namespace syncpoint {

namespace {
using namespace tflite_debug;

constexpr std::size_t kMostLocations = 256; // followed per op: they may refer to one another
constexpr std::size_t kMostFrames = 64;
constexpr std::size_t kLongestText = 4096;

template <typename T>
const T *elementAt(const flatbuffers::Vector<flatbuffers::Offset<T>> *list, std::int64_t index)
{
    const bool exists = index >= 0 && static_cast<std::size_t>(index) < countOf(list);
    return exists ? list->Get(static_cast<std::uint32_t>(index)) : nullptr;
}

const Location *locationAt(const ConversionDebugMetadata &metadata, std::uint32_t index)
{
    const auto *types = metadata.attributes_type();
    const bool isLocation = index < countOf(types) && index < countOf(metadata.attributes()) &&
                            types->Get(index) == Attribute_Location;
    return isLocation ? metadata.attributes()->GetAs<Location>(index) : nullptr;
}
} // namespace

TfliteDebugLocations::TfliteDebugLocations(std::span<const std::byte> bytes)
{
    const bool isAligned = reinterpret_cast<std::uintptr_t>(bytes.data()) % 8 == 0;
    const auto *root = isAligned ? checkedFlatbuffer<DebugMetadata>(bytes, nullptr) : nullptr;
    if (root == nullptr) {
        return;
    }
    for (std::size_t i = 0; i < countOf(root->debug_metadata_type()); ++i) {
        const auto index = static_cast<std::uint32_t>(i);
        if (root->debug_metadata_type()->Get(index) == DebugMetadataType_ConversionDebugMetadata) {
            m_metadata = root->debug_metadata()->GetAs<ConversionDebugMetadata>(index);
            return;
        }
    }
}

TfliteDebugLocations::Place TfliteDebugLocations::placeOf(std::int64_t subgraph,
                                                          std::int64_t op) const
{
    Place place;
    if (m_metadata == nullptr) {
        return place;
    }
    const auto *ofGraph = elementAt(m_metadata->subgraphs_debug_metadata(), subgraph);
    const auto *ofOp =
        ofGraph == nullptr ? nullptr : elementAt(ofGraph->operators_debug_metadata(), op);
    if (ofOp == nullptr) {
        return place;
    }
    const auto *indices = ofOp->attribute_metadata_indexes();
    for (std::size_t i = 0; i < countOf(indices) && i < kMostLocations; ++i) {
        follow(indices->Get(static_cast<std::uint32_t>(i)), place);
    }
    return place;
}

void TfliteDebugLocations::follow(std::uint32_t attribute, Place &place) const
{
    std::vector<std::uint32_t> open{attribute}; // the next one last
    for (std::size_t steps = 0; !open.empty() && steps < kMostLocations; ++steps) {
        const Location *location = locationAt(*m_metadata, open.back());
        open.pop_back();
        if (location == nullptr || place.frames.size() >= kMostFrames ||
            place.names.size() >= kMostFrames) {
            continue;
        }
        if (const auto *line = location->location_as_FileLineColLoc()) {
            place.frames.push_back(
                {shortText(line->filename(), kLongestText), line->line(), line->column(), ""});
        } else if (const auto *name = location->location_as_NameLoc()) {
            place.names.push_back(shortText(name->name(), kLongestText));
            open.push_back(name->child_index());
        } else if (const auto *call = location->location_as_CallSiteLoc()) {
            open.push_back(call->caller_index());
            open.push_back(call->callee_index()); // the inner frame comes first
        } else if (const auto *fused = location->location_as_FusedLoc()) {
            const auto *parts = fused->location_indexes();
            for (std::size_t i = std::min(countOf(parts), kMostLocations); i-- > 0;) {
                open.push_back(parts->Get(static_cast<std::uint32_t>(i)));
            }
        } else if (const auto *opaque = location->location_as_OpaqueLoc()) {
            open.push_back(opaque->fallback_location_index());
        }
    }
}

} // namespace syncpoint
