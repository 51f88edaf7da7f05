#pragma once
#include "ui/theme/theme.h"

#include <QString>
#include <cstdint>

namespace syncpoint {

/// What kind of work an op does, guessed from its type's name in any format: colours the graph.
std::uint8_t opFamilyOf(const QString &opType);
std::size_t opFamilyCount();
QString opFamilyName(std::size_t family);
Theme::Role opFamilyRole(std::size_t family);

} // namespace syncpoint
