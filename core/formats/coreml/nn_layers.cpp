#include "core/formats/coreml/nn_layers.h"

#include <algorithm>
#include <array>

namespace syncpoint {

namespace {
using Kind = NnField::Kind;

constexpr std::array kConvolution{
    NnField{1, "outputChannels", Kind::Integer},
    NnField{2, "kernelChannels", Kind::Integer},
    NnField{10, "nGroups", Kind::Integer},
    NnField{20, "kernelSize", Kind::Integers},
    NnField{30, "stride", Kind::Integers},
    NnField{40, "dilationFactor", Kind::Integers},
    NnField{60, "isDeconvolution", Kind::Integer},
    NnField{90, "weights", Kind::Weights, "outputChannels kernelChannels kernelSize"},
    NnField{91, "bias", Kind::Weights, "outputChannels"},
};
constexpr std::array kPooling{
    NnField{1, "type", Kind::Integer},
    NnField{10, "kernelSize", Kind::Integers},
    NnField{20, "stride", Kind::Integers},
    NnField{60, "globalPooling", Kind::Integer},
};
constexpr std::array kInnerProduct{
    NnField{1, "inputChannels", Kind::Integer},
    NnField{2, "outputChannels", Kind::Integer},
    NnField{20, "weights", Kind::Weights, "outputChannels inputChannels"},
    NnField{21, "bias", Kind::Weights, "outputChannels"},
};
constexpr std::array kEmbedding{
    NnField{1, "inputDim", Kind::Integer},
    NnField{2, "outputChannels", Kind::Integer},
    NnField{20, "weights", Kind::Weights, "outputChannels inputDim"},
    NnField{21, "bias", Kind::Weights, "outputChannels"},
};
constexpr std::array kEmbeddingNd{
    NnField{1, "vocabSize", Kind::Integer},
    NnField{2, "embeddingSize", Kind::Integer},
    NnField{20, "weights", Kind::Weights, "embeddingSize vocabSize"},
    NnField{21, "bias", Kind::Weights, "embeddingSize"},
};
constexpr std::array kBatchnorm{
    NnField{1, "channels", Kind::Integer},
    NnField{5, "computeMeanVar", Kind::Integer},
    NnField{6, "instanceNormalization", Kind::Integer},
    NnField{10, "epsilon", Kind::Real},
    NnField{15, "gamma", Kind::Weights, "channels"},
    NnField{16, "beta", Kind::Weights, "channels"},
    NnField{17, "mean", Kind::Weights, "channels"},
    NnField{18, "variance", Kind::Weights, "channels"},
};
constexpr std::array kTwoNumbers{
    NnField{1, "alpha", Kind::Real},
    NnField{2, "beta", Kind::Real},
};
constexpr std::array kTwoWeights{
    NnField{1, "alpha", Kind::Weights},
    NnField{2, "beta", Kind::Weights},
};

constexpr std::array kLayers{
    NnLayer{100, "convolution", kConvolution},
    NnLayer{120, "pooling", kPooling},
    NnLayer{130, "activation"},
    NnLayer{140, "innerProduct", kInnerProduct},
    NnLayer{150, "embedding", kEmbedding},
    NnLayer{160, "batchnorm", kBatchnorm},
    NnLayer{165, "mvn"},
    NnLayer{170, "l2normalize"},
    NnLayer{175, "softmax"},
    NnLayer{180, "lrn"},
    NnLayer{190, "crop"},
    NnLayer{200, "padding"},
    NnLayer{210, "upsample"},
    NnLayer{211, "resizeBilinear"},
    NnLayer{212, "cropResize"},
    NnLayer{220, "unary"},
    NnLayer{230, "add"},
    NnLayer{231, "multiply"},
    NnLayer{240, "average"},
    NnLayer{245, "scale"},
    NnLayer{250, "bias"},
    NnLayer{260, "max"},
    NnLayer{261, "min"},
    NnLayer{270, "dot"},
    NnLayer{280, "reduce"},
    NnLayer{290, "loadConstant"},
    NnLayer{300, "reshape"},
    NnLayer{301, "flatten"},
    NnLayer{310, "permute"},
    NnLayer{320, "concat"},
    NnLayer{330, "split"},
    NnLayer{340, "sequenceRepeat"},
    NnLayer{345, "reorganizeData"},
    NnLayer{350, "slice"},
    NnLayer{400, "simpleRecurrent"},
    NnLayer{410, "gru"},
    NnLayer{420, "uniDirectionalLSTM"},
    NnLayer{430, "biDirectionalLSTM"},
    NnLayer{500, "custom"},
    NnLayer{600, "copy"},
    NnLayer{605, "branch"},
    NnLayer{615, "loop"},
    NnLayer{620, "loopBreak"},
    NnLayer{625, "loopContinue"},
    NnLayer{635, "rangeStatic"},
    NnLayer{640, "rangeDynamic"},
    NnLayer{660, "clip"},
    NnLayer{665, "ceil"},
    NnLayer{670, "floor"},
    NnLayer{680, "sign"},
    NnLayer{685, "round"},
    NnLayer{700, "exp2"},
    NnLayer{710, "sin"},
    NnLayer{715, "cos"},
    NnLayer{720, "tan"},
    NnLayer{730, "asin"},
    NnLayer{735, "acos"},
    NnLayer{740, "atan"},
    NnLayer{750, "sinh"},
    NnLayer{755, "cosh"},
    NnLayer{760, "tanh"},
    NnLayer{770, "asinh"},
    NnLayer{775, "acosh"},
    NnLayer{780, "atanh"},
    NnLayer{790, "erf"},
    NnLayer{795, "gelu"},
    NnLayer{815, "equal"},
    NnLayer{820, "notEqual"},
    NnLayer{825, "lessThan"},
    NnLayer{827, "lessEqual"},
    NnLayer{830, "greaterThan"},
    NnLayer{832, "greaterEqual"},
    NnLayer{840, "logicalOr"},
    NnLayer{845, "logicalXor"},
    NnLayer{850, "logicalNot"},
    NnLayer{855, "logicalAnd"},
    NnLayer{865, "modBroadcastable"},
    NnLayer{870, "minBroadcastable"},
    NnLayer{875, "maxBroadcastable"},
    NnLayer{880, "addBroadcastable"},
    NnLayer{885, "powBroadcastable"},
    NnLayer{890, "divideBroadcastable"},
    NnLayer{895, "floorDivBroadcastable"},
    NnLayer{900, "multiplyBroadcastable"},
    NnLayer{905, "subtractBroadcastable"},
    NnLayer{920, "tile"},
    NnLayer{925, "stack"},
    NnLayer{930, "gather"},
    NnLayer{935, "scatter"},
    NnLayer{940, "gatherND"},
    NnLayer{945, "scatterND"},
    NnLayer{950, "softmaxND"},
    NnLayer{952, "gatherAlongAxis"},
    NnLayer{954, "scatterAlongAxis"},
    NnLayer{960, "reverse"},
    NnLayer{965, "reverseSeq"},
    NnLayer{975, "splitND"},
    NnLayer{980, "concatND"},
    NnLayer{985, "transpose"},
    NnLayer{995, "sliceStatic"},
    NnLayer{1000, "sliceDynamic"},
    NnLayer{1005, "slidingWindows"},
    NnLayer{1015, "topK"},
    NnLayer{1020, "argMin"},
    NnLayer{1025, "argMax"},
    NnLayer{1040, "embeddingND", kEmbeddingNd},
    NnLayer{1045, "batchedMatmul"},
    NnLayer{1065, "getShape"},
    NnLayer{1070, "loadConstantND"},
    NnLayer{1080, "fillLike"},
    NnLayer{1085, "fillStatic"},
    NnLayer{1090, "fillDynamic"},
    NnLayer{1100, "broadcastToLike"},
    NnLayer{1105, "broadcastToStatic"},
    NnLayer{1110, "broadcastToDynamic"},
    NnLayer{1120, "squeeze"},
    NnLayer{1125, "expandDims"},
    NnLayer{1130, "flattenTo2D"},
    NnLayer{1135, "reshapeLike"},
    NnLayer{1140, "reshapeStatic"},
    NnLayer{1145, "reshapeDynamic"},
    NnLayer{1150, "rankPreservingReshape"},
    NnLayer{1170, "randomNormalLike"},
    NnLayer{1175, "randomNormalStatic"},
    NnLayer{1180, "randomNormalDynamic"},
    NnLayer{1190, "randomUniformLike"},
    NnLayer{1195, "randomUniformStatic"},
    NnLayer{1200, "randomUniformDynamic"},
    NnLayer{1210, "randomBernoulliLike"},
    NnLayer{1215, "randomBernoulliStatic"},
    NnLayer{1220, "randomBernoulliDynamic"},
    NnLayer{1230, "categoricalDistribution"},
    NnLayer{1250, "reduceL1"},
    NnLayer{1255, "reduceL2"},
    NnLayer{1260, "reduceMax"},
    NnLayer{1265, "reduceMin"},
    NnLayer{1270, "reduceSum"},
    NnLayer{1275, "reduceProd"},
    NnLayer{1280, "reduceMean"},
    NnLayer{1285, "reduceLogSum"},
    NnLayer{1290, "reduceSumSquare"},
    NnLayer{1295, "reduceLogSumExp"},
    NnLayer{1313, "whereNonZero"},
    NnLayer{1315, "matrixBandPart"},
    NnLayer{1320, "lowerTriangular"},
    NnLayer{1325, "upperTriangular"},
    NnLayer{1330, "whereBroadcastable"},
    NnLayer{1350, "layerNormalization"},
};

constexpr std::array kActivations{
    NnLayer{5, "linear", kTwoNumbers},
    NnLayer{10, "ReLU"},
    NnLayer{15, "leakyReLU", kTwoNumbers},
    NnLayer{20, "thresholdedReLU", kTwoNumbers},
    NnLayer{25, "PReLU", kTwoWeights},
    NnLayer{30, "tanh"},
    NnLayer{31, "scaledTanh", kTwoNumbers},
    NnLayer{40, "sigmoid"},
    NnLayer{41, "sigmoidHard", kTwoNumbers},
    NnLayer{50, "ELU", kTwoNumbers},
    NnLayer{60, "softsign"},
    NnLayer{70, "softplus"},
    NnLayer{71, "parametricSoftplus", kTwoWeights},
};

template <typename Table>
const NnLayer *find(const Table &table, std::uint32_t number)
{
    const auto *found = std::find_if(table.begin(), table.end(), [number](const NnLayer &layer) {
        return layer.number == number;
    });
    return found == table.end() ? nullptr : found;
}
} // namespace

const NnLayer *nnLayer(std::uint32_t number)
{
    return find(kLayers, number);
}

const NnLayer *nnActivation(std::uint32_t number)
{
    return find(kActivations, number);
}

} // namespace syncpoint
