#pragma once
#include <cstdint>
#include <span>
#include <string_view>

namespace syncpoint {

/// A field of a layer's parameters that the graph shows.
struct NnField
{
    enum class Kind { Integer, Integers, Real, Weights };
    std::uint32_t number;
    std::string_view name;
    Kind kind;
    std::string_view shape = {}; ///< of weights: names of fields, joined by spaces
};

/// A kind of neural network layer. Source: NeuralNetwork.proto of coremltools.
struct NnLayer
{
    std::uint32_t number; ///< of its field in the layer message
    std::string_view name;
    std::span<const NnField> fields = {};
};

/// Null for kinds that the table does not know.
const NnLayer *nnLayer(std::uint32_t number);

/// Activation functions, which stand inside of an activation layer. Null for unknown ones.
const NnLayer *nnActivation(std::uint32_t number);

} // namespace syncpoint
