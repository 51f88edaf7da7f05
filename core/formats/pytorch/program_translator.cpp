#include "core/formats/pytorch/program_translator.h"

#include "core/formats/module_inference.h"
#include "core/formats/pytorch/module_stack.h"
#include "core/formats/pytorch/program_json.h"
#include "core/formats/pytorch/quantized_ops.h"
#include "core/formats/stack_trace.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unordered_map>

namespace syncpoint::pytorch {
namespace {

constexpr int kDeepestNesting = 24;

/// The values of one graph of the program by their names in it.
struct Names
{
    ScopeId scope;
    std::unordered_map<std::string_view, ValueId> known;
};

/// "torch.ops.aten.conv2d.default" → "aten.conv2d.default".
std::string_view opTypeOf(std::string_view target)
{
    constexpr std::string_view kPrefix = "torch.ops.";
    return target.starts_with(kPrefix) ? target.substr(kPrefix.size()) : target;
}

class Translator
{
public:
    Translator(ProgramWeights weights, GraphBuilder &builder, const JobContext &job)
        : m_weights(std::move(weights)), m_builder(builder), m_job(job)
    {
    }

    Result<void> run(const Json &module);

private:
    void addWeights(const Json &specs, const Json &values, Names &names);
    void addWeight(std::string_view placeholder, const std::string &name, const Json &values,
                   Names &names);
    void addResults(const Json &outputs, const Json &specs, Names &names);
    Result<void> translateGraph(const Json &graph, Names &names, int depth);
    Result<void> translateNode(const Json &json, Names &names, int depth);
    Result<void> addBodies(NodeId id, const Json &inputs, int depth);
    void addArguments(const Json &inputs, Names &names, Node &node) const;
    void setProvenance(const Json &json, Node &node);
    void describeValues(const Json &graph, const Names &names);
    std::vector<ValueId> resolved(const Json &argument, Names &names) const;

