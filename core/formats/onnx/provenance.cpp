#include "core/formats/onnx/provenance.h"

#include "core/formats/module_names.h"
#include "core/formats/origin_json.h"
#include "core/formats/stack_trace.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace syncpoint {

namespace {
constexpr std::string_view kNameScopes = "pkg.torch.onnx.name_scopes";
constexpr std::string_view kClassHierarchy = "pkg.torch.onnx.class_hierarchy";
constexpr std::string_view kStackTrace = "pkg.torch.onnx.stack_trace";
constexpr std::string_view kOriginalName = "pkg.torch.onnx.original_node_name";
constexpr std::string_view kNamespace = "namespace";

void addAlias(Provenance &result, std::string_view alias)
{
    if (!alias.empty() &&
        std::find(result.aliases.begin(), result.aliases.end(), alias) == result.aliases.end()) {
        result.aliases.emplace_back(alias);
    }
}

/// One (path, class) per level, the op itself last: name_scopes and class_hierarchy side by side.
using Levels = std::vector<std::pair<std::string, std::string>>;

Levels levelsOfScopes(const OnnxEntries &metadata)
{
    Levels levels;
    const auto paths = parsePythonStrings(findEntry(metadata, kNameScopes));
    auto classes = parsePythonStrings(findEntry(metadata, kClassHierarchy));
    classes.resize(paths.size());
    for (std::size_t i = 0; i < paths.size(); ++i) {
        levels.emplace_back(paths[i], std::move(classes[i]));
    }
    return levels;
}

/// ": __main__.Net/network: torch.nn.modules.container.Sequential/linear: aten.linear.default"
Levels levelsOfNamespace(std::string_view text)
{
    Levels levels;
    while (!text.empty()) {
        const std::size_t slash = text.find('/');
        const std::string_view part = text.substr(0, slash);
        text.remove_prefix(slash == std::string_view::npos ? text.size() : slash + 1);
        const std::size_t colon = part.find(": ");
        levels.emplace_back(part.substr(0, colon), colon == std::string_view::npos
                                                       ? std::string_view{}
                                                       : part.substr(colon + 2));
    }
    return levels;
}

void addDynamoFacts(const OnnxNode &node, Provenance &result)
{
    Levels levels = levelsOfScopes(node.metadata);
    if (levels.empty()) {
        levels = levelsOfNamespace(findEntry(node.metadata, kNamespace));
    }
    if (!levels.empty()) {
        addAlias(result, levels.back().first);
        levels.pop_back();
        if (!levels.empty()) { // inside torch.cond the modules are not recorded
            result.module = levels.back().first;
        }
        result.classNames = std::move(levels);
    }
    addAlias(result, findEntry(node.metadata, kOriginalName));
    result.source = parseTraceback(findEntry(node.metadata, kStackTrace));
    for (const OnnxEntry &entry : node.metadata) {
        if (entry.key != kStackTrace && entry.key != kOriginsKey) {
            result.metadata.emplace_back(entry.key, entry.value);
        }
    }
}

/// "encoder.0.mlp" and "encoder.0.norm" → "encoder.0".
std::string commonModule(std::string_view a, std::string_view b)
{
    std::size_t same = 0;
    const std::size_t shorter = std::min(a.size(), b.size());
    for (std::size_t i = 0; i <= shorter && (i == shorter || a[i] == b[i]); ++i) {
        const bool endsInA = i == a.size() || a[i] == '.';
        const bool endsInB = i == b.size() || b[i] == '.';
        same = endsInA && endsInB ? i : same;
    }
    return std::string(a.substr(0, same));
}

/// What is known of the ops it stands for is better than what its own name tells.
void addOrigins(const OnnxNode &node, Provenance &result)
{
    const std::string_view text = findEntry(node.metadata, kOriginsKey);
    if (text.empty()) {
        return;
    }
    result.origins = originsFromJson(nlohmann::json::parse(text, nullptr, false));
    if (!result.origins.empty()) {
        result.module.reset();
    }
    for (const Origin &origin : result.origins) {
        result.module = result.module ? commonModule(*result.module, origin.module) : origin.module;
    }
    if (result.source.empty() && !result.origins.empty()) {
        result.source = result.origins.front().source;
    }
}

bool isInsertedByQuantizers(const OnnxNode &node)
{
    static constexpr std::array<std::string_view, 4> kOps{"QuantizeLinear", "DequantizeLinear",
                                                          "DynamicQuantizeLinear", "Cast"};
    return std::find(kOps.begin(), kOps.end(), node.opType) != kOps.end();
}

/// "encoder.0.weight_quantized" → "encoder.0.weight".
std::string_view withoutQuantizerSuffix(std::string_view name)
{
    static constexpr std::array<std::string_view, 10> kSuffixes{"_QuantizeLinear",
                                                                "_DequantizeLinear",
                                                                "_QuantizeLinear_Input",
                                                                "_QuantizeLinear_Output",
                                                                "_DequantizeLinear_Input",
                                                                "_DequantizeLinear_Output",
                                                                "_quantized",
                                                                "_scale",
                                                                "_zero_point",
                                                                "_dequantized"};
    for (bool found = true; found;) {
        found = false;
        for (const std::string_view suffix : kSuffixes) {
            if (name.size() > suffix.size() && name.ends_with(suffix)) {
                name.remove_suffix(suffix.size());
                found = true;
            }
        }
    }
    return name;
}

std::optional<std::string> moduleOfServedTensor(const OnnxNode &node)
{
    for (const auto &names : {std::vector{node.name}, node.inputs, node.outputs}) {
        if (!names.empty() && !names.front().empty()) {
            const std::string_view tensor = withoutQuantizerSuffix(names.front());
            if (auto module = moduleOfName(tensor)) {
                return module;
            }
            if (auto module = moduleOfParameter(tensor)) {
                return module;
            }
        }
    }
    return std::nullopt;
}

std::optional<std::string> moduleByNames(const OnnxNode &node)
{
    if (auto module = moduleOfName(node.name)) {
        return module;
    }
    if (isInsertedByQuantizers(node)) {
        return moduleOfServedTensor(node);
    }
    for (const std::string_view output : node.outputs) {
        if (auto module = moduleOfName(output)) {
            return module;
        }
    }
    return std::nullopt;
}
} // namespace

Provenance provenanceOf(const OnnxNode &node)
{
    Provenance result;
    addDynamoFacts(node, result);
    addOrigins(node, result);
    if (!result.module) {
        result.module = moduleByNames(node);
    }
    if (result.source.empty()) {
        result.source = parseDocStringFrames(node.docString);
    }
    return result;
}

} // namespace syncpoint
