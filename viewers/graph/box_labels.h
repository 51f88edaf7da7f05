#pragma once
#include "viewers/graph/graph_scene.h"

namespace syncpoint {

/// Fills title, subtitle, figure and weight rows of a box.
void labelBox(GraphScene &scene, SceneBox &box);

/// The source's name, or how many there are.
QString chipLabel(const GraphScene &scene, const SceneChip &chip);

/// Everything known of a box, as rich text with escaped names.
QString boxTooltip(const GraphScene &scene, std::uint32_t box);

/// "41.3 dB", "exact", "NaN/Inf"; empty when not compared.
QString scoreText(const OpScore &score, const ComparisonResult *result);

/// A share of all introduced error: "22 %"; "–" when nothing is attributed.
QString introducedText(const GraphScene &scene, double introduced);

/// "float32 1×64×56×56".
QString valueType(const Value &value);

} // namespace syncpoint
