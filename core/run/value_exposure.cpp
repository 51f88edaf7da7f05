#include "core/run/value_exposure.h"
#include "core/base/byte_reader.h"
#include "core/formats/onnx/onnx_types.h"
#include "core/run/onnx_fields.h"

#include <fmt/format.h>
#include <map>
#include <unordered_set>

namespace syncpoint {

namespace {
using namespace onnx_field;
using protozero::pbf_reader;
using protozero::pbf_writer;

std::string_view textOf(const protozero::data_view &view)
{
    return {view.data(), view.size()};
}

void addOutput(std::string &graph, const std::string &name)
{
    pbf_writer writer(graph);
    pbf_writer output(writer, kGraphOutput);
    output.add_string(kValueInfoName, name);
}

/// out = Identity(in)
void addIdentity(std::string &graph, const std::string &in, const std::string &out)
{
    pbf_writer writer(graph);
    pbf_writer node(writer, kGraphNode);
    node.add_string(kNodeInput, in);
    node.add_string(kNodeOutput, out);
    node.add_string(kNodeType, "Identity");
}

/// A constant without elements.
void addEmpty(std::string &graph, const std::string &name, DType dtype)
{
    constexpr std::int32_t kTensorAttribute = 4; // AttributeProto.TENSOR
    pbf_writer writer(graph);
    pbf_writer node(writer, kGraphNode);
    node.add_string(kNodeOutput, name);
    node.add_string(kNodeType, "Constant");
    pbf_writer attribute(node, kNodeAttribute);
    attribute.add_string(kAttributeName, "value");
    attribute.add_int32(kAttributeType, kTensorAttribute);
    pbf_writer tensor(attribute, kAttributeTensor);
    tensor.add_int64(kTensorDims, 0);
    tensor.add_int32(kTensorType, onnxTypeOf(dtype).value_or(0)); // 0: undefined
}

class Exposer
{
public:
    Exposer(const Graph &graph, std::span<const std::string> names) : m_graph(graph)
    {
        for (const std::string &name : names) {
            if (const auto value = graph.findValue(name)) {
                m_wanted[graph.value(*value).scope].push_back(*value);
            }
        }
        for (std::size_t i = 0; i < graph.values().size(); ++i) {
            const Value &value = graph.values()[i];
            if (value.producer.isValid()) {
                m_producers[{value.scope, value.name}] = value.producer;
            }
        }
    }

    std::string model(std::string_view bytes)
    {
        std::string out;
        pbf_writer writer(out);
        pbf_reader reader(bytes.data(), bytes.size());
        while (reader.next()) {
            if (reader.tag() == kModelGraph) {
                writer.add_message(kModelGraph,
                                   graph(textOf(reader.get_view()), ScopeId{0}, 0).bytes);
            } else {
                copyField(reader, writer);
            }
        }
        return out;
    }

private:
    /// A value that a graph hands outward.
    struct Exposed
    {
        std::string local; ///< its name in the graph
        ValueId value;
    };
    struct Body
    {
        std::string bytes; ///< without the further outputs
        std::vector<Exposed> exposed;
    };
    struct GraphAttribute
    {
        std::string others; ///< its other fields
        Body body;
    };

    Body graph(std::string_view bytes, ScopeId scope, int depth)
    {
        Body result;
        std::unordered_set<std::string> outputs;
        std::unordered_set<std::string> produced;
        pbf_writer writer(result.bytes);
        pbf_reader reader(bytes.data(), bytes.size());
        while (reader.next()) {
            if (reader.tag() == kGraphNode) {
                writer.add_message(kGraphNode, node(textOf(reader.get_view()), scope, depth,
                                                    result.exposed, produced));
            } else if (reader.tag() == kGraphOutput) {
                const auto output = reader.get_view();
                pbf_reader info(output);
                if (info.next(kValueInfoName)) {
                    outputs.insert(info.get_string());
                }
                writer.add_message(kGraphOutput, output);
            } else {
                copyField(reader, writer);
            }
        }
        for (const ValueId id : depth > 0 ? m_wanted[scope] : std::vector<ValueId>()) {
            std::string name = m_graph.value(id).name;
            if (produced.count(name) == 0) {
                continue; // made inside a local function, which the runtime knows by other names
            }
            if (outputs.count(name) != 0) {
                const std::string copy = name + "#copy";
                addIdentity(result.bytes, name, copy);
                name = copy;
            }
            result.exposed.push_back({name, id});
        }
        return result;
    }

