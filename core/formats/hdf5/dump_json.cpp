#include "core/formats/hdf5/dump_json.h"

#include "core/formats/origin_json.h"
#include "core/graph/graph_builder.h"

#include <array>
#include <limits>
#include <map>
#include <new>
#include <nlohmann/json.hpp>
#include <utility>

namespace syncpoint::hdf5 {
namespace {

using Json = nlohmann::json;

std::string dumped(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace); // names may be any bytes
}

std::string textIn(const Json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

double numberIn(const Json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_number() ? found->get<double>() : 0.0;
}

template <typename Number>
Number countIn(const Json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_number_unsigned() ? found->get<Number>() : Number{0};
}

/// The list under `key`; empty when it is missing or no list.
const Json &listIn(const Json &object, const char *key)
{
    static const Json none = Json::array();
    const auto found = object.find(key);
    return found != object.end() && found->is_array() ? *found : none;
}

Result<Json> parsedObject(std::string_view text)
{
    Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) {
        return Error{ErrorCode::BadFormat, "the text is not a JSON object"};
    }
    return json;
}

/// Python's bare NaN, Infinity and -Infinity outside strings become null.
std::string withoutBareNonFinite(std::string_view text)
{
    constexpr std::array<std::string_view, 3> kTokens{"-Infinity", "Infinity", "NaN"};
    std::string result;
    result.reserve(text.size());
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (inString && text[i] == '\\' && i + 1 < text.size()) {
            result += text[i++];
        } else if (text[i] == '"') {
            inString = !inString;
        } else if (!inString) {
            const auto *token = kTokens.begin();
            while (token != kTokens.end() && !text.substr(i).starts_with(*token)) {
                ++token;
            }
            if (token != kTokens.end()) {
                result += "null";
                i += token->size() - 1;
                continue;
            }
        }
        result += text[i];
    }
    return result;
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

/// Fills a builder and remembers which values the graph has.
class GraphReader
{
public:
    explicit GraphReader(ModelInfo info) : m_builder(std::move(info)) {}

    void read(const Json &graph)
    {
        for (const std::string &name : namesIn(listIn(graph, "inputs"))) {
            m_builder.addInput(m_builder.mainScope(), local(name));
        }
        for (const Json &node : listIn(graph, "nodes")) {
            if (node.is_object()) {
                addNode(node);
            }
        }
        for (const std::string &name : namesIn(listIn(graph, "outputs"))) {
            m_builder.addOutput(m_builder.mainScope(), local(name));
        }
    }

    void addTypes(const TensorStore &store)
    {
        for (const TensorEntry &entry : store.entries()) {
            const auto found = m_values.find(entry.name);
            if (found != m_values.end()) {
                Value &value = m_builder.edit(found->second);
                value.dtype = entry.info.dtype;
                value.shape = entry.info.shape;
                value.quantization = entry.info.quantization;
            }
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
        }
        node.source = framesFromJson(listIn(json, "source"));
        node.origins = originsFromJson(listIn(json, "origins"));
        m_builder.addNode(std::move(node));
    }

    GraphBuilder m_builder;
    std::map<std::string, ValueId> m_values;
};

Json namesOf(const Graph &graph, std::span<const ValueId> values)
{
    Json names = Json::array();
    for (const ValueId value : values) {
        names.push_back(value.isValid() ? graph.qualifiedName(value) : std::string{});
    }
    return names;
}

constexpr std::array kLatencyFields{
    std::pair{"p50", &LatencySummary::p50},   std::pair{"p90", &LatencySummary::p90},
    std::pair{"p95", &LatencySummary::p95},   std::pair{"p99", &LatencySummary::p99},
    std::pair{"mean", &LatencySummary::mean}, std::pair{"stdev", &LatencySummary::stdev},
    std::pair{"min", &LatencySummary::min},   std::pair{"max", &LatencySummary::max},
};

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
    return dumped({{"nodes", std::move(nodes)},
                   {"inputs", namesOf(graph, graph.mainScope().inputs)},
                   {"outputs", namesOf(graph, graph.mainScope().outputs)}});
}

