#pragma once
#include "compare/metric/severity.h"

#include <QColor>
#include <QIcon>
#include <QString>

namespace syncpoint {

/// The stroke icon resources/icons/<name>.svg drawn in `color`, and in `disabled` when disabled.
/// A null icon when there is no such file.
QIcon strokeIcon(const QString &name, const QColor &color, const QColor &disabled);

/// Dot for ok, triangle for warn, square for bad.
QIcon severityShape(Severity severity, const QColor &color);

} // namespace syncpoint
