#pragma once
#include "ui/theme/theme.h"

#include <QPalette>
#include <QString>

namespace syncpoint {

/// The colour of a role in one mode.
QColor paletteColor(Theme::Mode mode, Theme::Role role);
/// The same colours as Qt's widgets take them.
QPalette widgetPalette(Theme::Mode mode);
/// What the palette cannot express: tabs, thin separators, table headers, flat tool buttons.
QString widgetStyleSheet(Theme::Mode mode);
/// Contrast ratio after WCAG 2.1, 1–21.
double contrastRatio(const QColor &first, const QColor &second);

} // namespace syncpoint
