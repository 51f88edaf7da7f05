#pragma once
#include "core/formats/loader.h"

#include <memory>

namespace syncpoint {

/// Models in OpenVINO's intermediate representation.
std::unique_ptr<GraphLoader> makeOpenVinoLoader();

} // namespace syncpoint
