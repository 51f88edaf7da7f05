#pragma once
#include "core/tensor/shape.h"

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace syncpoint::faults {

struct FaultOp
{
    std::string type;
    std::string name;
    std::vector<std::string> inputs;
    std::string output;
    std::map<std::string, std::vector<std::int64_t>> lists;
    std::map<std::string, std::int64_t> integers;
    std::map<std::string, float> reals;
};

struct FaultWeight
{
    Shape shape;
    std::vector<float> data;
    std::size_t channelAxis = 0; ///< of the output channels
};

/// A small network that runs, as a float model and with its activations and weights quantized.
struct FaultNet
{
    std::string name;
    std::vector<std::pair<std::string, Shape>> inputs;
    std::vector<std::string> outputs;
    std::vector<FaultOp> ops; ///< in execution order
    std::map<std::string, FaultWeight> weights;
    std::map<std::string, std::vector<std::int64_t>> shapes; ///< int64 operands

    std::string toOnnx() const;
};

/// Integers with the parameters on both sides; a healthy pair has one set.
struct Quantizer
{
    float scale = 1.0F, readScale = 1.0F;
    std::uint8_t zeroPoint = 0, readZeroPoint = 0;
};

struct QuantizedWeight
{
    std::vector<std::int32_t> data;
    std::vector<float> scales; ///< one, or one per output channel
    bool isBias = false;       ///< 32 bits, in steps of the product its op sums
};

/// How a converter quantizes.
struct QuantizationStyle
{
    std::string name;
    bool everyValue = true; ///< else as runtimes do it: activations stay with their Conv, some ops
                            ///< stay in float, biases and norms become integers
    bool values = true;     ///< else weights alone
    bool symmetric = false; ///< the zero point of values is 128
    bool perTensor = false; ///< one scale for a weight
    float weightCodes = 127.0F;
    bool isFused = false; ///< run as the runtime rewrites it: QLinearConv and the like
};
std::vector<QuantizationStyle> quantizationStyles();

/// The network as post-training quantization leaves it: QuantizeLinear and DequantizeLinear after
/// ops and before weights.
struct QuantizedNet
{
    FaultNet net;
    std::map<std::string, Quantizer> values;
    std::map<std::string, QuantizedWeight> weights;

    std::string toOnnx() const;
};

/// Lowest and highest number of every value.
using Ranges = std::map<std::string, std::pair<float, float>>;
QuantizedNet quantized(const FaultNet &net, const Ranges &ranges, const QuantizationStyle &style);

using Random = std::mt19937;
/// One per architecture, with random weights.
std::vector<FaultNet> faultNets(std::uint32_t seed);

} // namespace syncpoint::faults
