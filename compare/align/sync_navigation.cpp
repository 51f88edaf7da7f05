#include "compare/align/sync_navigation.h"

#include <nlohmann/json.hpp>

namespace syncpoint {
namespace {

std::string idOf(const Graph &graph, NodeId node, ValueId value)
{
    const std::string &name = graph.node(node).name;
    return name.empty() ? graph.qualifiedName(value) : name;
}

} // namespace

std::string syncNavigationJson(const Graph &baseline, const Graph &candidate,
                               const Alignment &alignment)
{
    auto mapping = nlohmann::ordered_json::object();
    for (const SyncPoint &point : alignment.points) {
        if (!point.referenceNode.isValid() || !point.candidateNode.isValid()) {
            continue;
        }
        const auto key = idOf(baseline, point.referenceNode, point.referenceClass.front());
        if (!mapping.contains(key)) { // the first result stands for an op of several
            mapping[key] = idOf(candidate, point.candidateNode, point.candidateClass.front());
        }
    }
    const nlohmann::ordered_json document = {{"type", "sync_navigation"},
                                             {"mapping", std::move(mapping)},
                                             {"disableMappingFallback", true}};
    constexpr auto kReplaceBadUtf8 = nlohmann::ordered_json::error_handler_t::replace;
    return document.dump(1, ' ', false, kReplaceBadUtf8) + "\n";
}

} // namespace syncpoint
