#pragma once
#include "viewers/inspector/inspector_content.h"

#include <QSet>
#include <QString>

namespace syncpoint {

class Theme;

/// The content as an HTML page for a text browser. Links: "fold:<section>", "point:<index>",
/// "weight:<slot>" and "edit:<id>"; picture "scales" is the plot of scales, "severity" the shape
/// beside the title.
QString inspectorPage(const InspectorContent &content, const QSet<QString> &folded,
                      const Theme &theme);

} // namespace syncpoint
