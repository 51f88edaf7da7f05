#pragma once
#include "core/base/result.h"
#include "core/tensor/tensor_dump.h"

#include <memory>
#include <string>
#include <vector>

namespace syncpoint {

/// Part of a dump; empty members leave all in.
struct DumpSelection
{
    std::string only; ///< regular expression (ECMAScript), found anywhere in a tensor's name
    std::vector<TensorEntry::Kind> kinds;
    std::vector<std::size_t> samples; ///< indices, in the order wanted
};

/// The part of the dump, over the same data. Fails at a damaged expression, at samples that the
/// dump lacks and when no tensor is left.
Result<std::shared_ptr<const TensorDump>> selectTensors(std::shared_ptr<const TensorDump> dump,
                                                        const DumpSelection &selection);

} // namespace syncpoint
