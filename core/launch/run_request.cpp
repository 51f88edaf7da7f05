#include "core/launch/run_request.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace syncpoint {

namespace {
using Json = nlohmann::json;

constexpr std::size_t kMaxRequestBytes = std::size_t{16} << 20U;
constexpr std::size_t kMaxRank = 64;

constexpr std::array<std::pair<Optimization, std::string_view>, 4> kOptimizations{{
    {Optimization::None, "none"},
    {Optimization::Basic, "basic"},
    {Optimization::Extended, "extended"},
    {Optimization::All, "all"},
}};

Error badRequest(std::string_view text)
{
    return {ErrorCode::BadInput, fmt::format("the run request is not valid: {}", text)};
}

/// Takes the members of one JSON object. The first mistake is kept; finish() reports it, or a
/// member that nobody asked for, which would otherwise be a silently ignored typing error.
class ObjectReader
{
public:
    ObjectReader(const Json &object, std::string where)
        : m_object(object), m_where(std::move(where))
    {
        if (!object.is_object()) {
            fail("is not an object");
        }
    }

    const Json *find(const char *key)
    {
        m_known.insert(key);
        if (!m_object.is_object()) {
            return nullptr;
        }
        const auto found = m_object.find(key);
        return found == m_object.end() ? nullptr : &*found;
    }
    void text(const char *key, std::string &out)
    {
        if (const Json *value = find(key)) {
            value->is_string() ? void(out = value->get<std::string>())
                               : fail(fmt::format("'{}' is not a string", key));
        }
    }
    void texts(const char *key, std::vector<std::string> &out)
    {
        const Json *list = find(key);
        if (list == nullptr) {
            return;
        }
        const auto isText = [](const Json &item) { return item.is_string(); };
        if (!list->is_array() || !std::all_of(list->begin(), list->end(), isText)) {
            fail(fmt::format("'{}' is not a list of strings", key));
            return;
        }
        out = list->get<std::vector<std::string>>();
    }
    void flag(const char *key, bool &out)
    {
        if (const Json *value = find(key)) {
            value->is_boolean() ? void(out = value->get<bool>())
                                : fail(fmt::format("'{}' is not true or false", key));
        }
    }
    template <typename Number>
    void count(const char *key, Number &out, std::uint64_t limit)
    {
        const Json *value = find(key);
        if (value == nullptr) {
            return;
        }
        if (!value->is_number_unsigned() || value->get<std::uint64_t>() > limit) {
            fail(fmt::format("'{}' is not a whole number from 0 to {}", key, limit));
            return;
        }
        out = static_cast<Number>(value->get<std::uint64_t>());
    }
    void fail(std::string_view what)
    {
        if (m_error.empty()) {
            m_error = fmt::format("{} {}", m_where, what);
        }
    }
    Result<void> finish() const
    {
        if (!m_error.empty()) {
            return badRequest(m_error);
        }
        for (const auto &item : m_object.items()) {
            if (m_known.count(item.key()) == 0) {
                return badRequest(
                    fmt::format("{} has an unknown member '{}'", m_where, item.key()));
            }
        }
        return {};
    }

private:
    const Json &m_object;
    std::string m_where;
    std::set<std::string> m_known;
    std::string m_error;
};

Json toJson(const InputFill &fill)
{
    switch (fill.kind) {
    case InputFill::Kind::Random:
        return "random";
    case InputFill::Kind::Zeros:
        return "zeros";
    case InputFill::Kind::Ones:
        return "ones";
    case InputFill::Kind::File:
        return {{"file", fill.file.string()}};
    case InputFill::Kind::Number:
        break;
    }
    // JSON has no NaN or infinity; they travel as text.
    return std::isfinite(fill.number) ? Json{{"number", fill.number}}
                                      : Json{{"number", fmt::format("{}", fill.number)}};
}

Result<InputFill> fillFromJson(const Json &json, const std::string &where)
{
    InputFill fill;
    if (json.is_string()) {
        const auto &name = json.get_ref<const std::string &>();
        if (name == "random" || name == "zeros" || name == "ones") {
            fill.kind = name == "random"  ? InputFill::Kind::Random
                        : name == "zeros" ? InputFill::Kind::Zeros
                                          : InputFill::Kind::Ones;
            return fill;
        }
    }
    if (json.is_object() && json.size() == 1) {
        const auto item = json.begin();
        if (item.key() == "file" && item->is_string()) {
            fill.kind = InputFill::Kind::File;
            fill.file = item->get<std::string>();
            return fill;
        }
        fill.kind = InputFill::Kind::Number;
        if (item.key() == "number" && item->is_number()) {
            fill.number = item->get<double>();
            return fill;
        }
        if (item.key() == "number" && (*item == "nan" || *item == "-nan")) {
            fill.number = std::nan("");
            return fill;
        }
        if (item.key() == "number" && (*item == "inf" || *item == "-inf")) {
            fill.number = *item == "inf" ? HUGE_VAL : -HUGE_VAL;
            return fill;
        }
    }
    return badRequest(where + " is none of \"random\", \"zeros\", \"ones\", {\"number\": N} and "
                              "{\"file\": NAME}");
}

Json toJson(const InputSource &inputs)
{
    Json json = {{"fallback", toJson(inputs.fallback)},
                 {"use_fallback", inputs.useFallback},
                 {"seed", inputs.seed},
                 {"samples", inputs.samples}};
    if (inputs.file) {
        json["file"] = inputs.file->string();
    }
    for (const auto &[name, fill] : inputs.perInput) {
        json["per_input"][name] = toJson(fill);
    }
    for (const auto &[name, shape] : inputs.shapes) {
        json["shapes"][name] = shape;
    }
    return json;
}

Result<Shape> shapeFromJson(const Json &json, const std::string &input)
{
    const auto isExtent = [](const Json &extent) {
        return extent.is_number_unsigned() && extent.get<std::uint64_t>() <= (1ULL << 40U);
    };
    if (!json.is_array() || json.size() > kMaxRank ||
        !std::all_of(json.begin(), json.end(), isExtent)) {
        return badRequest(fmt::format("the shape of input '{}' is not a list of extents", input));
    }
    Shape shape;
    for (const Json &extent : json) {
        shape.push_back(extent.get<std::int64_t>());
    }
    if (!elementCount(shape)) {
        return badRequest(fmt::format("the shape of input '{}' has too many elements", input));
    }
    return shape;
}

Result<InputSource> inputsFromJson(const Json &json)
{
    InputSource inputs;
    ObjectReader reader(json, "'inputs'");
    std::string file;
    reader.text("file", file);
    if (!file.empty()) {
        inputs.file = file;
    }
    reader.flag("use_fallback", inputs.useFallback);
    reader.count("seed", inputs.seed, UINT64_MAX);
    reader.count("samples", inputs.samples, 1U << 20U);
    const Json *fallback = reader.find("fallback");
    const Json *fills = reader.find("per_input");
    const Json *shapes = reader.find("shapes");
    if ((fills != nullptr && !fills->is_object()) || (shapes != nullptr && !shapes->is_object())) {
        reader.fail("has 'per_input' or 'shapes' that are not objects");
    }
    if (auto done = reader.finish(); !done) {
        return done.error();
    }
    if (fallback != nullptr) {
        auto fill = fillFromJson(*fallback, "'fallback'");
        if (!fill) {
            return fill.error();
        }
        inputs.fallback = *std::move(fill);
    }
    const Json none = Json::object();
    for (const auto &item : (fills != nullptr ? *fills : none).items()) {
        auto fill = fillFromJson(item.value(), fmt::format("the fill of input '{}'", item.key()));
        if (!fill) {
            return fill.error();
        }
        inputs.perInput[item.key()] = *std::move(fill);
    }
    for (const auto &item : (shapes != nullptr ? *shapes : none).items()) {
        auto shape = shapeFromJson(item.value(), item.key());
        if (!shape) {
            return shape.error();
        }
        inputs.shapes[item.key()] = *std::move(shape);
    }
    return inputs;
}
} // namespace

