#include "core/formats/onnx/translator.h"

#include "core/formats/module_inference.h"
#include "core/formats/onnx/attribute_data.h"
#include "core/formats/onnx/ep_context.h"
#include "core/formats/onnx/local_functions.h"
#include "core/formats/onnx/provenance.h"
#include "core/formats/onnx/quantization.h"
#include "core/formats/onnx/shape_inference.h"

#include <algorithm>
#include <fmt/format.h>

namespace syncpoint {

namespace {
constexpr std::size_t kMostExpandedOps = 100'000;              // of all function calls
constexpr std::size_t kMostNameBytes = std::size_t{64} << 20U; // made by function calls

std::string placeOf(const OnnxNode &node, std::size_t index)
{
    return node.name.empty() ? fmt::format("node {} ({})", index, shortName(node.opType))
                             : fmt::format("node {} '{}'", index, shortName(node.name));
}

class Translator
{
public:
    Translator(const OnnxModel &model, OnnxTensorReader &tensors, GraphBuilder &builder,
               const JobContext &job)
        : m_model(model), m_tensors(tensors), m_builder(builder), m_job(job), m_functions(model),
          m_values(tensors, builder)
    {
    }

    Result<void> run()
    {
        NameFrame frame;
        frame.scope = m_builder.mainScope();
        if (auto done = translateGraph(m_model.graph, frame); !done) {
            return done;
        }
        inferModules(m_builder, std::move(m_moduleIsKnown));
        inferOnnxShapes(m_builder); // the axes of scales need shapes
        applyOnnxQuantization(m_builder, m_notes);
        return {};
    }

private:
    using Void = Result<void>;

    Void translateGraph(const OnnxGraph &graph, NameFrame &frame);
    void noteQuantization(const OnnxGraph &graph, const NameFrame &frame);
    Void translateNodes(const std::vector<OnnxNode> &nodes, NameFrame &frame);
    Void translateNode(const OnnxNode &proto, NameFrame &frame);
    Void translateCall(const OnnxNode &call, std::size_t index, const OnnxFunction &function,
                       NameFrame &caller);
    void linkPassedThrough(const OnnxFunction &function, const std::vector<ValueId> &outputs,
                           const NameFrame &frame);
    void setProvenance(const OnnxNode &proto, const NameFrame &frame, Node &node);
    Void addAttributes(const OnnxNode &proto, NameFrame &frame, NodeId id);
    Void addAttribute(const OnnxAttribute &proto, std::string_view name, const NameFrame &frame,
                      NodeId id);
    Void addBodies(const OnnxAttribute &proto, std::string_view name, const NameFrame &frame,
                   NodeId id, Attribute &attribute);
    void takeConstantOutput(NodeId id);