    ProgramWeights m_weights;
    GraphBuilder &m_builder;
    const JobContext &m_job;
    std::vector<bool> m_moduleIsKnown; ///< per op of the builder
    std::size_t m_missingWeights = 0;
};

Result<void> Translator::run(const Json &module)
{
    const Json *graph = fieldOf(module, "graph");
    const Json *signature = fieldOf(module, "signature");
    if (graph == nullptr || signature == nullptr) {
        return Error{ErrorCode::BadFormat, "the program has no graph or no signature"};
    }
    Names names{m_builder.mainScope(), {}};
    if (const Json *values = fieldOf(*graph, "tensor_values")) {
        addWeights(listOf(*signature, "input_specs"), *values, names);
    }
    if (auto done = translateGraph(*graph, names, 0); !done) {
        return done;
    }
    addResults(listOf(*graph, "outputs"), listOf(*signature, "output_specs"), names);
    for (Diagnostic &diagnostic : m_weights.diagnostics) {
        m_builder.addDiagnostic(std::move(diagnostic));
    }
    if (m_missingWeights > 0) {
        m_builder.addDiagnostic({Diagnostic::Severity::Warning, "",
                                 fmt::format("the numbers of {} parameters and constants cannot be "
                                             "had from the file",
                                             m_missingWeights)});
    }
    inferModules(m_builder, std::move(m_moduleIsKnown));
    applyQuantization(m_builder);
    return {};
}

std::vector<ValueId> Translator::resolved(const Json &argument, Names &names) const
{
    std::vector<std::string_view> texts;
    appendNames(choiceOf(argument), texts);
    std::vector<ValueId> ids;
    for (const std::string_view text : texts) {
        const auto [entry, isNew] = names.known.try_emplace(text);
        if (isNew) {
            entry->second = m_builder.localValue(names.scope, text);
        }
        ids.push_back(entry->second);
    }
    return ids;
}

/// {"parameter": {"arg": {"name": "p_a_weight"}, "parameter_name": "a.weight"}}; buffers and
/// constants alike.
void Translator::addWeights(const Json &specs, const Json &values, Names &names)
{
    for (const Json &spec : specs) {
        const auto [kind, facts] = choiceOf(spec);
        const Json *argument = facts == nullptr ? nullptr : fieldOf(*facts, "arg");
        if (argument == nullptr || kind == "custom_obj") {
            continue;
        }
        const std::string key = std::string(kind) + "_name";
        const std::string_view name = textOf(*facts, key.c_str());
        const std::string_view placeholder = textOf(*argument, "name");
        if (!name.empty() && !placeholder.empty()) {
            addWeight(placeholder, std::string(name), values, names);
        }
    }
}

void Translator::addWeight(std::string_view placeholder, const std::string &name,
                           const Json &values, Names &names)
{
    // A tied parameter has several placeholders, and an op may be called like a parameter.
    const bool isFree = !m_builder.findLocalValue(names.scope, name) &&
                        (name == placeholder || fieldOf(values, name.c_str()) == nullptr);
    const ValueId id =
        m_builder.localValue(names.scope, isFree ? std::string_view(name) : placeholder);
    names.known.emplace(placeholder, id);
    if (const auto data = m_weights.tensors.find(name); data != m_weights.tensors.end()) {
        m_builder.setConstant(id, data->second);
        return;
    }
    const Json *meta = fieldOf(values, std::string(placeholder).c_str());
    TensorInfo info = meta == nullptr ? TensorInfo{} : layoutOf(*meta).info;
    m_builder.setConstantWithoutData(id, info.dtype, std::move(info.shape));
    ++m_missingWeights;
}

Result<void> Translator::translateGraph(const Json &graph, Names &names, int depth)
{
    if (depth > kDeepestNesting) {
        return Error{ErrorCode::Limit,
                     fmt::format("subgraphs nest more than {} deep", kDeepestNesting)};
    }
    for (const Json &input : listOf(graph, "inputs")) {
        for (const ValueId id : resolved(input, names)) {
            if (id.isValid() && !m_builder.edit(id).isConstant) {
                m_builder.addInput(names.scope, id);
            }
        }
    }
    const Json &nodes = listOf(graph, "nodes");
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (m_job.isCancelled()) {
            return JobContext::cancelledError();
        }
        if (auto done = translateNode(nodes[i], names, depth); !done) {
            return done.error().code == ErrorCode::Cancelled
                       ? done
                       : done.error().withContext(fmt::format("node {}", i));
        }
        m_job.advance();
    }
    describeValues(graph, names);
    return {};
}

/// The program's results first: the list starts with what it writes to its buffers.
void Translator::addResults(const Json &outputs, const Json &specs, Names &names)
{
    const auto isResult = [&specs](std::size_t index) {
        const std::string_view kind =
            index < specs.size() ? choiceOf(specs[index]).kind : "user_output";
        return kind == "user_output" || kind == "loss_output";
    };
    for (const bool wanted : {true, false}) {
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            if (isResult(i) != wanted) {
                continue;
            }
            for (const ValueId id : resolved(outputs[i], names)) {
                m_builder.addOutput(names.scope, id);
            }
        }
    }
}

Result<void> Translator::translateNode(const Json &json, Names &names, int depth)
{
    const std::string_view target = textOf(json, "target");
    if (target.empty()) {
        return Error{ErrorCode::BadFormat, "it has no target"};
    }
    Node node;
    node.opType = opTypeOf(target);
    node.scope = names.scope;
    for (const Json &output : listOf(json, "outputs")) {
        const auto ids = resolved(output, names);
        node.outputs.insert(node.outputs.end(), ids.begin(), ids.end());
    }
    node.name = textOf(json, "name");
    if (node.name.empty() && !node.outputs.empty() && node.outputs.front().isValid()) {
        node.name = m_builder.edit(node.outputs.front()).name;
    }
    const Json &inputs = listOf(json, "inputs");
    addArguments(inputs, names, node);
    setProvenance(json, node);
    return addBodies(m_builder.addNode(std::move(node)), inputs, depth);
}