std::string toJson(const RunRequest &request)
{
    Json json = {{"model", request.model.string()},
                 {"output", request.output.string()},
                 {"inputs", toJson(request.inputs)},
                 {"optimize", optimizationName(request.optimize)},
                 {"provider", request.provider},
                 {"capture", request.capture},
                 {"only", request.only},
                 {"standalone", request.standalone},
                 {"plain_outputs", request.plainOutputs},
                 {"warmup", request.warmup},
                 {"repeat", request.repeat},
                 {"threads", request.threads},
                 {"gzip", request.gzip},
                 {"memory_limit", request.memoryLimit},
                 {"keep_partial", request.keepPartial}};
    if (!request.wanted.empty()) {
        json["fed"] = request.fed;
        json["wanted"] = request.wanted;
    }
    // A name that is not UTF-8 cannot travel in JSON: replaced, it is reported as not found.
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<RunRequest> runRequestFromJson(const std::string &text)
{
    if (text.size() > kMaxRequestBytes) {
        return badRequest("it is longer than 16 MiB");
    }
    const Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) {
        return badRequest("it is not JSON");
    }
    RunRequest request;
    ObjectReader reader(json, "the request");
    std::string model;
    std::string output;
    std::string optimize = "none";
    reader.text("model", model);
    reader.text("output", output);
    reader.text("optimize", optimize);
    reader.text("provider", request.provider);
    reader.text("only", request.only);
    reader.flag("capture", request.capture);
    reader.flag("standalone", request.standalone);
    reader.flag("plain_outputs", request.plainOutputs);
    reader.flag("keep_partial", request.keepPartial);
    reader.count("warmup", request.warmup, 1'000'000);
    reader.count("repeat", request.repeat, 1'000'000);
    reader.count("threads", request.threads, 4096);
    reader.count("gzip", request.gzip, 9);
    reader.count("memory_limit", request.memoryLimit, UINT64_MAX);
    reader.texts("fed", request.fed);
    reader.texts("wanted", request.wanted);
    const Json *inputs = reader.find("inputs");
    if (model.empty() || output.empty()) {
        reader.fail("names no 'model' or no 'output'");
    }
    if (auto done = reader.finish(); !done) {
        return done.error();
    }
    const auto level = optimizationFromName(optimize);
    if (!level) {
        return badRequest(level.error().message);
    }
    if (inputs != nullptr) {
        auto source = inputsFromJson(*inputs);
        if (!source) {
            return source.error();
        }
        request.inputs = *std::move(source);
    }
    request.model = model;
    request.output = output;
    request.optimize = *level;
    return request;
}

Result<Optimization> optimizationFromName(const std::string &name)
{
    for (const auto &[level, levelName] : kOptimizations) {
        if (levelName == name) {
            return level;
        }
    }
    return Error{
        ErrorCode::BadInput,
        fmt::format("'{}' is no optimization level; use none, basic, extended or all", name)};
}

std::string_view optimizationName(Optimization level)
{
    return kOptimizations[static_cast<std::size_t>(level)].second;
}

} // namespace syncpoint
