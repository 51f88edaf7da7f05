#pragma once
#include "../net.h"

namespace syncpoint::eval {

// Every edit changes a network as some converter does and keeps the truth right. Edits that find
// nothing to change leave it as it is.

// order.cpp
void reorder(Net &net, Truth &truth, Random &random);      ///< another valid order of the ops
void shufflePorts(Net &net, Truth &truth, Random &random); ///< inputs and outputs change places
void exposeValues(Net &net, Truth &truth, Random &random); ///< one value in three is an output too

// quantization.cpp
void quantize8(Net &net, Truth &truth, Random &random);   ///< QuantizeLinear and back everywhere
void quantize4(Net &net, Truth &truth, Random &random);   ///< weights rounded to 4 bits
void castHalf(Net &net, Truth &truth, Random &random);    ///< Cast after every value
void castIslands(Net &net, Truth &truth, Random &random); ///< some ops between Casts

// integer_ops.cpp
void useIntegerOps(Net &net, Truth &truth, Random &random);       ///< QLinearConv, QLinearAdd, …
void quantizeDynamically(Net &net, Truth &truth, Random &random); ///< MatMulInteger, ConvInteger
void packWeights(Net &net, Truth &truth, Random &random);         ///< MatMulNBits

// folding.cpp
void foldBatchNorm(Net &net, Truth &truth, Random &random);  ///< into the convolution before it
void splitBias(Net &net, Truth &truth, Random &random);      ///< out of Conv and Gemm
void foldBias(Net &net, Truth &truth, Random &random);       ///< MatMul + Add becomes Gemm
void fuseActivation(Net &net, Truth &truth, Random &random); ///< FusedConv
void foldPad(Net &net, Truth &truth, Random &random);        ///< into the convolution after it

// fusing.cpp
void fuseNorms(Net &net, Truth &truth, Random &random);       ///< written-out norms to one op
void fuseSkipNorms(Net &net, Truth &truth, Random &random);   ///< SkipLayerNormalization
void fuseActivations(Net &net, Truth &truth, Random &random); ///< Gelu, QuickGelu, HardSwish
void fuseAttention(Net &net, Truth &truth, Random &random);   ///< Attention, MultiHeadAttention

// writing_out.cpp
void decompose(Net &net, Truth &truth, Random &random);         ///< Gelu, HardSwish, norms
void unrollRecurrences(Net &net, Truth &truth, Random &random); ///< LSTM and GRU step by step
void rewriteAlgebra(Net &net, Truth &truth, Random &random); ///< x/c as x·(1/c), Relu as Clip, …
void changeOpset(Net &net, Truth &truth, Random &random);    ///< attributes become inputs and back
void computeShapes(Net &net, Truth &truth, Random &random);  ///< Reshape reads Shape of its input

// layout.cpp
void transposeLayout(Net &net, Truth &truth, Random &random); ///< every Conv between Transposes
void channelsLast(Net &net, Truth &truth, Random &random);    ///< the whole network in NHWC

// branches.cpp
void duplicate(Net &net, Truth &truth, Random &random);         ///< some ops once per reader
void addDeadBranches(Net &net, Truth &truth, Random &random);   ///< ops that nothing reads
void splitConvolutions(Net &net, Truth &truth, Random &random); ///< in parts, joined again
void splitJoins(Net &net, Truth &truth, Random &random); ///< Split as Slices, Concat step by step
void wrapInIf(Net &net, Truth &truth, Random &random); ///< second half in a branch, a decoy beside
void mergeProducts(Net &net, Truth &truth, Random &random); ///< of one operand, then Split
void linearAsConv(Net &net, Truth &truth, Random &random);  ///< MatMul as 1×1 convolution

// insertion.cpp
void insertOps(Net &net, Truth &truth, Random &random);     ///< new ops on one value in eight
void removeOps(Net &net, Truth &truth, Random &random);     ///< one op in ten
void insertBlocks(Net &net, Truth &truth, Random &random);  ///< residual blocks
void addIdentities(Net &net, Truth &truth, Random &random); ///< after every value
void cutEnds(Net &net, Truth &truth, Random &random); ///< the first and last sixth are missing

// weights.cpp
void retrain(Net &net, Truth &truth, Random &random);        ///< other weights
void flattenWeights(Net &net, Truth &truth, Random &random); ///< all numbers equal
void dropData(Net &net, Truth &truth, Random &random);       ///< weights are not in the file
void dropShapes(Net &net, Truth &truth, Random &random);     ///< of computed values

} // namespace syncpoint::eval
