#pragma once
#include "core/formats/coreml/mil_program.h"
#include "core/formats/coreml/mil_scope.h"

#include <string_view>
#include <vector>

namespace syncpoint {

/// One parameter of an op and what it is bound to: a value, a constant, or a list of them.
struct MilGiven
{
    std::string_view parameter;
    std::vector<const MilValue *> constants; ///< null where it is computed
    std::vector<std::string_view> names;     ///< parallel; empty for values written in place

    /// True for an input of the op, false for what configures it.
    bool isOperand() const;
};

/// All that the op is given, data first (see operandRank()).
std::vector<MilGiven> givenTo(const MilOperation &operation, const MilFrame &frame);

} // namespace syncpoint
