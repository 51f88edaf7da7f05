#include "viewers/graph/scene_selection.h"

#include <QStringList>

namespace syncpoint {
namespace {

/// What an item means on one side, whatever is expanded.
struct Target
{
    std::uint32_t leaf = GraphOutline::kNone;
    std::uint32_t group = GraphOutline::kNone;
};

const Graph *baselineOf(const GraphScene &scene)
{
    return scene.result ? scene.result->baseline.graph.get() : nullptr;
}

ModuleId moduleWithPath(const Graph *graph, const std::string &path)
{
    for (std::size_t m = 0; graph != nullptr && m < graph->modules().size(); ++m) {
        if (graph->modules()[m].path == path) {
            return ModuleId{m};
        }
    }
    return {};
}

/// Items name modules of the baseline.
ModuleId moduleOnSide(const GraphScene &scene, ModuleId module)
{
    const Graph *baseline = baselineOf(scene);
    if (scene.side == Side::Baseline || baseline == nullptr ||
        module.index() >= baseline->modules().size()) {
        return module;
    }
    return moduleWithPath(scene.outline->graph.get(), baseline->module(module).path);
}

NodeId nodeOf(const GraphScene &scene, const Selection::Item &item)
{
    if (item.side == scene.side && item.node.isValid()) {
        return item.node;
    }
    if (!scene.result || !item.point.isValid() ||
        item.point.index() >= scene.result->alignment.points.size()) {
        return {};
    }
    const SyncPoint &point = scene.result->alignment.point(item.point);
    return scene.side == Side::Baseline ? point.referenceNode : point.candidateNode;
}

ValueId valueOf(const GraphScene &scene, const Selection::Item &item)
{
    if (item.side == scene.side) {
        return item.value;
    }
    if (!scene.result || !item.point.isValid() ||
        item.point.index() >= scene.result->alignment.points.size()) {
        return {};
    }
    const SyncPoint &point = scene.result->alignment.point(item.point);
    return scene.side == Side::Baseline ? point.reference : point.candidate;
}

Target targetOf(const GraphScene &scene, const Selection::Item &item)
{
    const GraphOutline &outline = *scene.outline;
    Target target;
    const NodeId node = nodeOf(scene, item);
    if (node.isValid() && node.index() < outline.leafOfNode.size()) {
        target.leaf = outline.leafOfNode[node.index()];
    } else if (item.module.isValid() && baselineOf(scene) != nullptr) {
        target.group = outline.groupOfModule(moduleOnSide(scene, item.module));
    }
    const ValueId value = valueOf(scene, item);
    for (std::uint32_t leaf = 0;
         target.leaf == GraphOutline::kNone && value.isValid() && leaf < outline.leaves.size();
         ++leaf) {
        if (outline.leaves[leaf].value == value) {
            target.leaf = leaf;
        }
    }
    return target;
}

SyncPointId pointOf(const GraphScene &scene, const GraphOutline::Leaf &leaf)
{
    if (leaf.node.isValid()) {
        return scene.scores[leaf.node.index()].point;
    }
    if (!scene.result) {
        return {};
    }
    const auto &outcomes = scene.side == Side::Baseline ? scene.result->alignment.reference
                                                        : scene.result->alignment.candidate;
    return leaf.value.index() < outcomes.size() ? outcomes[leaf.value.index()].point
                                                : SyncPointId{};
}

} // namespace

Selection::Item itemOfBox(const GraphScene &scene, std::uint32_t index)
{
    Selection::Item item;
    item.side = scene.side;
    if (index >= scene.boxes.size()) {
        return item;
    }
    const SceneBox &box = scene.boxes[index];
    const GraphOutline &outline = *scene.outline;
    const bool isModule =
        box.kind == SceneBox::Kind::Collapsed || box.kind == SceneBox::Kind::Expanded;
    if (isModule && outline.groups[box.group].module.isValid()) {
        const ModuleId own = outline.groups[box.group].module;
        item.module = scene.side == Side::Baseline
                          ? own
                          : moduleWithPath(baselineOf(scene), outline.graph->module(own).path);
    } else if (box.leaf != GraphOutline::kNone) {
        const GraphOutline::Leaf &leaf = outline.leaves[box.leaf];
        item.node = leaf.node;
        item.value = leaf.value;
        item.point = pointOf(scene, leaf);
    }
    return item;
}

std::uint32_t boxOfItem(const GraphScene &scene, const Selection::Item &item)
{
    const Target target = targetOf(scene, item);
    if (target.leaf != GraphOutline::kNone) {
        return scene.boxOfLeaf[target.leaf];
    }
    return target.group != GraphOutline::kNone && target.group != 0 ? scene.boxOfGroup[target.group]
                                                                    : GraphOutline::kNone;
}

bool openAround(const GraphScene &scene, const Selection::Item &item,
                std::set<std::string> &expanded)
{
    const GraphOutline &outline = *scene.outline;
    const Target target = targetOf(scene, item);
    std::uint32_t group = 0;
    if (target.leaf != GraphOutline::kNone) {
        group = outline.leaves[target.leaf].group;
    } else if (target.group != GraphOutline::kNone && target.group != 0) {
        group = outline.groups[target.group].parent;
    }
    bool changed = false;
    for (; group != 0 && group != GraphOutline::kNone; group = outline.groups[group].parent) {
        changed = expanded.insert(outline.groups[group].key).second || changed;
    }
    return changed;
}

QStringList trailOf(const GraphScene &scene, std::uint32_t box)
{
    QStringList trail;
    for (; box != 0 && box < scene.boxes.size(); box = scene.boxes[box].parent) {
        trail.prepend(scene.boxes[box].title);
    }
    return trail;
}

std::uint32_t groupWithKey(const GraphOutline &outline, const std::string &key)
{
    for (std::uint32_t g = 0; g < outline.groups.size(); ++g) {
        if (outline.groups[g].key == key) {
            return g;
        }
    }
    return GraphOutline::kNone;
}

} // namespace syncpoint
