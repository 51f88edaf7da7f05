#include "compare/report/placement_json.h"

#include "compare/report/json_parts.h"

namespace syncpoint {

nlohmann::ordered_json placementToJson(const OpPlacement &placement)
{
    using nlohmann::ordered_json;
    const auto text = [](const std::string &value) {
        return value.empty() ? ordered_json() : ordered_json(value);
    };
    return {{"ran_on", text(placement.ranOn)},    {"supported_by", placement.supportedBy},
            {"excluded", placement.isExcluded},   {"reason", text(placement.reason)},
            {"kernel", text(placement.kernel)},   {"time_us", jsonNumber(placement.microseconds)},
            {"cost", jsonNumber(placement.cost)}, {"estimated", placement.isEstimate}};
}

} // namespace syncpoint
