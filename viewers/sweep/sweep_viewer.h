#pragma once
#include "ui/viewer/viewer.h"

#include <memory>

namespace syncpoint {

std::unique_ptr<Viewer> makeSweepViewer(const ViewerContext &context);

} // namespace syncpoint
