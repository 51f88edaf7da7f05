#pragma once
#include "core/base/result.h"
#include "core/graph/graph.h"

#include <string>

namespace syncpoint::tflite {
struct Model;
struct Operator;
} // namespace syncpoint::tflite

namespace syncpoint {

/// "CONV_2D", or what a custom op is called; "" when the op's code does not exist.
std::string tfliteOpType(const tflite::Model &model, const tflite::Operator &op);

/// Sets type, domain ("custom" for custom ops), placement and metadata of `node`. Fails when the
/// op's code does not exist.
Result<void> describeTfliteOp(const tflite::Model &model, const tflite::Operator &op, Node &node);

} // namespace syncpoint