    std::string node(std::string_view bytes, ScopeId scope, int depth,
                     std::vector<Exposed> &outward, std::unordered_set<std::string> &produced)
    {
        const NodeId id = producerOf(firstOutput(bytes), scope);
        std::string out;
        std::vector<GraphAttribute> bodies;
        std::vector<std::string> attributes;
        pbf_writer writer(out);
        pbf_reader reader(bytes.data(), bytes.size());
        while (reader.next()) {
            if (reader.tag() == kNodeAttribute) {
                const std::string_view attribute = textOf(reader.get_view());
                if (id.isValid() && hasGraph(attribute)) {
                    bodies.push_back(body(attribute, id, depth));
                } else {
                    attributes.emplace_back(attribute);
                }
                continue;
            }
            if (reader.tag() == kNodeOutput) {
                const std::string name = reader.get_string();
                produced.insert(name);
                writer.add_string(kNodeOutput, name);
                continue;
            }
            copyField(reader, writer);
        }
        const std::size_t before = outward.size();
        handOutward(out, bodies, depth, outward);
        for (std::string &attribute : attributes) {
            extendPerOutput(attribute, outward.size() - before);
            writer.add_message(kNodeAttribute, attribute);
        }
        return out;
    }

    NodeId producerOf(const std::string &output, ScopeId scope) const
    {
        const auto found = m_producers.find({scope, output});
        return found == m_producers.end() ? NodeId{} : found->second;
    }

    static bool hasGraph(std::string_view attribute)
    {
        pbf_reader reader(attribute.data(), attribute.size());
        return reader.next(kAttributeGraph, protozero::pbf_wire_type::length_delimited);
    }

    GraphAttribute body(std::string_view attribute, NodeId owner, int depth)
    {
        GraphAttribute result;
        std::string name;
        std::string_view inner;
        pbf_writer writer(result.others);
        pbf_reader reader(attribute.data(), attribute.size());
        while (reader.next()) {
            if (reader.tag() == kAttributeGraph) {
                inner = textOf(reader.get_view());
            } else if (reader.tag() == kAttributeName) {
                name = reader.get_string();
                writer.add_string(kAttributeName, name);
            } else {
                copyField(reader, writer);
            }
        }
        for (const ScopeId scope : m_graph.node(owner).bodies) {
            if (m_graph.scope(scope).name == name) {
                result.body = graph(inner, scope, depth + 1);
                return result;
            }
        }
        result.body.bytes = inner;
        return result;
    }

    /// Adds the results of all bodies to the op's. The bodies of an If must have equally many: what
    /// one of them does not have is empty in it.
    void handOutward(std::string &node, std::vector<GraphAttribute> &bodies, int depth,
                     std::vector<Exposed> &outward)
    {
        pbf_writer writer(node);
        for (const GraphAttribute &owner : bodies) {
            for (const Exposed &exposed : owner.body.exposed) {
                const std::string name = m_graph.qualifiedName(exposed.value);
                const std::string result = depth == 0 ? name : fmt::format("{}#{}", name, depth);
                for (GraphAttribute &other : bodies) {
                    const bool has = &other == &owner;
                    if (!has) {
                        addEmpty(other.body.bytes, result + "#none",
                                 m_graph.value(exposed.value).dtype);
                    }
                    addOutput(other.body.bytes, has ? exposed.local : result + "#none");
                }
                writer.add_string(kNodeOutput, result);
                outward.push_back({result, exposed.value});
            }
        }
        for (const GraphAttribute &attribute : bodies) {
            pbf_writer copy(writer, kNodeAttribute);
            appendRaw(copy, attribute.others);
            copy.add_message(kAttributeGraph, attribute.body.bytes);
        }
    }

    /// A Scan may say along which axis and in which direction each result is stacked: the first and
    /// forward for the new ones, which is 0 for both.
    static void extendPerOutput(std::string &attribute, std::size_t count)
    {
        pbf_reader reader(attribute);
        const std::string name = reader.next(kAttributeName) ? reader.get_string() : std::string();
        if (name != "scan_output_axes" && name != "scan_output_directions") {
            return;
        }
        pbf_writer writer(attribute);
        for (std::size_t i = 0; i < count; ++i) {
            writer.add_int64(kAttributeInts, 0);
        }
    }

    static void appendRaw(pbf_writer &writer, std::string_view fields)
    {
        pbf_reader reader(fields.data(), fields.size());
        while (reader.next()) {
            copyField(reader, writer);
        }
    }

    const Graph &m_graph;
    std::map<ScopeId, std::vector<ValueId>> m_wanted;
    std::map<std::pair<ScopeId, std::string>, NodeId> m_producers;
};
} // namespace

Result<std::string> exposeValues(std::span<const std::byte> model, const Graph &graph,
                                 std::span<const std::string> names)
{
    try {
        return Exposer(graph, names).model(asText(model));
    } catch (const protozero::exception &) {
        return Error{ErrorCode::BadFormat, "the model is damaged: it is not valid protobuf"};
    }
}

} // namespace syncpoint
