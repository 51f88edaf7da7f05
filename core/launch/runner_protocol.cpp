#include "core/launch/runner_protocol.h"

#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace syncpoint {

namespace {
using Json = nlohmann::json;

template <typename Enum, std::size_t Count>
using Names = std::array<std::pair<Enum, std::string_view>, Count>;

constexpr Names<ErrorCode, 8> kErrorCodes{{
    {ErrorCode::Io, "io"},
    {ErrorCode::BadFormat, "bad_format"},
    {ErrorCode::BadInput, "bad_input"},
    {ErrorCode::Unsupported, "unsupported"},
    {ErrorCode::Limit, "limit"},
    {ErrorCode::Runtime, "runtime"},
    {ErrorCode::Cancelled, "cancelled"},
    {ErrorCode::Internal, "internal"},
}};
constexpr Names<Diagnostic::Severity, 3> kSeverities{{
    {Diagnostic::Severity::Info, "info"},
    {Diagnostic::Severity::Warning, "warning"},
    {Diagnostic::Severity::Error, "error"},
}};

template <typename Enum, std::size_t Count>
std::string_view nameOf(const Names<Enum, Count> &names, Enum value)
{
    return names[static_cast<std::size_t>(value)].second;
}

template <typename Enum, std::size_t Count>
std::optional<Enum> fromName(const Names<Enum, Count> &names, std::string_view name)
{
    for (const auto &[value, valueName] : names) {
        if (valueName == name) {
            return value;
        }
    }
    return std::nullopt;
}

std::string textOf(const Json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint64_t countOf(const Json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

Json toJson(const JobContext::Snapshot &progress)
{
    return {{"type", "progress"},
            {"stage", progress.stage},
            {"done", progress.done},
            {"total", progress.total}};
}

Json toJson(const RunOutcome &outcome)
{
    Json diagnostics = Json::array();
    for (const Diagnostic &diagnostic : outcome.diagnostics) {
        diagnostics.push_back({{"severity", nameOf(kSeverities, diagnostic.severity)},
                               {"where", diagnostic.where},
                               {"text", diagnostic.text}});
    }
    return {{"type", "result"},
            {"runtime", outcome.runtime},
            {"samples", outcome.samples},
            {"tensors", outcome.tensors},
            {"peak_memory", outcome.peakMemory},
            {"optimized_model", outcome.optimizedModel},
            {"diagnostics", std::move(diagnostics)}};
}

Json toJson(const Error &error)
{
    return {
        {"type", "error"}, {"code", nameOf(kErrorCodes, error.code)}, {"message", error.message}};
}

RunOutcome outcomeFromJson(const Json &json)
{
    RunOutcome outcome;
    outcome.runtime = textOf(json, "runtime");
    outcome.samples = countOf(json, "samples");
    outcome.tensors = countOf(json, "tensors");
    outcome.peakMemory = countOf(json, "peak_memory");
    outcome.optimizedModel = textOf(json, "optimized_model");
    const auto list = json.find("diagnostics");
    if (list == json.end() || !list->is_array()) {
        return outcome;
    }
    for (const Json &item : *list) {
        if (item.is_object()) {
            const auto severity = fromName(kSeverities, textOf(item, "severity"));
            outcome.diagnostics.push_back({severity.value_or(Diagnostic::Severity::Warning),
                                           textOf(item, "where"), textOf(item, "text")});
        }
    }
    return outcome;
}
} // namespace

std::string toLine(const RunnerMessage &message)
{
    const Json json = std::visit([](const auto &content) { return toJson(content); }, message);
    // Names in models need not be UTF-8, and one of them must not cost the whole message.
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<RunnerMessage> runnerMessageFromLine(std::string_view line)
{
    const Json json = Json::parse(line, nullptr, false);
    const std::string type = json.is_object() ? textOf(json, "type") : std::string();
    if (type == "progress") {
        return RunnerMessage(JobContext::Snapshot{textOf(json, "stage"), countOf(json, "done"),
                                                  countOf(json, "total")});
    }
    if (type == "result") {
        return RunnerMessage(outcomeFromJson(json));
    }
    if (type == "error") {
        const auto code = fromName(kErrorCodes, textOf(json, "code"));
        return RunnerMessage(Error{code.value_or(ErrorCode::Runtime), textOf(json, "message")});
    }
    return Error{ErrorCode::Runtime,
                 fmt::format("'{}' is not a message of the runner protocol", line.substr(0, 80))};
}

} // namespace syncpoint
