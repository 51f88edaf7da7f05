#pragma once
#include "core/graph/source_location.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace syncpoint::tflite_debug {
struct ConversionDebugMetadata;
} // namespace syncpoint::tflite_debug

namespace syncpoint {

/// Where ops come from, when the converter stored it (`serialize-debug-metadata`).
class TfliteDebugLocations
{
public:
    /// No locations at all.
    TfliteDebugLocations() = default;
    /// `bytes`, the buffer of the metadata entry, must outlive this. Bytes that are no debug
    /// metadata give no locations.
    explicit TfliteDebugLocations(std::span<const std::byte> bytes);

    bool isEmpty() const { return m_metadata == nullptr; }

    struct Place
    {
        std::vector<SourceFrame> frames; ///< innermost first
        std::vector<std::string> names;  ///< of the op in the source program
    };
    /// Of the op with these indices (those the file gives; negative: none).
    Place placeOf(std::int64_t subgraph, std::int64_t op) const;

private:
    void follow(std::uint32_t attribute, Place &place) const;

    const tflite_debug::ConversionDebugMetadata *m_metadata = nullptr;
};

} // namespace syncpoint
