#include "core/formats/hdf5/dump_json.h"

#include "core/formats/hdf5/json_fields.h"
#include "core/formats/origin_json.h"
#include "core/graph/graph_builder.h"

#include <map>
#include <set>
#include <utility>

namespace syncpoint::hdf5 {
namespace {

/// The list under `key`; empty when it is missing or no list.
const Json &listIn(const Json &object, const char *key)
{
    static const Json none = Json::array();
    const auto found = object.find(key);
    return found != object.end() && found->is_array() ? *found : none;
}

std::vector<std::string> namesIn(const Json &list)
{
    std::vector<std::string> names;
    for (const Json &name : list) {
        if (name.is_string() && !name.get_ref<const std::string &>().empty()) {
            names.push_back(name.get<std::string>());
        }
    }
    return names;
}

/// The extents under "shape"; nothing when they are none.
std::optional<Shape> shapeIn(const Json &object)
{
    const auto found = object.find("shape");
    if (found == object.end() || !found->is_array()) {
        return std::nullopt;
    }
    Shape shape;
    for (const Json &extent : *found) {
        if (!extent.is_number_unsigned()) {
            return std::nullopt;
        }
        shape.push_back(extent.get<std::int64_t>());
    }
    return elementCount(shape) ? std::optional(shape) : std::nullopt;
}

Json constantsOf(const Graph &graph)
{
    Json constants = Json::object();
    for (std::size_t i = 0; i < graph.values().size(); ++i) {
        const Value &value = graph.values()[i];
        if (value.isConstant) {
            Json &constant = constants[graph.qualifiedName(ValueId{i})];
            constant["dtype"] = dtypeName(value.dtype);
            if (value.shape) {
                constant["shape"] = *value.shape;
            }
        }
    }
    return constants;
}

/// Fills a builder and remembers which values the graph has.
class GraphReader
{
public:
    explicit GraphReader(ModelInfo info) : m_builder(std::move(info)) {}

    void read(const Json &graph)
    {
        for (const std::string &name : namesIn(listIn(graph, "inputs"))) {
            m_builder.addInput(m_builder.mainScope(), local(name));
            m_made.insert(name);
        }
        for (const Json &node : listIn(graph, "nodes")) {
            if (node.is_object()) {
                addNode(node);
            }
        }
        addConstants(graph);
        addModuleClasses(graph);
        for (const std::string &name : namesIn(listIn(graph, "outputs"))) {
            m_builder.addOutput(m_builder.mainScope(), local(name));
        }
    }

    /// Types of all values that were captured, and the numbers of parameters.
    void addTensors(const TensorStore &store)
    {
        for (std::size_t i = 0; i < store.entries().size(); ++i) {
            const TensorEntry &entry = store.entries()[i];
            const auto found = m_values.find(entry.name);
            if (found == m_values.end()) {
                continue;
            }
            const bool isParameter = entry.kind == TensorEntry::Kind::Parameter;
            if (isParameter && m_made.count(entry.name) == 0) {
                addParameter(found->second, entry, store.read(TensorId{i}));
                continue;
            }
            Value &value = m_builder.edit(found->second);
            value.dtype = entry.info.dtype;
            value.shape = entry.info.shape;
            value.quantization = entry.info.quantization;
        }
    }

    Result<std::shared_ptr<const Graph>> build() { return m_builder.build(); }

private:
    ValueId local(const std::string &name)
    {
        const ValueId id = m_builder.localValue(m_builder.mainScope(), name);
        m_values.emplace(name, id);
        return id;
    }

