#include "core/formats/coreml/mil_arguments.h"

#include "core/formats/coreml/mil_parameters.h"

#include <algorithm>
#include <array>

namespace syncpoint {

bool MilGiven::isOperand() const
{
    if (isAlwaysOperand(parameter)) {
        return true;
    }
    return std::any_of(constants.begin(), constants.end(), [](const MilValue *value) {
        if (value == nullptr || std::holds_alternative<MilBlob>(value->data)) {
            return true;
        }
        const auto elements = elementCount(value->type.shape.value_or(Shape{}));
        return isFloat(value->type.dtype) && elements.value_or(0) > 1;
    });
}

std::vector<MilGiven> givenTo(const MilOperation &operation, const MilFrame &frame)
{
    static constexpr std::array<std::string_view, 3> kNoParameters{"name", "val",
                                                                   "IntendedBackend"};
    std::vector<MilGiven> all;
    for (const MilArgument &argument : operation.inputs) {
        MilGiven given{argument.parameter, {}, {}};
        for (const MilBinding &binding : argument.bindings) {
            given.names.push_back(binding.name);
            given.constants.push_back(binding.value ? binding.value.get()
                                                    : frame.constant(binding.name));
        }
        all.push_back(std::move(given));
    }
    // Until iOS 17 compressed weights stand in attributes.
    for (const auto &[name, value] : operation.attributes) {
        if (std::find(kNoParameters.begin(), kNoParameters.end(), name) == kNoParameters.end()) {
            all.push_back({name, {value.get()}, {std::string_view{}}});
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const MilGiven &a, const MilGiven &b) {
        const auto key = [](const MilGiven &given) {
            return std::pair(operandRank(given.parameter), given.parameter);
        };
        return key(a) < key(b);
    });
    return all;
}

} // namespace syncpoint
