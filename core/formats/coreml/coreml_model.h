#pragma once
#include "core/base/result.h"
#include "core/formats/coreml/mil_program.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace syncpoint {

/// What a Model message says besides its network.
struct CoreMlModel
{
    std::int64_t specification = 0;
    std::string producer;
    std::vector<std::pair<std::string, std::string>> facts;
    std::string defaultFunction;
    std::vector<MilNamedType> inputs;  ///< of the description; type unknown unless an array
    std::vector<MilNamedType> outputs; ///< likewise
    std::string_view program;          ///< serialized Program; empty: another kind of model
    std::string_view neuralNetwork;    ///< serialized NeuralNetwork, or its classifier or regressor
    std::uint32_t otherKind = 0;       ///< field number of a network of another kind
};

/// Reads a serialized Model, its program only where it stands.
Result<CoreMlModel> parseCoreMlModel(std::string_view file);

} // namespace syncpoint
