#pragma once
#include "compare/align/aligner.h"
#include "core/base/diagnostic.h"
#include "core/graph/graph.h"
#include "core/launch/input_source.h"

#include <map>
#include <string>

namespace syncpoint {

/// Which inputs of the candidate get the numbers of which of the baseline's, where name or position
/// differ: pairs of `map` first, then equal names, then the first left of equal type and fitting
/// shape, with a warning. Inputs without a twin are warned of.
struct InputTwins
{
    std::map<std::string, InputTwin> twins; ///< by the candidate's name
    Diagnostics diagnostics;
};
InputTwins twinInputs(const Graph &baseline, const Graph &candidate, const ManualMap &map);

} // namespace syncpoint