/// Arguments with a value become inputs, the others attributes. A None holds its slot when a value
/// comes after it.
void Translator::addArguments(const Json &inputs, Names &names, Node &node) const
{
    std::size_t absent = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const Json *argument = fieldOf(inputs[i], "arg");
        const Choice choice = argument == nullptr ? Choice{} : choiceOf(*argument);
        if (isNone(choice)) {
            ++absent;
            continue;
        }
        const auto ids = resolved(*argument, names);
        if (isValue(choice)) {
            node.inputs.insert(node.inputs.end(), absent, ValueId{});
            absent = 0;
        } else if (choice.kind != "as_graph") {
            const std::string_view name = textOf(inputs[i], "name");
            node.attributes.push_back(
                {name.empty() ? fmt::format("arg{}", i) : std::string(name), attributeOf(choice)});
        }
        node.inputs.insert(node.inputs.end(), ids.begin(), ids.end());
    }
}

Result<void> Translator::addBodies(NodeId id, const Json &inputs, int depth)
{
    for (const Json &input : inputs) {
        const Json *argument = fieldOf(input, "arg");
        const Json *body = argument == nullptr ? nullptr : fieldOf(*argument, "as_graph");
        const Json *graph = body == nullptr ? nullptr : fieldOf(*body, "graph");
        if (graph == nullptr) {
            continue;
        }
        const std::string name(textOf(*body, "name"));
        Names names{m_builder.addScope(id, name), {}};
        if (auto done = translateGraph(*graph, names, depth + 1); !done) {
            return done.error().withContext(name);
        }
        for (const Json &output : listOf(*graph, "outputs")) {
            for (const ValueId value : resolved(output, names)) {
                m_builder.addOutput(names.scope, value);
            }
        }
        m_builder.edit(id).attributes.push_back({name, names.scope});
    }
    return {};
}

void Translator::setProvenance(const Json &json, Node &node)
{
    const Json *metadata = fieldOf(json, "metadata");
    const auto modules =
        parseModuleStack(metadata == nullptr ? "" : textOf(*metadata, "nn_module_stack"));
    for (const auto &[path, className] : modules) {
        node.module = m_builder.module(path, className);
    }
    m_moduleIsKnown.push_back(!modules.empty());
    if (metadata == nullptr || !metadata->is_object()) {
        return;
    }
    for (auto each = metadata->begin(); each != metadata->end(); ++each) {
        const std::string_view text = textOf(*metadata, each.key().c_str());
        if (each.key() == "stack_trace") {
            node.source = parseTraceback(text);
        } else if (!text.empty()) {
            node.metadata.emplace_back(each.key(), text);
        }
    }
}

void Translator::describeValues(const Json &graph, const Names &names)
{
    const Json *tensors = fieldOf(graph, "tensor_values");
    for (const auto &[name, id] : names.known) {
        if (!id.isValid() || m_builder.edit(id).isConstant) {
            continue;
        }
        Value &value = m_builder.edit(id);
        const std::string key(name);
        if (const Json *meta = tensors == nullptr ? nullptr : fieldOf(*tensors, key.c_str())) {
            TensorInfo info = layoutOf(*meta).info;
            value.dtype = info.dtype;
            value.shape = std::move(info.shape);
            continue;
        }
        constexpr std::pair<const char *, DType> kScalars[]{{"sym_int_values", DType::Int64},
                                                            {"sym_float_values", DType::Float64},
                                                            {"sym_bool_values", DType::Bool}};
        for (const auto &[list, dtype] : kScalars) {
            const Json *scalars = fieldOf(graph, list);
            if (scalars != nullptr && fieldOf(*scalars, key.c_str()) != nullptr) {
                value.dtype = dtype;
                value.shape = Shape{};
            }
        }
    }
}

} // namespace

Result<void> translateProgram(const Json &program, ProgramWeights weights, GraphBuilder &builder,
                              const JobContext &job)
{
    const Json *module = fieldOf(program, "graph_module");
    if (module == nullptr) {
        return Error{ErrorCode::BadFormat, "the JSON text is not an exported program"};
    }
    return Translator(std::move(weights), builder, job).run(*module);
}

} // namespace syncpoint::pytorch
