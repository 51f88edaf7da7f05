#include "core/formats/module_inference.h"

#include "core/formats/module_names.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace syncpoint {

namespace {
/// The module path both share, whole components only.
std::string commonModule(std::string_view a, std::string_view b)
{
    const auto [endA, endB] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    const auto length = static_cast<std::size_t>(endA - a.begin());
    const bool aEnds = length == a.size() || a[length] == '.';
    const bool bEnds = length == b.size() || b[length] == '.';
    if (aEnds && bEnds) {
        return std::string(a.substr(0, length));
    }
    const std::size_t dot = a.substr(0, length).rfind('.');
    return dot == std::string_view::npos ? std::string{} : std::string(a.substr(0, dot));
}

bool looksLikeParameter(std::string_view name)
{
    if (name.starts_with("arith.") || name.starts_with("tfl.")) {
        return false; // MLIR's constants are called after the dialect that made them
    }
    return std::all_of(name.begin(), name.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
    });
}

class ModuleInference
{
public:
    ModuleInference(GraphBuilder &builder, std::vector<bool> isKnown)
        : m_builder(builder), m_isKnown(std::move(isKnown)), m_producer(builder.values().size()),
          m_consumers(builder.values().size())
    {
        for (std::size_t i = 0; i < m_builder.nodes().size(); ++i) {
            for (const ValueId input : node(i).inputs) {
                if (input.isValid()) {
                    m_consumers[input.index()].push_back(i);
                }
            }
            for (const ValueId output : node(i).outputs) {
                if (output.isValid()) {
                    m_producer[output.index()] = i;
                }
            }
        }
    }

    void run()
    {
        const std::size_t count = m_builder.nodes().size();
        for (std::size_t i = 0; i < count; ++i) {
            adopt(i, moduleOfParameters(i));
        }
        // Forwards, then backwards for ops fed by constants only.
        for (std::size_t i = 0; i < count; ++i) {
            adopt(i, moduleOfNeighbours(i));
        }
        for (std::size_t i = count; i-- > 0;) {
            adopt(i, moduleOfNeighbours(i));
        }
    }

private:
    const Node &node(std::size_t i) const { return m_builder.nodes()[i]; }

    void adopt(std::size_t i, const std::optional<std::string> &module)
    {
        if (m_isKnown[i] || !module) {
            return;
        }
        const ModuleId id = m_builder.module(*module);
        m_builder.edit(NodeId{i}).module = id;
        m_isKnown[i] = true;
    }

    std::optional<std::string> moduleOfParameters(std::size_t i) const
    {
        if (m_isKnown[i]) {
            return std::nullopt;
        }
        for (const ValueId input : node(i).inputs) {
            if (!input.isValid() || m_producer[input.index()]) {
                continue;
            }
            const Value &value = m_builder.values()[input.index()];
            if (value.constant && looksLikeParameter(value.name)) {
                if (auto module = moduleOfParameter(value.name)) {
                    return module;
                }
            }
        }
        return std::nullopt;
    }

    void merge(std::optional<std::string> &common, std::size_t neighbour) const
    {
        if (m_isKnown[neighbour]) {
            const std::string &path = m_builder.modules()[node(neighbour).module.index()].path;
            common = common ? commonModule(*common, path) : path;
        }
    }

    std::optional<std::string> moduleOfNeighbours(std::size_t i) const
    {
        std::optional<std::string> common;
        if (m_isKnown[i]) {
            return common;
        }
        for (const ValueId input : node(i).inputs) {
            if (input.isValid() && m_producer[input.index()]) {
                merge(common, *m_producer[input.index()]);
            }
        }
        for (const ValueId output : node(i).outputs) {
            if (output.isValid()) {
                for (const std::size_t consumer : m_consumers[output.index()]) {
                    merge(common, consumer);
                }
            }
        }
        return common;
    }

    GraphBuilder &m_builder;
    std::vector<bool> m_isKnown;
    std::vector<std::optional<std::size_t>> m_producer;
    std::vector<std::vector<std::size_t>> m_consumers;
};
} // namespace

void inferModules(GraphBuilder &builder, std::vector<bool> isKnown)
{
    ModuleInference(builder, std::move(isKnown)).run();
}

} // namespace syncpoint
