#include "core/formats/openvino/ir_op.h"

#include "core/formats/module_names.h"
#include "core/formats/openvino/ir_attributes.h"

#include <algorithm>

namespace syncpoint {

namespace {
void addAlias(Node &node, std::string name)
{
    constexpr std::size_t kMostAliases = 256; // keeps the search below short
    const bool isNew =
        name != node.name && node.aliases.size() < kMostAliases &&
        std::find(node.aliases.begin(), node.aliases.end(), name) == node.aliases.end();
    if (isNew) {
        node.aliases.push_back(std::move(name));
    }
}

/// Facts of execution graphs stand among the options or in <rt_info>, depending on the version.
void addFact(std::string_view name, std::string_view text, bool isOption, Node &node)
{
    if (name == "fused_names" || name.starts_with("fused_names_")) {
        for (std::string &fused : namesOfIr(text)) {
            addAlias(node, std::move(fused));
        }
    } else if (name == "originalLayersNames") {
        for (std::string &original : namesOfIr(text)) {
            node.origins.push_back({std::move(original), "", "", {}});
        }
    } else if (name == "affinity") {
        node.placement = text;
    } else if (name == "primitiveType") {
        node.placement = node.placement.empty() ? text : node.placement;
        node.metadata.emplace_back(name, text);
    } else if (isOption && name != "execTimeMcs" && name != "execOrder") {
        node.attributes.push_back(attributeOfIr(name, text));
    } else {
        node.metadata.emplace_back(name, text);
    }
}

std::optional<std::string> moduleOfIrName(std::string_view name)
{
    constexpr std::string_view kTorchModule = "__module.";
    constexpr std::size_t kLongestName = 1024;
    if (!name.starts_with(kTorchModule) || name.size() > kLongestName) {
        return moduleOfName(name);
    }
    name.remove_prefix(kTorchModule.size());
    const std::size_t slash = name.find('/');
    return slash == std::string_view::npos ? moduleOfParameter(name)
                                           : std::optional(std::string(name.substr(0, slash)));
}
} // namespace

Node describeIrOp(const pugi::xml_node &layer)
{
    Node node;
    node.name = layer.attribute("name").value();
    node.opType = layer.attribute("type").value();
    const std::string_view opSet = layer.attribute("version").value();
    if (opSet.starts_with("opset")) {
        node.metadata.emplace_back("op set", opSet.substr(5));
    } else {
        node.domain = opSet;
    }
    for (const pugi::xml_attribute option : layer.child("data").attributes()) {
        addFact(option.name(), option.value(), true, node);
    }
    for (const pugi::xml_node item : layer.child("rt_info").children()) {
        const auto name = item.attribute("name");
        addFact(name ? name.value() : item.name(), item.attribute("value").value(), false, node);
    }
    for (const pugi::xml_node port : layer.child("output").children("port")) {
        for (std::string &name : namesOfIr(port.attribute("names").value())) {
            addAlias(node, std::move(name));
        }
    }
    return node;
}

std::optional<std::string> moduleOfIrOp(const Node &node)
{
    auto module = moduleOfIrName(node.name);
    for (std::size_t i = 0; !module && i < node.aliases.size(); ++i) {
        module = moduleOfIrName(node.aliases[i]);
    }
    return module;
}

} // namespace syncpoint
