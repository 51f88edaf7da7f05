#include "core/formats/tflite/provenance.h"

#include <algorithm>

namespace syncpoint {

namespace {
constexpr std::size_t kMostAliases = 64;
constexpr std::size_t kMostOperands = 16; // whose names are looked at, of inputs and of outputs
constexpr std::size_t kLongestName = 4096;

std::string_view nameOf(ValueId id, std::span<const Value> values)
{
    return id.isValid() ? std::string_view(values[id.index()].name).substr(0, kLongestName)
                        : std::string_view{};
}

std::span<const ValueId> firstOf(const std::vector<ValueId> &ids)
{
    return std::span(ids).first(std::min(ids.size(), kMostOperands));
}
} // namespace

void addAlias(Node &node, std::string_view alias)
{
    auto &known = node.aliases;
    if (!alias.empty() && known.size() < kMostAliases &&
        std::find(known.begin(), known.end(), alias) == known.end()) {
        known.emplace_back(alias);
    }
}

void addFusedNames(Node &node, std::span<const Value> values)
{
    for (const ValueId output : firstOf(node.outputs)) {
        for (const std::string_view name : fusedNames(nameOf(output, values))) {
            addAlias(node, name);
        }
    }
}

std::optional<TfliteModule> moduleOfOp(const Node &node, std::span<const Value> values)
{
    for (const ValueId output : firstOf(node.outputs)) {
        if (auto module = moduleOfTensor(nameOf(output, values))) {
            return module;
        }
    }
    for (const ValueId input : firstOf(node.inputs)) {
        if (input.isValid() && values[input.index()].isConstant) {
            if (auto module = moduleOfTensor(nameOf(input, values))) {
                return module;
            }
        }
    }
    return std::nullopt;
}

} // namespace syncpoint
