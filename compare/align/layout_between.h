#pragma once
#include "compare/align/sync_point.h"
#include "core/tensor/shape.h"

#include <optional>

namespace syncpoint {

/// Whether the shape is there and none of its extents is open.
bool hasKnownExtents(const std::optional<Shape> &shape);

/// What turns a tensor of shape `other` into one of shape `own`: merged or split axes, or the
/// exchange of channels first and last. Identity when a shape is not known, nothing when neither
/// explains it.
std::optional<Transform> layoutBetween(const std::optional<Shape> &own,
                                       const std::optional<Shape> &other);

} // namespace syncpoint
