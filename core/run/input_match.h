#pragma once
#include "core/base/diagnostic.h"
#include "core/run/sample_split.h"
#include "core/tensor/tensor_store.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace syncpoint {

/// Which tensor of a file feeds which input.
struct InputMatch
{
    std::map<std::size_t, TensorId> tensors; ///< by port
    std::string content;                     ///< what the file has, for messages
    Diagnostics diagnostics;                 ///< every pair that is not by name; arrays left over
};

/// Pairs the ports that are not `decided` with the tensors of `store`: by name; else when type and
/// shape fit exactly one array and it fits only this input; else, when as many arrays as inputs
/// are left, in order with equal types and fitting shapes. `file` is for messages.
InputMatch matchInputs(const std::vector<ModelPort> &ports, const std::set<std::size_t> &decided,
                       const TensorStore &store, const std::string &file, bool rowsAreSamples);

} // namespace syncpoint