Result<std::shared_ptr<const Graph>> graphFromJson(std::string_view json, ModelInfo info,
                                                   const TensorStore *types)
{
    try {
        const auto parsed = parsedObject(json);
        if (!parsed) {
            return parsed.error();
        }
        GraphReader reader(std::move(info));
        reader.read(*parsed);
        if (types != nullptr) {
            reader.addTypes(*types);
        }
        return reader.build();
    } catch (const std::exception &problem) { // JSON types and memory
        return Error{ErrorCode::BadFormat, problem.what()};
    }
}

std::string profileToJson(const RunProfile &profile)
{
    const std::size_t runs = profile.latency ? profile.latency->runs : 0;
    Json nodes = Json::object();
    for (const auto &[name, node] : profile.nodes) {
        nodes[name] = {{"us", node.microseconds}, {"provider", node.provider}, {"runs", node.runs}};
    }
    Json json{{"nodes", std::move(nodes)}, {"runs", runs}};
    if (profile.peakMemory > 0) {
        json["peak_memory"] = profile.peakMemory;
    }
    if (profile.latency) {
        for (const auto &[name, field] : kLatencyFields) {
            json["latency_us"][name] = (*profile.latency).*field;
        }
    }
    return dumped(json);
}

Result<RunProfile> profileFromJson(std::string_view json)
{
    try {
        const auto parsed = parsedObject(withoutBareNonFinite(json));
        if (!parsed) {
            return parsed.error();
        }
        RunProfile profile;
        const auto nodes = parsed->find("nodes");
        if (nodes != parsed->end() && nodes->is_object()) {
            for (const auto &[name, node] : nodes->items()) {
                if (node.is_object()) {
                    profile.nodes[name] = {numberIn(node, "us"), textIn(node, "provider"),
                                           countIn<std::size_t>(node, "runs")};
                }
            }
        }
        profile.peakMemory = countIn<std::uint64_t>(*parsed, "peak_memory");
        const auto latency = parsed->find("latency_us");
        if (latency != parsed->end() && latency->is_object()) {
            profile.latency.emplace();
            for (const auto &[name, field] : kLatencyFields) {
                (*profile.latency).*field = numberIn(*latency, name);
            }
            profile.latency->runs = countIn<std::size_t>(*parsed, "runs");
        }
        return profile;
    } catch (const std::exception &problem) {
        return Error{ErrorCode::BadFormat, problem.what()};
    }
}

std::string noiseToJson(const NoiseFloor &noise)
{
    Json values = Json::object();
    for (const auto &[name, value] : noise.values) {
        // JSON has no infinity: it becomes null, which is read back as one.
        values[name] = {{"max_abs", value.maxAbs}, {"mse", value.mse}};
    }
    return dumped({{"runs", noise.runs}, {"values", std::move(values)}});
}

Result<NoiseFloor> noiseFromJson(std::string_view json)
{
    try {
        const auto parsed = parsedObject(withoutBareNonFinite(json));
        if (!parsed) {
            return parsed.error();
        }
        NoiseFloor noise;
        noise.runs = countIn<std::size_t>(*parsed, "runs");
        const auto values = parsed->find("values");
        if (values == parsed->end() || !values->is_object()) {
            return Error{ErrorCode::BadFormat, "it has no values"};
        }
        const auto numberOrInfinity = [](const Json &value, const char *key) {
            const auto found = value.find(key);
            const bool isNumber = found != value.end() && found->is_number();
            return isNumber ? found->get<double>() : std::numeric_limits<double>::infinity();
        };
        for (const auto &[name, value] : values->items()) {
            if (value.is_object()) {
                noise.values[name] = {numberOrInfinity(value, "max_abs"),
                                      numberOrInfinity(value, "mse")};
            }
        }
        return noise;
    } catch (const std::exception &problem) {
        return Error{ErrorCode::BadFormat, problem.what()};
    }
}

} // namespace syncpoint::hdf5
