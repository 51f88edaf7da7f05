#pragma once
#include "viewers/graph/graph_canvas.h"

#include "core/base/result.h"

namespace syncpoint {

/// Writes a picture: the whole scene at full detail as .svg, or what the canvas shows, at twice its
/// resolution, as .png. The format follows the name. Nothing half-written is left behind.
Result<void> exportPicture(GraphCanvas &canvas, const QString &file);

} // namespace syncpoint
