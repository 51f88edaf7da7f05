#pragma once
#include "fault_net.h"

namespace syncpoint::faults {

/// One way in which a conversion goes wrong. `plant` spoils the op at a position of `net.ops` with
/// a strength up to 1; false when that op cannot have this fault.
struct FaultKind
{
    std::string name;
    bool (*plant)(QuantizedNet &net, std::size_t op, float strength, Random &random);
    bool isGradual = true; ///< else the strength changes nothing
};
/// Every kind: a new one is one function and one line.
std::vector<FaultKind> faultKinds();

} // namespace syncpoint::faults
