#include "core/launch/run_request.h"
#include "core/launch/input_json.h"
#include "core/launch/request_reader.h"

#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

namespace syncpoint {

namespace {
using Json = nlohmann::json;

constexpr std::size_t kMaxRequestBytes = std::size_t{16} << 20U;

constexpr std::array<std::pair<Optimization, std::string_view>, 4> kOptimizations{{
    {Optimization::None, "none"},
    {Optimization::Basic, "basic"},
    {Optimization::Extended, "extended"},
    {Optimization::All, "all"},
}};

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
                 {"repeat_capture", request.repeatCapture},
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
    RequestReader reader(json, "the request");
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
    reader.count("repeat_capture", request.repeatCapture, 1000);
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
