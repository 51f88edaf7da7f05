#pragma once
#include "core/formats/loader.h"

#include <memory>

namespace syncpoint {

/// Core ML: `.mlpackage`, `.mlmodel` and compiled `.mlmodelc`; programs and neural networks.
std::unique_ptr<GraphLoader> makeCoreMlLoader();

} // namespace syncpoint
