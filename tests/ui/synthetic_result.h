#pragma once
#include "compare/session/comparison_result.h"

#include <memory>

namespace syncpoint {

/// A small finished comparison made in place: inputs → encoder.block0 (Conv, Relu) →
/// decoder (MatMul, Softmax) on both sides; the MatMul is bad and where the error starts, the Relu
/// warns, the rest is exact or ok. The candidate has one op more ("/decoder/Extra") that found no
/// counterpart, its MatMul is quantized per channel and has another attribute. Source frames name
/// net.py.
std::shared_ptr<const ComparisonResult> makeSyntheticResult();

} // namespace syncpoint
