#include "core/formats/onnx/translator.h"

#include "core/formats/module_inference.h"
#include "core/formats/onnx/ep_context.h"
#include "core/formats/onnx/name_frame.h"
#include "core/formats/onnx/onnx_types.h"
#include "core/formats/onnx/provenance.h"
#include "core/formats/onnx/quantization.h"
#include "core/formats/onnx/shape_inference.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <tuple>

namespace syncpoint {

namespace {
constexpr int kDeepestNesting = 64;                            // bodies and calls together
constexpr std::size_t kMostExpandedOps = 100'000;              // of all function calls
constexpr std::size_t kMostNameBytes = std::size_t{64} << 20U; // made by function calls

using FunctionKey = std::tuple<std::string_view, std::string_view, std::string_view>;

std::string_view shortened(std::string_view text)
{
    return text.substr(0, 80);
}

std::string placeOf(const OnnxNode &node, std::size_t index)
{
    return node.name.empty() ? fmt::format("node {} ({})", index, shortened(node.opType))
                             : fmt::format("node {} '{}'", index, shortened(node.name));
}

/// "ai.onnx" is the long name of the default op set.
std::string_view normalDomain(std::string_view domain)
{
    return domain == "ai.onnx" ? std::string_view{} : domain;
}

class Translator
{
public:
    Translator(const OnnxModel &model, OnnxTensorReader &tensors, GraphBuilder &builder,
               const JobContext &job)
        : m_model(model), m_tensors(tensors), m_builder(builder), m_job(job)
    {
        for (const OnnxFunction &function : model.functions) {
            m_functions.try_emplace(
                {normalDomain(function.domain), function.name, function.overload}, &function);
        }
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
    Void addInitializers(const OnnxGraph &graph, NameFrame &frame);
    Void addConstant(NameFrame &frame, std::string_view name, DType dtype, const Shape &shape,
                     Result<std::optional<Tensor>> data);
    void describeValues(const std::vector<OnnxValueInfo> &infos, const NameFrame &frame);
    void declareOutputs(const std::vector<OnnxNode> &nodes, NameFrame &frame);
    Void translateNodes(const std::vector<OnnxNode> &nodes, NameFrame &frame);
    Void translateNode(const OnnxNode &proto, NameFrame &frame);
    Void translateCall(const OnnxNode &call, std::size_t index, const OnnxFunction &function,
                       NameFrame &caller);
    void bindCall(const OnnxNode &call, const OnnxFunction &function, NameFrame &caller,
                  NameFrame &frame);
    void linkPassedThrough(const OnnxFunction &function, const std::vector<ValueId> &outputs,
                           const NameFrame &frame);
    Void checkCall(const OnnxFunction &function, const NameFrame &caller) const;
    void setProvenance(const OnnxNode &proto, const NameFrame &frame, Node &node);
    Void addAttributes(const OnnxNode &proto, NameFrame &frame, NodeId id);
    Void addAttribute(const OnnxAttribute &proto, std::string_view name, const NameFrame &frame,
                      NodeId id);
    Void addBodies(const OnnxAttribute &proto, std::string_view name, const NameFrame &frame,
                   NodeId id, Attribute &attribute);
    void takeConstantOutput(NodeId id);
    ValueId declare(NameFrame &frame, std::string_view name);
    ValueId resolve(NameFrame &frame, std::string_view name);
    const OnnxFunction *findFunction(const OnnxNode &node) const;

    const OnnxModel &m_model;
    OnnxTensorReader &m_tensors;
    GraphBuilder &m_builder;
    const JobContext &m_job;
    std::map<FunctionKey, const OnnxFunction *> m_functions;
    std::unordered_map<ValueId, std::string_view> m_originalNames;
    std::vector<OnnxQuantizationNote> m_notes;
    std::vector<bool> m_moduleIsKnown; ///< per op of the builder
    std::size_t m_expandedOps = 0;
    std::size_t m_nameBytes = 0;
};

ValueId Translator::declare(NameFrame &frame, std::string_view name)
{
    if (name.empty()) {
        return {};
    }
    if (const auto known = frame.names.find(name); known != frame.names.end()) {
        return known->second;
    }
    std::string full = frame.prefix + std::string(name);
    if (!frame.prefix.empty()) {
        const std::string wanted = full;
        for (int i = 2; m_builder.findLocalValue(frame.scope, full); ++i) {
            full = fmt::format("{}_{}", wanted, i);
        }
        m_nameBytes += full.size();
    }
    const ValueId id = m_builder.localValue(frame.scope, full);
    frame.names.emplace(name, id);
    return id;
}

ValueId Translator::resolve(NameFrame &frame, std::string_view name)
{
    if (name.empty()) {
        return {};
    }
    if (const auto found = frame.find(name)) {
        return *found;
    }
    return declare(frame, name);
}

void Translator::describeValues(const std::vector<OnnxValueInfo> &infos, const NameFrame &frame)
{
    for (const OnnxValueInfo &info : infos) {
        const auto known = frame.names.find(info.name);
        if (known == frame.names.end() || !known->second.isValid()) {
            continue; // notes on values that are not there
        }
        Value &value = m_builder.edit(known->second);
        if (value.dtype == DType::Undefined) {
            value.dtype = dtypeOfOnnx(info.elementType);
        }
        if (!value.shape) {
            value.shape = info.shape;
        }
        const auto original = findEntry(info.metadata, "pkg.torch.onnx.original_node_name");
        if (!original.empty()) {
            m_originalNames.emplace(known->second, original);
        }
    }
}

Result<void> Translator::addConstant(NameFrame &frame, std::string_view name, DType dtype,
                                     const Shape &shape, Result<std::optional<Tensor>> data)
{
    if (!data) {
        return data.error().withContext(fmt::format("initializer '{}'", shortened(name)));
    }
    const ValueId value = declare(frame, name);
    if (!value.isValid()) {
        return {}; // nobody can refer to it
    }
    if (*data) {
        m_builder.setConstant(value, std::move(**data));
    } else {
        m_builder.setConstantWithoutData(value, dtype, shape);
    }
    return {};
}

Result<void> Translator::addInitializers(const OnnxGraph &graph, NameFrame &frame)
{
    for (const OnnxTensor &proto : graph.initializers) {
        auto added = addConstant(frame, proto.name, dtypeOfOnnx(proto.dataType), proto.dims,
                                 m_tensors.read(proto));
        if (!added) {
            return added;
        }
    }
    for (const OnnxSparseTensor &proto : graph.sparseInitializers) {
        auto added = addConstant(frame, proto.values.name, dtypeOfOnnx(proto.values.dataType),
                                 proto.dims, m_tensors.readSparse(proto));
        if (!added) {
            return added;
        }
    }
    return {};
}

void Translator::declareOutputs(const std::vector<OnnxNode> &nodes, NameFrame &frame)
{
    for (const OnnxNode &node : nodes) {
        for (const std::string_view output : node.outputs) {
            declare(frame, output);
        }
    }
}

Result<void> Translator::translateGraph(const OnnxGraph &graph, NameFrame &frame)
{
    if (auto added = addInitializers(graph, frame); !added) {
        return added;
    }
    for (const OnnxValueInfo &input : graph.inputs) {
        const ValueId value = declare(frame, input.name);
        if (value.isValid() && !m_builder.edit(value).isConstant) {
            m_builder.addInput(frame.scope, value); // before IR 4 weights are listed as inputs too
        }
    }
    declareOutputs(graph.nodes, frame);
    describeValues(graph.inputs, frame);
    describeValues(graph.outputs, frame);
    describeValues(graph.valueInfo, frame);
    for (const OnnxQuantizationAnnotation &annotation : graph.quantization) {
        const auto named = [&](std::string_view key) {
            return frame.find(findEntry(annotation.parameters, key)).value_or(ValueId{});
        };
        m_notes.push_back({frame.find(annotation.tensor).value_or(ValueId{}), named("SCALE_TENSOR"),
                           named("ZERO_POINT_TENSOR")});
    }
    if (auto nodes = translateNodes(graph.nodes, frame); !nodes) {
        return nodes;
    }
    for (const OnnxValueInfo &output : graph.outputs) {
        m_builder.addOutput(frame.scope, resolve(frame, output.name));
    }
    return {};
}

Result<void> Translator::translateNodes(const std::vector<OnnxNode> &nodes, NameFrame &frame)
{
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (m_job.isCancelled()) {
            return JobContext::cancelledError();
        }
        const OnnxFunction *function = findFunction(nodes[i]);
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

const OnnxFunction *Translator::findFunction(const OnnxNode &node) const
{
    const auto found = m_functions.find({normalDomain(node.domain), node.opType, node.overload});
    return found == m_functions.end() ? nullptr : found->second;
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
        const auto original = m_originalNames.find(output);
        if (original != m_originalNames.end() &&
            std::find(node.aliases.begin(), node.aliases.end(), original->second) ==
                node.aliases.end()) {
            node.aliases.emplace_back(original->second);
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
        node.inputs.push_back(resolve(frame, input));
    }
    for (const std::string_view output : proto.outputs) {
        node.outputs.push_back(declare(frame, output));
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
        BoundAttribute bound{&attribute, &frame};
        if (!attribute.referenced.empty()) {
            const BoundAttributes &ofCall = frame.callAttributes();
            const auto found = ofCall.find(attribute.referenced);
            if (found == ofCall.end()) {
                continue; // the caller leaves it out, so the op's default holds
            }
            bound = found->second;
        }
        auto added = addAttribute(*bound.attribute, attribute.name, *bound.frame, id);
        if (!added) {
            return added.error().withContext(
                fmt::format("attribute '{}'", shortened(attribute.name)));
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
    switch (proto.type) {
    case Type::Float:
        attribute.data = proto.f;
        break;
    case Type::Int:
        attribute.data = proto.i;
        break;
    case Type::String:
        attribute.data = std::string(proto.s);
        break;
    case Type::Floats:
        attribute.data = proto.floats;
        break;
    case Type::Ints:
        attribute.data = proto.ints;
        break;
    case Type::Strings:
        attribute.data = std::vector<std::string>(proto.strings.begin(), proto.strings.end());
        break;
    case Type::Tensor:
    case Type::SparseTensor: {
        if (proto.tensors.empty() && proto.sparse.empty()) {
            return Error{ErrorCode::BadFormat, "the tensor is missing"};
        }
        auto tensor = proto.type == Type::Tensor && !proto.tensors.empty()
                          ? m_tensors.read(proto.tensors.front())
                      : proto.sparse.empty() ? Result<std::optional<Tensor>>(std::nullopt)
                                             : m_tensors.readSparse(proto.sparse.front());
        if (!tensor) {
            return tensor.error();
        }
        if (*tensor) {
            attribute.data = std::move(**tensor);
        }
        break;
    }
    case Type::Graph:
    case Type::Graphs:
        if (auto bodies = addBodies(proto, name, frame, id, attribute); !bodies) {
            return bodies;
        }
        break;
    default:
        break; // shown by name only
    }
    m_builder.edit(id).attributes.push_back(std::move(attribute));
    return {};
}

Result<void> Translator::addBodies(const OnnxAttribute &proto, std::string_view name,
                                   const NameFrame &frame, NodeId id, Attribute &attribute)
{
    if (frame.depth + 1 >= kDeepestNesting) {
        return Error{
            ErrorCode::Limit,
            fmt::format("bodies and function calls nest more than {} deep", kDeepestNesting)};
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

Result<void> Translator::checkCall(const OnnxFunction &function, const NameFrame &caller) const
{
    for (const NameFrame *at = &caller; at != nullptr; at = at->caller) {
        if (at->function == &function) {
            return Error{ErrorCode::BadFormat, fmt::format("function recursion: '{}' calls itself",
                                                           shortened(function.name))};
        }
    }
    if (caller.depth + 1 >= kDeepestNesting) {
        return Error{
            ErrorCode::Limit,
            fmt::format("bodies and function calls nest more than {} deep", kDeepestNesting)};
    }
    if (m_expandedOps > kMostExpandedOps || m_nameBytes > kMostNameBytes) {
        return Error{ErrorCode::Limit, "local functions expand to too many ops or names"};
    }
    return {};
}

void Translator::bindCall(const OnnxNode &call, const OnnxFunction &function, NameFrame &caller,
                          NameFrame &frame)
{
    for (std::size_t i = 0; i < function.inputs.size(); ++i) {
        const ValueId value = i < call.inputs.size() ? resolve(caller, call.inputs[i]) : ValueId{};
        frame.names.emplace(function.inputs[i], value);
    }
    for (const OnnxAttribute &attribute : function.defaults) {
        frame.attributes[attribute.name] = {&attribute, &frame};
    }
    for (const OnnxAttribute &attribute : call.attributes) {
        BoundAttribute bound{&attribute, &caller};
        if (!attribute.referenced.empty()) {
            const BoundAttributes &outer = caller.callAttributes();
            const auto found = outer.find(attribute.referenced);
            if (found == outer.end()) {
                continue;
            }
            bound = found->second;
        }
        frame.attributes[attribute.name] = bound;
    }
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
    ++m_expandedOps;
    const std::string name =
        call.name.empty() ? fmt::format("{}_{}", call.opType, index) : std::string(call.name);
    NameFrame frame;
    frame.caller = &caller;
    frame.function = &function;
    frame.scope = caller.scope;
    frame.depth = caller.depth + 1;
    frame.prefix = caller.prefix + name + "/";
    bindCall(call, function, caller, frame);

    // Module of the call: where it stands, then its own name.
    const Provenance origin = provenanceOf(call);
    std::string own = name.substr(name.rfind('/') == std::string::npos ? 0 : name.rfind('/') + 1);
    std::replace(own.begin(), own.end(), '.', '_');
    for (const std::string &part : {caller.modulePrefix, origin.module.value_or(""), own}) {
        if (!part.empty()) {
            frame.modulePrefix += frame.modulePrefix.empty() ? part : "." + part;
        }
    }
    m_builder.module(frame.modulePrefix, function.name);

    std::vector<ValueId> outputs;
    for (std::size_t i = 0; i < call.outputs.size() && i < function.outputs.size(); ++i) {
        outputs.push_back(declare(caller, call.outputs[i]));
        if (outputs.back().isValid()) {
            frame.names.emplace(function.outputs[i], outputs.back());
        }
    }
    declareOutputs(function.nodes, frame);
    describeValues(function.valueInfo, frame);
    if (auto nodes = translateNodes(function.nodes, frame); !nodes) {
        return nodes.error().withContext(fmt::format("function '{}'", shortened(function.name)));
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
    const auto &data = node.attributes[0].data;
    if (const auto *tensor = std::get_if<Tensor>(&data)) {
        m_builder.setConstant(node.outputs[0], *tensor);
        return;
    }
    std::optional<Result<Tensor>> made;
    const auto asInts = [](std::span<const std::int64_t> values, Shape shape) {
        const auto bytes = std::as_bytes(values);
        return Tensor::fromBytes({DType::Int64, std::move(shape), nullptr},
                                 std::vector<std::byte>(bytes.begin(), bytes.end()));
    };
    if (const auto *value = std::get_if<std::int64_t>(&data)) {
        made = asInts({value, 1}, {});
    } else if (const auto *values = std::get_if<std::vector<std::int64_t>>(&data)) {
        made = asInts(*values, {static_cast<std::int64_t>(values->size())});
    } else if (const auto *real = std::get_if<double>(&data)) {
        const auto single = static_cast<float>(*real);
        made = Tensor::fromFloats({}, {&single, 1});
    } else if (const auto *reals = std::get_if<std::vector<double>>(&data)) {
        const std::vector<float> singles(reals->begin(), reals->end());
        made = Tensor::fromFloats({static_cast<std::int64_t>(singles.size())}, singles);
    }
    if (made && *made) {
        m_builder.setConstant(node.outputs[0], std::move(**made));
    }
}
} // namespace

Result<void> translateOnnxModel(const OnnxModel &model, OnnxTensorReader &tensors,
                                GraphBuilder &builder, const JobContext &job)
{
    return Translator(model, tensors, builder, job).run();
}

} // namespace syncpoint
