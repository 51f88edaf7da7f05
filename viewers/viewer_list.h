#pragma once
#include "ui/viewer/viewer.h"

#include <memory>
#include <vector>

namespace syncpoint {

/// Every pane of the window: a new one is one line in viewer_list.cpp.
std::vector<std::unique_ptr<Viewer>> makeViewers(const ViewerContext &context);

} // namespace syncpoint
