#pragma once
#include "fault_net.h"

namespace syncpoint::eval {

/// One way in which a conversion goes wrong. `plant` spoils the op at a position of `net.ops`;
/// false when that op cannot have this fault.
struct FaultKind
{
    std::string name;
    bool (*plant)(QuantizedNet &net, std::size_t op, Random &random);
};
/// Every kind: a new one is one function and one line.
std::vector<FaultKind> faultKinds();

} // namespace syncpoint::eval
