#include "core/placement/profile_trace.h"

#include "core/formats/bounded_json.h"
#include "core/formats/json_fields.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

namespace syncpoint {

namespace {
using Json = nlohmann::json;

struct Series
{
    std::string provider;
    std::vector<double> perRun;
    double current = 0.0;
};

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2.0;
}

void addKernel(std::map<std::string, Series> &nodes, const std::string &event, const Json &json)
{
    constexpr std::string_view kEnding = "_kernel_time";
    const Json *args = fieldOf(json, "args");
    const auto duration = numberOf(json, "dur");
    if (!event.ends_with(kEnding) || args == nullptr || !args->is_object() || !duration) {
        return;
    }
    Series &series = nodes[event.substr(0, event.size() - kEnding.size())];
    series.provider = textOf(*args, "provider");
    series.current += *duration;
}

/// A process that ends before its session leaves a list that stops after any event's line.
Result<Json> parseTrace(std::string_view trace)
{
    auto json = parseBoundedJson(trace);
    const std::size_t lineEnd = trace.rfind('\n');
    if (json || lineEnd == std::string_view::npos) {
        return json;
    }
    std::string whole(trace.substr(0, lineEnd));
    whole.erase(whole.find_last_not_of(" \r\n\t,") + 1);
    return parseBoundedJson(whole + "]");
}
} // namespace

Result<std::map<std::string, NodeProfile>> nodeProfiles(std::string_view trace,
                                                        std::size_t skippedRuns)
{
    const auto json = parseTrace(trace);
    if (!json || !json->is_array()) {
        return Error{ErrorCode::BadFormat, "the runtime's profile is not a list of events"};
    }
    std::map<std::string, Series> nodes;
    std::size_t run = 0;
    for (const Json &event : *json) {
        if (!event.is_object()) {
            continue;
        }
        const std::string name(textOf(event, "name"));
        if (textOf(event, "cat") == "Node") {
            addKernel(nodes, name, event);
        } else if (name == "model_run") { // written when a run ends
            for (auto &[node, series] : nodes) {
                if (run >= skippedRuns) {
                    series.perRun.push_back(series.current);
                }
                series.current = 0.0;
            }
            ++run;
        }
    }
    std::map<std::string, NodeProfile> profiles;
    for (auto &[node, series] : nodes) {
        if (!series.perRun.empty()) {
            const std::size_t runs = series.perRun.size();
            profiles[node] = {median(std::move(series.perRun)), series.provider, runs};
        }
    }
    return profiles;
}

} // namespace syncpoint
