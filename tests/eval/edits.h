#pragma once
#include "net.h"

#include <string>
#include <vector>

namespace syncpoint::eval {

/// One kind of change; edits the candidate and keeps the truth right.
struct Edit
{
    std::string name;
    void (*apply)(Net &net, Truth &truth, Random &random); ///< null: only names change
};
std::vector<Edit> edits();
/// Kept aside while the alignment is developed: only the final figures look at them.
std::vector<Edit> heldBackEdits();

/// Gives every value a random name.
void scramble(Net &net, Truth &truth, Random &random);

} // namespace syncpoint::eval
