#include "core/formats/msprobe/graph_of_calls.h"

#include "core/formats/bounded_json.h"
#include "core/formats/json_fields.h"
#include "core/formats/msprobe/api_name.h"
#include "core/graph/graph_builder.h"

#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>

namespace syncpoint::msprobe {

namespace {
class CallTranslator
{
public:
    CallTranslator(const StepDump &dump, const Parents &parents, const Stacks &stacks)
        : m_dump(dump), m_parents(parents), m_stacks(stacks)
    {
        m_builder.info().format = "msprobe";
        m_builder.info().producer = dump.framework;
        for (const auto &[call, parent] : parents) {
            m_callers.insert(parent);
        }
    }

    Result<std::shared_ptr<const Graph>> translate()
    {
        for (const ApiCall &call : m_dump.calls) {
            if (m_callers.find(call.name) == m_callers.end() && !call.outputs.empty()) {
                add(call);
            }
        }
        for (const auto &[value, isRead] : m_isRead) {
            if (!isRead) {
                m_builder.addOutput(m_builder.mainScope(), value);
            }
        }
        return m_builder.build();
    }

private:
    void add(const ApiCall &call)
    {
        const ApiName name = parseApiName(call.name);
        Node node;
        node.name = call.name;
        node.opType = name.type;
        node.scope = m_builder.mainScope();
        node.module = moduleOf(call.name, name);
        if (const auto stack = m_stacks.find(call.name); stack != m_stacks.end()) {
            node.source = stack->second;
        }
        for (const ApiTensor &input : call.inputs) {
            node.inputs.push_back(inputOf(input));
        }
        for (const ApiTensor &parameter : call.parameters) {
            node.inputs.push_back(inputOf(parameter));
        }
        if (name.holdsGradients) {
            node.opType = "parameters_grad";
            if (m_latestOutput.isValid()) {
                node.inputs = {m_latestOutput};
                m_isRead[m_latestOutput] = true;
            }
        }
        for (const ApiTensor &output : call.outputs) {
            const ValueId value = valueOf(output);
            if (!m_isRead.emplace(value, false).second) {
                continue; // a second tensor of that name
            }
            node.outputs.push_back(value);
            m_latest[output.fingerprint] = value;
        }
        if (node.outputs.empty()) {
            return;
        }
        if (!name.holdsGradients) {
            m_latestOutput = node.outputs.front();
        }
        m_builder.addNode(std::move(node));
    }

    /// A module called by no other stands for itself; a function belongs to its caller.
    ModuleId moduleOf(const std::string &call, const ApiName &name)
    {
        if (name.isModule) {
            return m_builder.module(name.modulePath, name.type);
        }
        const auto parent = m_parents.find(call);
        if (parent == m_parents.end() || parent->second.empty()) {
            return m_builder.module("");
        }
        const ApiName owner = parseApiName(parent->second);
        return m_builder.module(owner.modulePath, owner.type);
    }

    ValueId inputOf(const ApiTensor &tensor)
    {
        const auto made = m_latest.find(tensor.fingerprint);
        if (made != m_latest.end()) {
            m_isRead[made->second] = true;
            return made->second;
        }
        const ValueId value = valueOf(tensor);
        if (m_isRead.emplace(value, true).second) {
            m_builder.addInput(m_builder.mainScope(), value);
        }
        return value;
    }

    ValueId valueOf(const ApiTensor &tensor)
    {
        const ValueId id = m_builder.localValue(m_builder.mainScope(), tensor.entry.name);
        Value &value = m_builder.edit(id);
        value.dtype = tensor.entry.info.dtype;
        value.shape = tensor.entry.info.shape;
        return id;
    }

    const StepDump &m_dump;
    const Parents &m_parents;
    const Stacks &m_stacks;
    GraphBuilder m_builder;
    std::set<std::string, std::less<>> m_callers;
    std::unordered_map<std::string, ValueId> m_latest; ///< outputs by fingerprint
    ValueId m_latestOutput;                            ///< the first one of the call before
    std::map<ValueId, bool> m_isRead;                  ///< of every value so far
};
} // namespace

Parents readParents(const std::filesystem::path &file)
{
    constexpr JsonLimits kCallLimits{.values = 4'000'000, .depth = 64};
    Parents parents;
    const auto json = readBoundedJson(file, kCallLimits);
    if (json && json->is_object()) {
        for (auto each = json->begin(); each != json->end(); ++each) {
            parents.emplace(each.key(), plainText(each.value()));
        }
    }
    return parents;
}

Result<std::shared_ptr<const Graph>> graphOfCalls(const StepDump &dump, const Parents &parents,
                                                  const Stacks &stacks)
{
    return CallTranslator(dump, parents, stacks).translate();
}

} // namespace syncpoint::msprobe
