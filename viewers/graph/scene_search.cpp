#include "viewers/graph/scene_search.h"

#include <QStringList>
#include <algorithm>

namespace syncpoint {

FoundOps findOps(const GraphScene &scene, const QString &words)
{
    FoundOps found;
    const QStringList parts = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    const GraphOutline &outline = *scene.outline;
    for (std::uint32_t leaf = 0; !parts.isEmpty() && leaf < outline.leaves.size(); ++leaf) {
        const NodeId id = outline.leaves[leaf].node;
        if (!id.isValid()) {
            continue;
        }
        const QString text = QString::fromStdString(outline.graph->node(id).opType + ' ' +
                                                    outline.graph->displayName(id));
        if (std::all_of(parts.begin(), parts.end(), [&text](const QString &part) {
                return text.contains(part, Qt::CaseInsensitive);
            })) {
            ++found.ops;
            found.boxes.insert(scene.boxOfLeaf[leaf]);
        }
    }
    return found;
}

std::uint32_t nextMarked(const GraphScene &scene, const std::set<std::uint32_t> &marked,
                         std::uint32_t from)
{
    constexpr std::uint32_t kNone = GraphOutline::kNone;
    const auto order = [&scene](std::uint32_t b) { return std::pair(scene.boxes[b].order, b); };
    std::uint32_t next = kNone;
    std::uint32_t first = kNone;
    for (const std::uint32_t b : marked) {
        if (first == kNone || order(b) < order(first)) {
            first = b;
        }
        const bool isAfter = from >= scene.boxes.size() || order(b) > order(from);
        if (isAfter && (next == kNone || order(b) < order(next))) {
            next = b;
        }
    }
    return next == kNone ? first : next;
}

std::uint32_t nextOfKind(const GraphScene &scene, SceneBox::Kind kind, std::uint32_t from)
{
    std::set<std::uint32_t> boxes;
    for (std::uint32_t b = 0; b < scene.boxes.size(); ++b) {
        if (scene.boxes[b].kind == kind) {
            boxes.insert(b);
        }
    }
    const bool isOnOne = boxes.contains(from);
    return nextMarked(scene, boxes, isOnOne ? from : GraphOutline::kNone);
}

} // namespace syncpoint
