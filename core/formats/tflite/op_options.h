#pragma once
#include "core/graph/attribute.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace syncpoint::tflite {
struct Operator;
} // namespace syncpoint::tflite

namespace syncpoint {

/// What the options of an op say, in the order of the format's description.
struct TfliteOptions
{
    std::vector<Attribute> attributes;
    /// Subgraphs that the op runs, with the name of their role: ("then", 1).
    std::vector<std::pair<std::string, std::int64_t>> bodies;
    std::size_t numbers = 0;   ///< in lists, for CopyBudget
    std::size_t textBytes = 0; ///< likewise
    bool isDamaged = false;    ///< a field leads out of the file; it and what follows is missing
};

/// Reads both option tables of an op that lies in the checked flatbuffer `file`. Options of an
/// unknown kind give nothing.
TfliteOptions optionsOf(const tflite::Operator &op, std::span<const std::byte> file);

} // namespace syncpoint
