#include "core/formats/hdf5/dump_json.h"

#include "core/formats/hdf5/json_fields.h"

#include <array>
#include <limits>
#include <utility>

namespace syncpoint::hdf5 {
namespace {

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

constexpr std::array kLatencyFields{
    std::pair{"p50", &LatencySummary::p50},   std::pair{"p90", &LatencySummary::p90},
    std::pair{"p95", &LatencySummary::p95},   std::pair{"p99", &LatencySummary::p99},
    std::pair{"mean", &LatencySummary::mean}, std::pair{"stdev", &LatencySummary::stdev},
    std::pair{"min", &LatencySummary::min},   std::pair{"max", &LatencySummary::max},
};

} // namespace

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
