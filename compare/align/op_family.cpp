#include "compare/align/op_family.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

namespace syncpoint {
namespace {

constexpr std::string_view kActivations =
    "relu clip leaky_relu prelu elu sigmoid hard_sigmoid tanh "
    "silu hard_swish gelu softplus batch_norm add mul concat";

// Sources: ONNX operators, ONNX Runtime contrib operators (com.microsoft, com.microsoft.nchwc,
// com.ms.internal.nhwc), TFLite builtin operators, ATen, Core ML programs (MIL) and neural
// networks, OpenVINO operation sets.
constexpr auto kFamilies = std::to_array<OpFamily>({
    // Views: the same numbers in another layout, precision or place.
    {"identity",
     "Identity identity Dropout dropout Copy copy clone contiguous detach alias lift_fresh_copy "
     "_to_copy "
     "MemcpyFromHost MemcpyToHost"
     " read_state",
     "", true},
    {"cast", "Convert ConvertLike Cast CastLike CAST cast to type_as", "", true},
    {"quantize",
     "QuantizeLinear QUANTIZE quantize DynamicQuantizeLinear quantize_per_tensor "
     "quantize_per_channel",
     "", true},
    {"dequantize",
     "FakeQuantize DequantizeLinear DEQUANTIZE dequantize dequantize_per_tensor "
     "dequantize_per_channel"
     " constexpr_affine_dequantize constexpr_blockwise_shift_scale constexpr_lut_to_dense "
     "constexpr_sparse_to_dense constexpr_cast",
     "", true},
    {"transpose", "Transpose TRANSPOSE transpose permute t ReorderInput ReorderOutput", "", true},
    {"reshape",
     "Reshape Squeeze Unsqueeze Flatten RESHAPE SQUEEZE EXPAND_DIMS reshape squeeze expand_dims "
     "flatten view "
     "_unsafe_view unsqueeze unflatten view_as reshape_as flatten2d"
     " expandDims flattenTo2D reshapeStatic reshapeDynamic reshapeLike rankPreservingReshape",
     "", true},
    // Linear ops.
    {"conv",
     "Convolution GroupConvolution Conv FusedConv QLinearConv NhwcConv NhwcFusedConv ConvInteger "
     "CONV_2D CONV_3D "
     "DEPTHWISE_CONV_2D conv conv1d "
     "conv2d conv3d convolution _convolution",
     kActivations},
    {"conv_transpose",
     "ConvolutionBackpropData GroupConvolutionBackpropData ConvTranspose QLinearConvTranspose "
     "ConvTransposeWithDynamicPads TRANSPOSE_CONV "
     "conv_transpose "
     "conv_transpose1d conv_transpose2d conv_transpose3d",
     kActivations},
    {"matmul",
     "MatMul QLinearMatMul MatMulInteger MatMulNBits MatMulBnb4 MatMulFpQ4 BATCH_MATMUL matmul mm "
     "bmm"
     " batchedMatmul",
     "add mul conv"},
    {"fused_matmul",
     "FusedMatMul TransposeMatMul FusedMatMulActivation MatMulIntegerToFloat DynamicQuantizeMatMul",
     "matmul mul div add relu gelu"},
    {"gemm",
     "Gemm QGemm FusedGemm GemmFastGelu GemmFloat8 FULLY_CONNECTED linear addmm baddbmm"
     " innerProduct",
     "matmul fused_matmul conv relu clip leaky_relu sigmoid tanh gelu add mul"},
    {"einsum", "Einsum einsum", "matmul"},
    {"embedding",
     "Gather QEmbedLayerNormalization EmbedLayerNormalization GATHER EMBEDDING_LOOKUP gather "
     "embedding "
     "gather_along_axis index_select"
     " embeddingND",
     "layer_norm"},
    // Elementwise arithmetic.
    {"add",
     "Add QLinearAdd Sum ADD ADD_N add BiasAdd BiasAddGelu"
     " addBroadcastable",
     "sub", false, true},
    {"sub",
     "Subtract Sub SUB sub rsub"
     " subtractBroadcastable",
     ""},
    {"mul",
     "Multiply Mul QLinearMul MUL mul"
     " multiply multiplyBroadcastable",
     "div pow", false, true},
    {"div",
     "Divide Div DIV div real_div"
     " divideBroadcastable",
     "mul"},
    {"pow",
     "Power Pow POW pow square SQUARE"
     " powBroadcastable",
     "mul"},
    {"sqrt", "Sqrt SQRT sqrt", ""},
    {"rsqrt", "RSQRT rsqrt", "div reciprocal"},
    {"reciprocal", "Reciprocal reciprocal inverse", "div"},
    {"exp", "Exp EXP exp", ""},
    {"log", "Log LOG log", ""},
    {"neg", "Negative Neg NEG neg", "mul"},
    {"abs", "Abs ABS abs", ""},
    {"erf", "Erf erf", ""},
    {"min",
     "Minimum Min MINIMUM minimum"
     " minBroadcastable",
     "", false, true},
    {"max",
     "Maximum Max MAXIMUM maximum"
     " maxBroadcastable",
     "", false, true},
    {"floor", "Floor FLOOR floor", ""},
    {"sin", "Sin SIN sin", ""},
    {"cos", "Cos COS cos", ""},
    {"mod",
     "Mod FLOOR_MOD mod remainder"
     " modBroadcastable",
     ""},
    {"compare",
     "NotEqual GreaterEqual LessEqual Equal Greater Less GreaterOrEqual LessOrEqual EQUAL "
     "NOT_EQUAL GREATER LESS GREATER_EQUAL "
     "LESS_EQUAL eq ne gt "
     "lt ge le equal greater less"
     " notEqual not_equal lessThan lessEqual less_equal greaterThan greaterEqual greater_equal",
     ""},
    {"logic",
     "LogicalAnd LogicalOr LogicalNot And Or Not Xor LOGICAL_AND LOGICAL_OR LOGICAL_NOT "
     "logical_and logical_or logical_not"
     " logicalAnd logicalOr logicalNot",
     ""},
    {"where",
     "Select Where SELECT SELECT_V2 where masked_fill"
     " whereBroadcastable",
     ""},
    // Activations.
    {"relu",
     "Relu RELU relu"
     " ReLU",
     "clip max"},
    {"clip", "Clamp Clip RELU6 RELU_N1_TO_1 clip clamp relu6 hardtanh", "relu min max"},
    {"leaky_relu",
     "LeakyRelu QLinearLeakyRelu LEAKY_RELU leaky_relu"
     " leakyReLU",
     "max where"},
    {"prelu",
     "PRelu PRELU prelu"
     " PReLU",
     "add"},
    {"elu", "Elu Selu Celu ELU elu selu celu", ""},
    {"sigmoid", "Sigmoid QLinearSigmoid LOGISTIC sigmoid", "div"},
    {"hard_sigmoid",
     "HSigmoid HardSigmoid hard_sigmoid hardsigmoid"
     " sigmoid_hard sigmoidHard",
     "clip div mul"},
    {"hard_swish", "HSwish HardSwish HARD_SWISH hard_swish hardswish", "mul div"},
    {"silu", "QuickGelu Swish silu swish", "mul"},
    {"tanh", "Tanh TANH tanh", ""},
    {"softplus", "SoftPlus Softplus softplus", "log"},
    {"mish", "Mish mish", "mul"},
    {"gelu", "Gelu FastGelu BiasGelu GELU gelu", "mul"},
    {"softmax",
     "SoftMax Softmax QLinearSoftmax SOFTMAX softmax _softmax BiasSoftmax"
     " softmaxND",
     "div mul"},
    {"log_softmax", "LogSoftmax LOG_SOFTMAX log_softmax _log_softmax", "log sub"},
    // Normalisation.
    {"batch_norm",
     "BatchNormInference BatchNormalization batch_norm _native_batch_norm_legit_no_training "
     "native_batch_norm"
     " batchnorm",
     "add mul"},
    {"layer_norm",
     "MVN LayerNormalization layer_norm native_layer_norm"
     " layerNormalization",
     "add mul div"},
    {"skip_layer_norm", "SkipLayerNormalization SkipSimplifiedLayerNormalization",
     "layer_norm rms_norm add mul"},
    {"rms_norm", "SimplifiedLayerNormalization RMSNormalization rms_norm", "mul"},
    {"instance_norm", "InstanceNormalization instance_norm", "add mul"},
    {"group_norm", "GroupNorm GroupNormalization group_norm native_group_norm SkipGroupNorm",
     "add mul silu"},
    {"l2_norm", "LpNormalization L2_NORMALIZATION l2_norm", "div mul"},
    {"lrn",
     "LRN LOCAL_RESPONSE_NORMALIZATION local_response_norm"
     " lrn",
     "div"},
    // Pooling, resampling and reductions.
    {"avg_pool",
     "AvgPool AveragePool QLinearAveragePool AVERAGE_POOL_2D avg_pool avg_pool1d avg_pool2d "
     "avg_pool3d "
     "adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d",
     "reduce_mean"},
    {"global_avg_pool", "GlobalAveragePool QLinearGlobalAveragePool", "avg_pool reduce_mean"},
    {"max_pool",
     "MaxPool NhwcMaxPool MAX_POOL_2D max_pool max_pool1d max_pool2d max_pool2d_with_indices", ""},
    {"global_max_pool", "GlobalMaxPool", "max_pool reduce_max"},
    {"resize",
     "Interpolate Resize Upsample RESIZE_BILINEAR RESIZE_NEAREST_NEIGHBOR upsample "
     "upsample_bilinear "
     "upsample_nearest_neighbor "
     "upsample_bilinear2d upsample_nearest2d resize_bilinear",
     ""},
    {"reduce_mean",
     "ReduceMean QLinearReduceMean MEAN reduce_mean mean"
     " reduceMean",
     ""},
    {"reduce_sum",
     "ReduceSum SUM reduce_sum sum"
     " reduceSum",
     ""},
    {"reduce_max",
     "ReduceMax REDUCE_MAX reduce_max amax"
     " reduceMax",
     ""},
    {"reduce_min",
     "ReduceMin REDUCE_MIN reduce_min amin"
     " reduceMin",
     ""},
    {"reduce_l2",
     "ReduceL2 reduce_l2_norm linalg_vector_norm"
     " reduceL2",
     "sqrt"},
    {"arg_max",
     "ArgMax ARG_MAX reduce_argmax argmax"
     " argMax",
     ""},
    {"cumsum", "CumSum CUMSUM cumsum", ""},
    // Data movement that selects or joins.
    {"concat",
     "Concat QLinearConcat CONCATENATION concat cat stack PACK"
     " concatND",
     ""},
    {"split",
     "VariadicSplit Split SPLIT SPLIT_V split chunk split_with_sizes UNPACK unbind"
     " splitND",
     "slice embedding matmul gemm conv add"},
    {"slice",
     "StridedSlice Slice STRIDED_SLICE SLICE slice slice_by_index slice_by_size slice_copy narrow"
     " sliceStatic sliceDynamic",
     ""},
    {"pad",
     "Pad PAD PADV2 MIRROR_PAD pad constant_pad_nd reflection_pad1d"
     " padding constantPad",
     ""},
    {"expand",
     "Broadcast Expand BROADCAST_TO expand"
     " broadcastToStatic broadcastToDynamic broadcastToLike",
     ""},
    {"tile", "Tile TILE tile repeat", ""},
    {"depth_to_space", "DepthToSpace DEPTH_TO_SPACE depth_to_space pixel_shuffle", ""},
    {"space_to_depth", "SpaceToDepth SPACE_TO_DEPTH space_to_depth pixel_unshuffle", ""},
    {"gather_nd",
     "GatherND GATHER_ND gather_nd"
     " gatherND",
     ""},
    {"scatter",
     "ScatterNDUpdate ScatterElementsUpdate ScatterND ScatterElements SCATTER_ND scatter scatter_nd"
     " scatterND",
     ""},
    {"top_k",
     "TopK TOPK_V2 topk"
     " topK",
     ""},
    // Recurrence and attention.
    {"lstm",
     "LSTMSequence LSTMCell LSTM DynamicQuantizeLSTM lstm UNIDIRECTIONAL_SEQUENCE_LSTM"
     " uniDirectionalLSTM biDirectionalLSTM",
     "mul add concat"},
    {"gru", "GRUSequence GRUCell GRU gru", "add mul concat"},
    {"rnn", "RNNSequence RNNCell RNN rnn", "tanh relu concat"},
    {"attention",
     "ScaledDotProductAttention Attention MultiHeadAttention GroupQueryAttention QAttention "
     "scaled_dot_product_attention",
     "matmul fused_matmul gemm add"},
    {"control", "TensorIterator If Loop Scan IF WHILE cond while_loop map_impl scan", ""},
});

/// "aten.conv2d.default", "aten::conv2d" and "torch.ops.aten.relu_.default" → "conv2d", "relu".
std::string_view withoutNamespace(std::string_view opType)
{
    for (const std::string_view prefix :
         {"torch.ops.", "aten.", "aten::", "quantized_decomposed.", "higher_order."}) {
        if (opType.starts_with(prefix)) {
            opType.remove_prefix(prefix.size());
            if (prefix != "torch.ops.") {
                opType = opType.substr(0, opType.find('.'));
                if (opType.size() > 1 && opType.ends_with('_')) {
                    opType.remove_suffix(1);
                }
            }
        }
    }
    return opType;
}

using FamilyIndex = std::unordered_map<std::string_view, const OpFamily *>;

FamilyIndex buildIndex()
{
    FamilyIndex index;
    for (const OpFamily &family : kFamilies) {
        std::string_view rest = family.opTypes;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find(' '), rest.size());
            if (end > 0) {
                index.emplace(rest.substr(0, end), &family);
            }
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    return index;
}

bool listContains(std::string_view list, std::string_view word)
{
    for (std::size_t at = list.find(word); at != std::string_view::npos;
         at = list.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || list[at - 1] == ' ') && (end == list.size() || list[end] == ' ')) {
            return true;
        }
    }
    return false;
}

} // namespace

std::span<const OpFamily> opFamilies()
{
    return kFamilies;
}

const OpFamily *opFamilyOf(std::string_view opType)
{
    static const FamilyIndex index = buildIndex();
    const auto found = index.find(withoutNamespace(opType));
    return found == index.end() ? nullptr : found->second;
}

const OpFamily *opFamilyOf(const Node &node)
{
    return opFamilyOf(node.opType);
}

bool canShareExit(const OpFamily *a, const OpFamily *b)
{
    // What a body yields can be made by any op.
    if (a == nullptr || b == nullptr || a == b || a->name == "control" || b->name == "control") {
        return true;
    }
    return listContains(a->exits, b->name) || listContains(b->exits, a->name);
}

} // namespace syncpoint
