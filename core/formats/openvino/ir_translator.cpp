#include "core/formats/openvino/ir_translator.h"

#include "core/formats/copy_budget.h"
#include "core/formats/module_inference.h"
#include "core/formats/openvino/ir_attributes.h"
#include "core/formats/openvino/ir_op.h"
#include "core/formats/openvino/ir_quantization.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace syncpoint {

namespace {
constexpr int kDeepestNesting = 64;
using Void = Result<void>;

/// A port of a layer, by the numbers of both.
std::uint64_t portKey(std::uint32_t layer, std::uint32_t port)
{
    return std::uint64_t{layer} << 32U | port;
}

std::string layerText(const pugi::xml_node &layer)
{
    constexpr std::size_t kShown = 80;
    const auto text = [&layer](const char *name) {
        return std::string_view(layer.attribute(name).value()).substr(0, kShown);
    };
    return fmt::format("layer {} '{}'", text("id"), text("name"));
}

/// One <net> or body at its place in the graph.
struct Frame
{
    pugi::xml_node net;
    ScopeId scope;
    int depth = 0;
    std::unordered_map<std::uint64_t, ValueId> values{};      ///< per output port
    std::unordered_map<std::uint64_t, std::uint64_t> edges{}; ///< input port → output port
    std::unordered_map<std::string, std::size_t> sameNames{}; ///< how often a name was taken
    std::vector<std::uint32_t> parameters{};                  ///< layer of each input
    std::vector<std::uint32_t> results{};                     ///< layer of each output
};

class IrTranslator
{
public:
    IrTranslator(ExternalDataFiles &files, const std::string &weights, GraphBuilder &builder,
                 const JobContext &job)
        : m_builder(builder), m_job(job)
    {
        auto file = files.open(weights);
        m_weights = file ? *std::move(file) : nullptr;
    }

    Void run(const pugi::xml_node &net)
    {
        Frame frame{net, m_builder.mainScope()};
        if (auto done = translate(frame); !done) {
            return done;
        }
        noteConstants();
        inferModules(m_builder, std::move(m_moduleIsKnown));
        applyIrQuantization(m_builder);
        return {};
    }

private:
    void noteConstants()
    {
        const auto warn = [this](std::string text) {
            m_builder.addDiagnostic({Diagnostic::Severity::Warning, "", std::move(text)});
        };
        if (m_missingData > 0) {
            warn(fmt::format("{} constants have no data: the file of weights beside the model is "
                             "missing or does not fit",
                             m_missingData));
        }
        for (const auto &[type, count] : m_undecoded) {
            warn(fmt::format("{} constants have no data: numbers of type '{}' are not decoded",
                             count, type));
        }
    }

    Void translate(Frame &frame)
    {
        for (const pugi::xml_node layer : frame.net.child("layers").children("layer")) {
            if (auto done = declareOutputs(layer, frame); !done) {
                return done.error().withContext(layerText(layer));
            }
        }
        for (const pugi::xml_node edge : frame.net.child("edges").children("edge")) {
            frame.edges.emplace(
                portKey(edge.attribute("to-layer").as_uint(), edge.attribute("to-port").as_uint()),
                portKey(edge.attribute("from-layer").as_uint(),
                        edge.attribute("from-port").as_uint()));
        }
        for (const pugi::xml_node layer : frame.net.child("layers").children("layer")) {
            if (m_job.isCancelled()) {
                return JobContext::cancelledError();
            }
            if (auto done = translateLayer(layer, frame); !done) {
                return done.error().code == ErrorCode::Cancelled
                           ? done
                           : done.error().withContext(layerText(layer));
            }
            m_job.advance();
        }
        return {};
    }

    Void declareOutputs(const pugi::xml_node &layer, Frame &frame)
    {
        const std::uint32_t id = layer.attribute("id").as_uint();
        const auto ports = layer.child("output").children("port");
        const bool isOnly = std::distance(ports.begin(), ports.end()) == 1;
        for (const pugi::xml_node port : ports) {
            const std::uint32_t portId = port.attribute("id").as_uint();
            const auto names = namesOfIr(port.attribute("names").value());
            const std::string own = layer.attribute("name").value();
            const std::string wanted = !names.empty() ? names.front()
                                       : own.empty()  ? fmt::format("layer_{}_{}", id, portId)
                                       : isOnly       ? own
                                                      : fmt::format("{}:{}", own, portId);
            const auto value = declare(wanted, frame);
            if (!value) {
                return value.error();
            }
            Value &declared = m_builder.edit(*value);
            declared.dtype = dtypeOfIr(port.attribute("precision").value());
            declared.shape = shapeOfPort(port);
            if (!frame.values.emplace(portKey(id, portId), *value).second) {
                return Error{ErrorCode::BadFormat,
                             fmt::format("output port {} is there twice", portId)};
            }
        }
        return {};
    }

