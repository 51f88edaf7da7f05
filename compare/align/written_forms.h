#pragma once
#include "compare/align/op_family.h"

#include <string_view>

namespace syncpoint {

/// How an op is written out as several.
struct WrittenForm
{
    std::string_view family;
    /// What it cannot do without: one family of each group, groups separated by commas.
    std::string_view parts;
    std::string_view starts = {}; ///< families of the ops that read its operand when written out
    bool isExhaustive = false;    ///< no other op may be in the region
    bool endsInItself = false;    ///< the last op may be of the family itself
};

/// Null when the op is never written out.
const WrittenForm *writtenFormOf(const OpFamily *family);
const WrittenForm *writtenFormOf(std::string_view family);

/// Whether a word is in a list separated by spaces and commas.
bool listHas(std::string_view list, std::string_view word);

} // namespace syncpoint
