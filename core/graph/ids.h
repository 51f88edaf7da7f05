#pragma once
#include "core/base/strong_id.h"

namespace syncpoint {

using NodeId = StrongId<struct NodeTag>;
using ValueId = StrongId<struct ValueTag>;
using ScopeId = StrongId<struct ScopeTag>;
using ModuleId = StrongId<struct ModuleTag>;

} // namespace syncpoint
