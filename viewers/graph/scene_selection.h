#pragma once
#include "viewers/graph/graph_scene.h"

#include "ui/session/selection.h"

#include <set>

namespace syncpoint {

/// Between the boxes of one scene and what the selection bus says.

/// The bus item for a box; nothing selected for kNone and the background.
Selection::Item itemOfBox(const GraphScene &scene, std::uint32_t box);

/// The box that shows an item on the scene's side: its own, or the collapsed module that hides it;
/// kNone when that side has no part in it.
std::uint32_t boxOfItem(const GraphScene &scene, const Selection::Item &item);

/// Adds the keys of all groups that must be open for the item to have a box of its own; true when
/// one was missing.
bool openAround(const GraphScene &scene, const Selection::Item &item,
                std::set<std::string> &expanded);

/// Titles of the modules around a box and its own, outermost first.
QStringList trailOf(const GraphScene &scene, std::uint32_t box);

/// kNone when no group has that key.
std::uint32_t groupWithKey(const GraphOutline &outline, const std::string &key);

} // namespace syncpoint
