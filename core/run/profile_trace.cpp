#include "core/run/profile_trace.h"

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

std::string textOf(const Json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2.0;
}

void addKernel(std::map<std::string, Series> &nodes, const std::string &event, const Json &json)
{
    constexpr std::string_view kEnding = "_kernel_time";
    const auto args = json.find("args");
    const auto duration = json.find("dur");
    if (!event.ends_with(kEnding) || args == json.end() || !args->is_object() ||
        duration == json.end() || !duration->is_number()) {
        return;
    }
    Series &series = nodes[event.substr(0, event.size() - kEnding.size())];
    series.provider = textOf(*args, "provider");
    series.current += duration->get<double>();
}
} // namespace

Result<std::map<std::string, NodeProfile>> nodeProfiles(std::string_view trace,
                                                        std::size_t skippedRuns)
{
    const Json json = Json::parse(trace, nullptr, false);
    if (!json.is_array()) {
        return Error{ErrorCode::BadFormat, "the runtime's profile is not a list of events"};
    }
    std::map<std::string, Series> nodes;
    std::size_t run = 0;
    for (const Json &event : json) {
        if (!event.is_object()) {
            continue;
        }
        const std::string name = textOf(event, "name");
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
