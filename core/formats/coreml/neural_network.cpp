#include "core/formats/coreml/neural_network.h"

#include "core/formats/coreml/nn_layers.h"
#include "core/formats/coreml/nn_weights.h"
#include "core/formats/protobuf_cursor.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>
#include <utility>

namespace syncpoint {

namespace {
constexpr int kDeepestNetwork = 64;
constexpr std::uint32_t kActivation = 130, kBranch = 605, kLoop = 615;

struct Layer
{
    std::string_view name;
    std::vector<std::string_view> inputs, outputs;
    std::vector<Shape> outputShapes;
    std::uint32_t kind = 0; ///< field number of `parameters`
    std::string_view parameters;
};

bool readTensorShape(std::string_view message, Shape &shape)
{
    ProtobufCursor cursor(message);
    while (cursor.next()) {
        if (cursor.field() == bytesField(2)) {
            cursor.packedVarints(shape);
        } else if (cursor.field() == varintField(2)) {
            shape.push_back(cursor.integer());
        }
    }
    return !cursor.failed();
}

bool readLayer(std::string_view message, Layer &layer)
{
    constexpr std::uint32_t kFirstKind = 100;
    ProtobufCursor cursor(message);
    bool isSound = true;
    while (isSound && cursor.next()) {
        const std::uint32_t number = cursor.field() >> 3U;
        if (cursor.field() == bytesField(1)) {
            layer.name = cursor.bytes();
        } else if (cursor.field() == bytesField(2)) {
            layer.inputs.push_back(cursor.bytes());
        } else if (cursor.field() == bytesField(3)) {
            layer.outputs.push_back(cursor.bytes());
        } else if (cursor.field() == bytesField(5)) {
            isSound = readTensorShape(cursor.bytes(), layer.outputShapes.emplace_back());
        } else if (number >= kFirstKind && cursor.field() == bytesField(number)) {
            layer.kind = number;
            layer.parameters = cursor.bytes();
        }
    }
    return isSound && !cursor.failed();
}

/// What the description of a kind of layer has of one layer.
struct Parameters
{
    std::vector<Attribute> attributes;
    std::vector<std::pair<const NnField *, std::string_view>> weights;
};

bool readParameters(std::string_view message, std::span<const NnField> fields, Parameters &out)
{
    std::vector<std::vector<std::int64_t>> lists(fields.size());
    ProtobufCursor cursor(message);
    while (cursor.next()) {
        const std::uint32_t number = cursor.field() >> 3U;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const NnField &field = fields[i];
            if (field.number != number) {
                continue;
            }
            using Kind = NnField::Kind;
            if (field.kind == Kind::Weights && cursor.field() == bytesField(number)) {
                out.weights.emplace_back(&field, cursor.bytes());
            } else if (field.kind == Kind::Real && cursor.field() == float32Field(number)) {
                const auto value = static_cast<double>(cursor.float32());
                out.attributes.push_back({std::string(field.name), value});
            } else if (field.kind == Kind::Integer && cursor.field() == varintField(number)) {
                out.attributes.push_back({std::string(field.name), cursor.integer()});
            } else if (field.kind == Kind::Integers && cursor.field() == bytesField(number)) {
                cursor.packedVarints(lists[i]);
            } else if (field.kind == Kind::Integers && cursor.field() == varintField(number)) {
                lists[i].push_back(cursor.integer());
            }
            break;
        }
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (!lists[i].empty()) {
            out.attributes.push_back({std::string(fields[i].name), std::move(lists[i])});
        }
    }
    return !cursor.failed();
}

/// The extents that the named attributes give, one after the other.
Shape shapeOf(std::string_view names, const std::vector<Attribute> &attributes)
{
    Shape shape;
    while (!names.empty()) {
        const std::size_t end = std::min(names.find(' '), names.size());
        const std::string_view name = names.substr(0, end);
        names.remove_prefix(std::min(end + 1, names.size()));
        const auto found = std::find_if(attributes.begin(), attributes.end(),
                                        [name](const Attribute &a) { return a.name == name; });
        if (found == attributes.end()) {
            return {-1}; // fits nothing
        }
        if (const auto *one = std::get_if<std::int64_t>(&found->data)) {
            shape.push_back(*one);
        } else if (const auto *list = std::get_if<std::vector<std::int64_t>>(&found->data)) {
            shape.insert(shape.end(), list->begin(), list->end());
        }
    }
    return shape;
}

class NetworkTranslator
{
public:
    NetworkTranslator(std::shared_ptr<const MappedFile> file, GraphBuilder &builder,
                      const JobContext &job)
        : m_file(std::move(file)), m_builder(builder), m_job(job)
    {
    }