    Result<ValueId> declare(const std::string &wanted, Frame &frame)
    {
        // Values are known by the path of their scope and their name.
        const std::size_t path = m_builder.scopes()[frame.scope.index()].path.size();
        if (auto taken = m_budget.take(0, path + wanted.size()); !taken) {
            return taken.error();
        }
        std::string name = wanted;
        for (std::size_t &count = frame.sameNames[wanted];
             m_builder.findLocalValue(frame.scope, name);) {
            name = fmt::format("{}_{}", wanted, ++count + 1);
        }
        return m_builder.localValue(frame.scope, name);
    }

    static std::optional<Shape> shapeOfPort(const pugi::xml_node &port)
    {
        Shape shape;
        for (const pugi::xml_node extent : port.children("dim")) {
            shape.push_back(std::max<std::int64_t>(extent.text().as_llong(-1), -1));
        }
        return shape;
    }

    Void translateLayer(const pugi::xml_node &layer, Frame &frame)
    {
        const std::uint32_t id = layer.attribute("id").as_uint();
        const std::string_view type = layer.attribute("type").value();
        const auto inputs = inputsOf(layer, id, frame);
        if (!inputs) {
            return inputs.error();
        }
        const std::vector<ValueId> outputs = outputsOf(layer, id, frame);
        if (type == "Result") {
            for (const ValueId value : *inputs) {
                m_builder.addOutput(frame.scope, value);
            }
            frame.results.push_back(id);
            return {};
        }
        if (type == "Parameter" || type == "Input") {
            for (const ValueId value : outputs) {
                m_builder.addInput(frame.scope, value);
            }
            frame.parameters.push_back(id);
            return {};
        }
        if (type == "Const" && outputs.size() == 1) {
            setConstant(layer.child("data"), outputs.front());
            return {};
        }
        return addOp(layer, *inputs, outputs, frame);
    }

    static std::vector<ValueId> outputsOf(const pugi::xml_node &layer, std::uint32_t id,
                                          const Frame &frame)
    {
        std::vector<ValueId> outputs;
        for (const pugi::xml_node port : layer.child("output").children("port")) {
            outputs.push_back(frame.values.at(portKey(id, port.attribute("id").as_uint())));
        }
        return outputs;
    }

    static Result<std::vector<ValueId>> inputsOf(const pugi::xml_node &layer, std::uint32_t id,
                                                 const Frame &frame)
    {
        std::vector<ValueId> inputs;
        for (const pugi::xml_node port : layer.child("input").children("port")) {
            const std::uint32_t portId = port.attribute("id").as_uint();
            const auto edge = frame.edges.find(portKey(id, portId));
            if (edge == frame.edges.end()) {
                inputs.emplace_back(); // an optional input that is absent
                continue;
            }
            const auto value = frame.values.find(edge->second);
            if (value == frame.values.end()) {
                return Error{ErrorCode::BadFormat,
                             fmt::format("its input port {} is fed by layer {}, which has no "
                                         "output port {}",
                                         portId, edge->second >> 32U, edge->second & 0xFFFFFFFFU)};
            }
            inputs.push_back(value->second);
        }
        return inputs;
    }

