#pragma once
#include "viewers/graph/graph_scene.h"

#include <set>

namespace syncpoint {

struct FoundOps
{
    std::set<std::uint32_t> boxes; ///< a collapsed module stands for the ops in it
    std::size_t ops = 0;
};
/// Ops whose type or name contains all words; none for an empty text.
FoundOps findOps(const GraphScene &scene, const QString &words);

/// The marked box after `from` in execution order, from the first again at the end; kNone when
/// nothing is marked.
std::uint32_t nextMarked(const GraphScene &scene, const std::set<std::uint32_t> &marked,
                         std::uint32_t from);

/// The next model input or output after `from`, round and round; kNone when there is none.
std::uint32_t nextOfKind(const GraphScene &scene, SceneBox::Kind kind, std::uint32_t from);

} // namespace syncpoint