    void declareInputs(const std::vector<MilNamedType> &inputs);
    void declareOutputs(const std::vector<MilNamedType> &outputs);
    Result<void> translateNetwork(std::string_view message, ScopeId scope, int depth);

private:
    Result<void> translateLayer(const Layer &layer, ScopeId scope, int depth);
    Result<void> addWeights(const Layer &layer, const Parameters &parameters, Node &node);
    Result<void> addBodies(const Layer &layer, NodeId id, int depth);
    ValueId define(std::string_view name, ScopeId scope);
    ValueId use(std::string_view name, ScopeId scope);

    std::shared_ptr<const MappedFile> m_file;
    GraphBuilder &m_builder;
    const JobContext &m_job;
    std::unordered_map<std::string_view, ValueId> m_current; ///< what a name means by now
    std::unordered_map<std::string_view, int> m_writes;
    std::vector<std::pair<std::string_view, ValueId>> m_earlier; ///< meanings, to go back to
};

void NetworkTranslator::declareInputs(const std::vector<MilNamedType> &inputs)
{
    for (const MilNamedType &input : inputs) {
        const ValueId id = define(input.name, m_builder.mainScope());
        if (id.isValid()) {
            m_builder.edit(id).dtype = input.type.dtype;
            m_builder.edit(id).shape = input.type.shape;
            m_builder.addInput(m_builder.mainScope(), id);
        }
    }
}

void NetworkTranslator::declareOutputs(const std::vector<MilNamedType> &outputs)
{
    for (const MilNamedType &output : outputs) {
        const auto found = m_current.find(output.name);
        if (found == m_current.end() || !found->second.isValid()) {
            continue; // classifiers add labels that no layer makes
        }
        Value &value = m_builder.edit(found->second);
        if (!value.shape && output.type.shape) {
            value.shape = output.type.shape;
        }
        m_builder.addOutput(m_builder.mainScope(), found->second);
    }
}

ValueId NetworkTranslator::define(std::string_view name, ScopeId scope)
{
    const int writes = ++m_writes[name];
    const ValueId id = m_builder.localValue(
        scope, writes == 1 ? std::string(name) : fmt::format("{}#{}", name, writes));
    ValueId &current = m_current[name];
    m_earlier.emplace_back(name, std::exchange(current, id));
    return id;
}

ValueId NetworkTranslator::use(std::string_view name, ScopeId scope)
{
    const auto found = m_current.find(name);
    const bool isKnown = found != m_current.end() && found->second.isValid();
    return isKnown ? found->second : m_builder.value(scope, name);
}

Result<void> NetworkTranslator::addWeights(const Layer &layer, const Parameters &parameters,
                                           Node &node)
{
    for (const auto &[field, message] : parameters.weights) {
        auto tensor = readNnWeights(message, shapeOf(field->shape, parameters.attributes), m_file);
        if (!tensor) {
            return tensor.error().withContext(std::string(field->name));
        }
        if (tensor->elements() == 0) {
            continue;
        }
        const ValueId id =
            m_builder.localValue(node.scope, fmt::format("{}:{}", layer.name, field->name));
        m_builder.setConstant(id, *std::move(tensor));
        node.inputs.push_back(id);
    }
    return {};
}

Result<void> NetworkTranslator::addBodies(const Layer &layer, NodeId id, int depth)
{
    const bool isBranch = layer.kind == kBranch;
    const std::string_view names[]{isBranch ? "true_branch" : "condition",
                                   isBranch ? "false_branch" : "body"};
    const std::uint32_t first = isBranch ? 1 : 3;
    ProtobufCursor cursor(layer.parameters);
    while (cursor.next()) {
        for (std::uint32_t i = 0; i < 2; ++i) {
            if (cursor.field() != bytesField(first + i)) {
                continue;
            }
            const std::size_t outside = m_earlier.size();
            const ScopeId scope = m_builder.addScope(id, std::string(names[i]));
            m_builder.edit(id).attributes.push_back({std::string(names[i]), scope});
            if (auto done = translateNetwork(cursor.bytes(), scope, depth + 1); !done) {
                return done;
            }
            for (; m_earlier.size() > outside; m_earlier.pop_back()) {
                m_current[m_earlier.back().first] = m_earlier.back().second;
            }
            break;
        }
    }
    return cursor.failed() ? Result<void>(Error{ErrorCode::BadFormat, "its networks are damaged"})
                           : Result<void>{};
}

Result<void> NetworkTranslator::translateLayer(const Layer &layer, ScopeId scope, int depth)
{
    const NnLayer *kind = nnLayer(layer.kind);
    std::string_view message = layer.parameters;
    if (layer.kind == kActivation) {
        ProtobufCursor cursor(layer.parameters);
        if (cursor.next() && (cursor.field() & 7U) == 2U) {
            const NnLayer *function = nnActivation(cursor.field() >> 3U);
            kind = function != nullptr ? function : kind;
            message = cursor.bytes();
        }
    }
    Node node;
    node.name = layer.name;
    node.opType = kind != nullptr ? std::string(kind->name) : fmt::format("layer{}", layer.kind);
    node.scope = scope;
    for (const std::string_view input : layer.inputs) {
        node.inputs.push_back(use(input, scope));
    }
    Parameters parameters;
    if (kind != nullptr && !readParameters(message, kind->fields, parameters)) {
        return Error{ErrorCode::BadFormat, "its parameters are damaged"};
    }
    if (auto added = addWeights(layer, parameters, node); !added) {
        return added;
    }
    node.attributes = std::move(parameters.attributes);
    for (std::size_t i = 0; i < layer.outputs.size(); ++i) {
        const ValueId output = define(layer.outputs[i], scope);
        node.outputs.push_back(output);
        if (output.isValid()) {
            Value &value = m_builder.edit(output);
            value.dtype = DType::Float32; // what every layer works with
            if (i < layer.outputShapes.size() && !layer.outputShapes[i].empty()) {
                value.shape = layer.outputShapes[i];
            }
        }
    }
    const NodeId id = m_builder.addNode(std::move(node));
    return layer.kind == kBranch || layer.kind == kLoop ? addBodies(layer, id, depth)
                                                        : Result<void>{};
}

Result<void> NetworkTranslator::translateNetwork(std::string_view message, ScopeId scope, int depth)
{
    if (depth > kDeepestNetwork) {
        return Error{ErrorCode::Limit,
                     fmt::format("networks nest more than {} deep", kDeepestNetwork)};
    }
    ProtobufCursor cursor(message);
    std::size_t index = 0;
    while (cursor.next()) {
        if (cursor.field() != bytesField(1)) {
            continue;
        }
        if (m_job.isCancelled()) {
            return JobContext::cancelledError();
        }
        Layer layer;
        const bool isSound = readLayer(cursor.bytes(), layer);
        auto done = isSound ? translateLayer(layer, scope, depth)
                            : Error{ErrorCode::BadFormat, "a field is damaged"};
        if (!done) {
            return done.error().code == ErrorCode::Cancelled
                       ? done
                       : done.error().withContext(
                             fmt::format("layer {} '{}'", index, layer.name.substr(0, 80)));
        }
        ++index;
        m_job.advance();
    }
    return cursor.failed()
               ? Result<void>(Error{ErrorCode::BadFormat, "the network ends inside a layer"})
               : Result<void>{};
}
} // namespace

Result<void> translateNeuralNetwork(const CoreMlModel &model,
                                    const std::shared_ptr<const MappedFile> &file,
                                    GraphBuilder &builder, const JobContext &job)
{
    job.beginStage("loading");
    NetworkTranslator translator(file, builder, job);
    translator.declareInputs(model.inputs);
    if (auto done = translator.translateNetwork(model.neuralNetwork, builder.mainScope(), 0);
        !done) {
        return done;
    }
    translator.declareOutputs(model.outputs);
    return {};
}

} // namespace syncpoint