    void setConstant(const pugi::xml_node &data, ValueId id)
    {
        const std::string_view type = data.attribute("element_type").value();
        const auto shape = shapeOfIr(data.attribute("shape").value());
        Value &value = m_builder.edit(id);
        const DType dtype = type.empty() ? value.dtype : dtypeOfIr(type);
        const Shape extents = shape ? *shape : value.shape.value_or(Shape{});
        const std::uint64_t offset = data.attribute("offset").as_ullong();
        const std::uint64_t size = data.attribute("size").as_ullong();
        if (!type.empty() && !isDecodedIrType(type)) {
            ++m_undecoded[std::string(type.substr(0, 16))];
            m_builder.setConstantWithoutData(id, dtype, extents);
            return;
        }
        const auto file = m_weights ? m_weights->bytes() : std::span<const std::byte>{};
        if (m_weights && offset <= file.size() && size <= file.size() - offset) {
            auto tensor =
                Tensor::wrap({dtype, extents, nullptr}, file.subspan(offset, size), m_weights);
            if (tensor) {
                m_builder.setConstant(id, *std::move(tensor));
                return;
            }
        }
        ++m_missingData;
        m_builder.setConstantWithoutData(id, dtype, extents);
    }

    Void addOp(const pugi::xml_node &layer, std::vector<ValueId> inputs,
               std::vector<ValueId> outputs, Frame &frame)
    {
        Node node = describeIrOp(layer);
        node.scope = frame.scope;
        node.inputs = std::move(inputs);
        node.outputs = std::move(outputs);
        if (auto set = setModule(node); !set) {
            return set;
        }
        const NodeId id = m_builder.addNode(std::move(node));
        return addBodies(layer, id, frame);
    }

    Void setModule(Node &node)
    {
        const auto module = moduleOfIrOp(node);
        m_moduleIsKnown.push_back(module.has_value());
        if (!module) {
            return {};
        }
        const std::size_t known = m_builder.modules().size();
        node.module = m_builder.module(*module);
        // A new module brings parents, each with its own path.
        return m_budget.take(0, (m_builder.modules().size() - known) * module->size());
    }

    /// <body>, <then_body> and <else_body>; which port of the op feeds which of their inputs is an
    /// attribute of the op, such as "then_inputs": a port per input, −1 for none.
    Void addBodies(const pugi::xml_node &layer, NodeId owner, Frame &outer)
    {
        for (const pugi::xml_node body : layer.children()) {
            const std::string_view role = body.name();
            if (role != "body" && !role.ends_with("_body")) {
                continue;
            }
            if (outer.depth + 1 >= kDeepestNesting) {
                return Error{ErrorCode::Limit,
                             fmt::format("bodies are nested more than {} deep", kDeepestNesting)};
            }
            const ScopeId scope = m_builder.addScope(owner, std::string(role));
            const std::string &path = m_builder.scopes()[scope.index()].path;
            if (auto taken = m_budget.take(0, path.size()); !taken) {
                return taken;
            }
            Frame frame{body, scope, outer.depth + 1};
            if (auto done = translate(frame); !done) {
                return done;
            }
            const std::string kind(role.substr(0, role.size() - std::string_view("body").size()));
            const pugi::xml_node ports = layer.child((kind + "port_map").c_str());
            auto &attributes = m_builder.edit(owner).attributes;
            attributes.push_back({std::string(role), scope});
            attributes.push_back({kind + "inputs", portsOf(ports, "input", frame.parameters)});
            attributes.push_back({kind + "outputs", portsOf(ports, "output", frame.results)});
        }
        return {};
    }

    static std::vector<std::int64_t> portsOf(const pugi::xml_node &map, const char *direction,
                                             const std::vector<std::uint32_t> &layers)
    {
        std::unordered_map<std::uint32_t, std::int64_t> portOf;
        for (const pugi::xml_node entry : map.children(direction)) {
            portOf.emplace(entry.attribute("internal_layer_id").as_uint(),
                           entry.attribute("external_port_id").as_llong(-1));
        }
        std::vector<std::int64_t> ports;
        for (const std::uint32_t layer : layers) {
            const auto found = portOf.find(layer);
            ports.push_back(found == portOf.end() ? -1 : found->second);
        }
        return ports;
    }

    std::shared_ptr<const MappedFile> m_weights; ///< null when there are none
    GraphBuilder &m_builder;
    const JobContext &m_job;
    CopyBudget m_budget;
    std::vector<bool> m_moduleIsKnown; ///< per op of the builder
    std::size_t m_missingData = 0;
    std::map<std::string, std::size_t> m_undecoded; ///< constants by their type
};
} // namespace

Result<void> translateIr(const pugi::xml_node &net, ExternalDataFiles &files,
                         const std::string &weights, GraphBuilder &builder, const JobContext &job)
{
    return IrTranslator(files, weights, builder, job).run(net);
}

} // namespace syncpoint
