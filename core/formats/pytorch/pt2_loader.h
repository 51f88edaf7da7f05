#pragma once
#include "core/formats/loader.h"

namespace syncpoint {

/// Programs that torch.export.save() wrote. No code of the file is run.
std::unique_ptr<GraphLoader> makePt2Loader();

} // namespace syncpoint
