#pragma once
#include "compare/align/pairing.h"

#include <optional>

namespace syncpoint {

/// The members of a class pair whose tensors are compared, and what makes them comparable.
struct ComparedMembers
{
    ValueId reference;
    ValueId candidate;
    Transform transform;
};

/// Prefers the graph outputs themselves, then members of equal name, then the roots; a pinned pair
/// is taken as it is. Of a member that is quantized right away the dequantized form is taken: that
/// is what the rest of the model sees. Nothing when every candidate member is stored in a blocked
/// layout that no transform describes.
std::optional<ComparedMembers> chooseMembers(const Pairing &pairing, const ClassPair &pair);

} // namespace syncpoint