    const OnnxModel &m_model;
    OnnxTensorReader &m_tensors;
    GraphBuilder &m_builder;
    const JobContext &m_job;
    LocalFunctions m_functions;
    FrameValues m_values;
    std::vector<OnnxQuantizationNote> m_notes;
    std::vector<bool> m_moduleIsKnown; ///< per op of the builder
    std::size_t m_expandedOps = 0;
};

Result<void> Translator::translateGraph(const OnnxGraph &graph, NameFrame &frame)
{
    if (auto added = m_values.addInitializers(graph, frame); !added) {
        return added;
    }
    for (const OnnxValueInfo &input : graph.inputs) {
        const ValueId value = m_values.declare(frame, input.name);
        if (value.isValid() && !m_builder.edit(value).isConstant) {
            m_builder.addInput(frame.scope, value); // before IR 4 weights are listed as inputs too
        }
    }
    m_values.declareOutputs(graph.nodes, frame);
    m_values.describe(graph.inputs, frame);
    m_values.describe(graph.outputs, frame);
    m_values.describe(graph.valueInfo, frame);
    noteQuantization(graph, frame);
    if (auto nodes = translateNodes(graph.nodes, frame); !nodes) {
        return nodes;
    }
    for (const OnnxValueInfo &output : graph.outputs) {
        m_builder.addOutput(frame.scope, m_values.resolve(frame, output.name));
    }
    return {};
}

void Translator::noteQuantization(const OnnxGraph &graph, const NameFrame &frame)
{
    for (const OnnxQuantizationAnnotation &annotation : graph.quantization) {
        const auto named = [&](std::string_view key) {
            return frame.find(findEntry(annotation.parameters, key)).value_or(ValueId{});
        };
        m_notes.push_back({frame.find(annotation.tensor).value_or(ValueId{}), named("SCALE_TENSOR"),
                           named("ZERO_POINT_TENSOR")});
    }
}

Result<void> Translator::translateNodes(const std::vector<OnnxNode> &nodes, NameFrame &frame)
{
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (m_job.isCancelled()) {
            return JobContext::cancelledError();
        }
        const OnnxFunction *function = m_functions.find(nodes[i]);
        auto done = function != nullptr ? translateCall(nodes[i], i, *function, frame)
                                        : translateNode(nodes[i], frame);
        if (!done) {
            return done.error().code == ErrorCode::Cancelled
                       ? done
                       : done.error().withContext(placeOf(nodes[i], i));
        }
        m_job.advance();
    }
    return {};
}

void Translator::setProvenance(const OnnxNode &proto, const NameFrame &frame, Node &node)
{
    Provenance origin = provenanceOf(proto);
    const auto inFrame = [&frame](const std::string &path) {
        return frame.modulePrefix.empty() || path.empty() ? frame.modulePrefix + path
                                                          : frame.modulePrefix + "." + path;
    };
    for (const auto &[path, className] : origin.classNames) {
        m_builder.module(inFrame(path), className);
    }
    const bool isKnown = origin.module || !frame.modulePrefix.empty();
    if (isKnown) {
        node.module = m_builder.module(inFrame(origin.module.value_or("")));
    }
    m_moduleIsKnown.push_back(isKnown);
    node.source = std::move(origin.source);
    node.metadata = std::move(origin.metadata);
    node.aliases = std::move(origin.aliases);
    node.origins = std::move(origin.origins);
    for (const ValueId output : node.outputs) {
        const std::string_view original = m_values.originalName(output);
        if (!original.empty() &&
            std::find(node.aliases.begin(), node.aliases.end(), original) == node.aliases.end()) {
            node.aliases.emplace_back(original);
        }
    }
}

Result<void> Translator::translateNode(const OnnxNode &proto, NameFrame &frame)
{
    if (frame.function != nullptr && ++m_expandedOps > kMostExpandedOps) {
        return Error{ErrorCode::Limit,
                     fmt::format("local functions expand to more than {} ops", kMostExpandedOps)};
    }
    Node node;
    node.name = proto.name.empty() ? std::string{} : frame.prefix + std::string(proto.name);
    node.opType = proto.opType;
    node.domain = normalDomain(proto.domain);
    node.scope = frame.scope;
    for (const std::string_view input : proto.inputs) {
        node.inputs.push_back(m_values.resolve(frame, input));
    }
    for (const std::string_view output : proto.outputs) {
        node.outputs.push_back(m_values.declare(frame, output));
    }
    setProvenance(proto, frame, node);
    if (isEpContext(proto)) {
        Diagnostics problems;
        describeEpContext(proto, m_tensors.files(), node, problems);
        std::for_each(problems.begin(), problems.end(),
                      [this](const Diagnostic &problem) { m_builder.addDiagnostic(problem); });
    }
    const NodeId id = m_builder.addNode(std::move(node));
    if (auto added = addAttributes(proto, frame, id); !added) {
        return added;
    }
    takeConstantOutput(id);
    return {};
}

Result<void> Translator::addAttributes(const OnnxNode &proto, NameFrame &frame, NodeId id)
{
    for (const OnnxAttribute &attribute : proto.attributes) {
        if (isCompiledData(proto, attribute)) {
            continue;
        }
        const auto bound = frame.bind(attribute);
        if (!bound) {
            continue; // the caller leaves it out, so the op's default holds
        }
        auto added = addAttribute(*bound->attribute, attribute.name, *bound->frame, id);
        if (!added) {
            return added.error().withContext(
                fmt::format("attribute '{}'", shortName(attribute.name)));
        }
    }
    return {};
}

Result<void> Translator::addAttribute(const OnnxAttribute &proto, std::string_view name,
                                      const NameFrame &frame, NodeId id)
{
    using Type = OnnxAttribute::Type;
    Attribute attribute;
    attribute.name = name;
    if (proto.type == Type::Graph || proto.type == Type::Graphs) {
        if (auto bodies = addBodies(proto, name, frame, id, attribute); !bodies) {
            return bodies;
        }
    } else {
        auto data = attributeData(proto, m_tensors);
        if (!data) {
            return data.error();
        }
        attribute.data = *std::move(data);
    }
    m_builder.edit(id).attributes.push_back(std::move(attribute));
    return {};
}

Result<void> Translator::addBodies(const OnnxAttribute &proto, std::string_view name,
                                   const NameFrame &frame, NodeId id, Attribute &attribute)
{
    if (auto allowed = frame.checkDepth(); !allowed) {
        return allowed;
    }
    for (std::size_t i = 0; i < proto.graphs.size(); ++i) {
        NameFrame body;
        body.enclosing = &frame;
        body.caller = &frame;
        body.modulePrefix = frame.modulePrefix;
        body.depth = frame.depth + 1;
        body.scope = m_builder.addScope(
            id, proto.graphs.size() == 1 ? std::string(name) : fmt::format("{}{}", name, i));
        if (auto done = translateGraph(*proto.graphs[i], body); !done) {
            return done;
        }
        attribute.data = body.scope;
    }
    return {};
}

void Translator::linkPassedThrough(const OnnxFunction &function,
                                   const std::vector<ValueId> &outputs, const NameFrame &frame)
{
    for (std::size_t i = 0; i < outputs.size() && i < function.outputs.size(); ++i) {
        const auto bound = frame.names.find(function.outputs[i]);
        if (!outputs[i].isValid() || bound == frame.names.end() || bound->second == outputs[i] ||
            !bound->second.isValid()) {
            continue;
        }
        Node node; // the function returns an input, or one value twice
        node.opType = "Identity";
        node.scope = frame.scope;
        node.inputs = {bound->second};
        node.outputs = {outputs[i]};
        node.module = m_builder.module(frame.modulePrefix);
        m_builder.addNode(std::move(node));
        m_moduleIsKnown.push_back(true);
    }
}

Result<void> Translator::translateCall(const OnnxNode &call, std::size_t index,
                                       const OnnxFunction &function, NameFrame &caller)
{
    if (auto allowed = checkCall(function, caller); !allowed) {
        return allowed;
    }
    if (m_expandedOps++ > kMostExpandedOps || m_values.nameBytes() > kMostNameBytes) {
        return Error{ErrorCode::Limit, "local functions expand to too many ops or names"};
    }
    NameFrame frame;
    enterCall(call, index, function, caller, m_values, frame);
    m_builder.module(frame.modulePrefix, function.name);

    std::vector<ValueId> outputs;
    for (std::size_t i = 0; i < call.outputs.size() && i < function.outputs.size(); ++i) {
        outputs.push_back(m_values.declare(caller, call.outputs[i]));
        if (outputs.back().isValid()) {
            frame.names.emplace(function.outputs[i], outputs.back());
        }
    }
    m_values.declareOutputs(function.nodes, frame);
    m_values.describe(function.valueInfo, frame);
    if (auto nodes = translateNodes(function.nodes, frame); !nodes) {
        return nodes.error().withContext(fmt::format("function '{}'", shortName(function.name)));
    }
    linkPassedThrough(function, outputs, frame);
    return {};
}

void Translator::takeConstantOutput(NodeId id)
{
    const Node &node = m_builder.nodes()[id.index()];
    if (node.opType != "Constant" || !node.domain.empty() || node.outputs.size() != 1 ||
        !node.outputs[0].isValid() || node.attributes.size() != 1) {
        return;
    }
    if (auto tensor = constantFrom(node.attributes[0].data)) {
        m_builder.setConstant(node.outputs[0], *std::move(tensor));
    }
}
} // namespace

Result<void> translateOnnxModel(const OnnxModel &model, OnnxTensorReader &tensors,
                                GraphBuilder &builder, const JobContext &job)
{
    return Translator(model, tensors, builder, job).run();
}

} // namespace syncpoint