    void addNode(const Json &json)
    {
        Node node;
        node.name = textIn(json, "name");
        node.opType = textIn(json, "op_type");
        node.scope = m_builder.mainScope();
        node.module = m_builder.module(textIn(json, "module"));
        for (const Json &input : listIn(json, "inputs")) { // "" is an absent optional input
            const bool isNamed = input.is_string() && !input.get_ref<const std::string &>().empty();
            node.inputs.push_back(isNamed ? local(input.get<std::string>()) : ValueId{});
        }
        for (const std::string &output : namesIn(listIn(json, "outputs"))) {
            node.outputs.push_back(local(output));
            m_made.insert(output);
        }
        node.source = framesFromJson(listIn(json, "source"));
        node.origins = originsFromJson(listIn(json, "origins"));
        m_builder.addNode(std::move(node));
    }

    /// Weights, whose numbers are only in the model.
    void addConstants(const Json &graph)
    {
        const auto constants = graph.find("constants");
        if (constants == graph.end() || !constants->is_object()) {
            return;
        }
        for (const auto &[name, constant] : constants->items()) {
            const auto found = m_values.find(name);
            if (found == m_values.end() || m_made.count(name) != 0 || !constant.is_object()) {
                continue;
            }
            Value &value = m_builder.edit(found->second);
            value.isConstant = true;
            value.dtype = dtypeFromName(textIn(constant, "dtype")).value_or(DType::Undefined);
            value.shape = shapeIn(constant);
        }
    }

    void addModuleClasses(const Json &graph)
    {
        const auto classes = graph.find("modules");
        if (classes == graph.end() || !classes->is_object()) {
            return;
        }
        for (const auto &[path, className] : classes->items()) {
            if (className.is_string()) {
                m_builder.module(path, className.get_ref<const std::string &>());
            }
        }
    }

    void addParameter(ValueId value, const TensorEntry &entry, Result<Tensor> numbers)
    {
        if (numbers) {
            m_builder.setConstant(value, std::move(numbers).value());
        } else { // what reads it can still be told apart from ops on data
            m_builder.setConstantWithoutData(value, entry.info.dtype, entry.info.shape);
        }
    }

    GraphBuilder m_builder;
    std::map<std::string, ValueId> m_values;
    std::set<std::string> m_made; ///< inputs and results of ops
};

Json namesOf(const Graph &graph, std::span<const ValueId> values)
{
    Json names = Json::array();
    for (const ValueId value : values) {
        names.push_back(value.isValid() ? graph.qualifiedName(value) : std::string{});
    }
    return names;
}

} // namespace

std::string graphToJson(const Graph &graph)
{
    Json nodes = Json::array();
    for (const Node &node : graph.nodes()) {
        Json item{{"name", node.name},
                  {"op_type", node.opType},
                  {"inputs", namesOf(graph, node.inputs)},
                  {"outputs", namesOf(graph, node.outputs)},
                  {"module", graph.module(node.module).path},
                  {"source", framesToJson(node.source)}};
        if (!node.origins.empty()) {
            item["origins"] = originsToJson(node.origins);
        }
        nodes.push_back(std::move(item));
    }
    Json classes = Json::object();
    for (const Module &module : graph.modules()) {
        if (!module.path.empty() && !module.className.empty()) {
            classes[module.path] = module.className;
        }
    }
    return dumped({{"nodes", std::move(nodes)},
                   {"inputs", namesOf(graph, graph.mainScope().inputs)},
                   {"outputs", namesOf(graph, graph.mainScope().outputs)},
                   {"constants", constantsOf(graph)},
                   {"modules", std::move(classes)}});
}

Result<std::shared_ptr<const Graph>> graphFromJson(std::string_view json, ModelInfo info,
                                                   const TensorStore *tensors)
{
    try {
        const auto parsed = parsedObject(json);
        if (!parsed) {
            return parsed.error();
        }
        GraphReader reader(std::move(info));
        reader.read(*parsed);
        if (tensors != nullptr) {
            reader.addTensors(*tensors);
        }
        return reader.build();
    } catch (const std::exception &problem) { // JSON types and memory
        return Error{ErrorCode::BadFormat, problem.what()};
    }
}

} // namespace syncpoint::hdf5
