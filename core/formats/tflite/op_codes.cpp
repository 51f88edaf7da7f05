#include "core/formats/tflite/op_codes.h"

#include "core/formats/flatbuffer.h"
#include "core/formats/tflite/op_names.h"

#include <fmt/format.h>
#include <tflite_generated.h>

namespace syncpoint {

namespace {
constexpr std::size_t kLongestType = 80;

const tflite::OperatorCode *codeOf(const tflite::Model &model, const tflite::Operator &op)
{
    return op.opcode_index() < countOf(model.operator_codes())
               ? model.operator_codes()->Get(op.opcode_index())
               : nullptr;
}

/// Models from before the ops outgrew a byte have only the old field.
std::int32_t numberOf(const tflite::OperatorCode &code)
{
    return std::max<std::int32_t>(code.old_builtin_code(), code.builtin_code());
}
} // namespace

std::string tfliteOpType(const tflite::Model &model, const tflite::Operator &op)
{
    const auto *code = codeOf(model, op);
    if (code == nullptr) {
        return {};
    }
    const std::int32_t number = numberOf(*code);
    return number == kTfliteCustomOp
               ? std::string(textOf(code->custom_code()).substr(0, kLongestType))
               : tfliteOpName(number);
}

Result<void> describeTfliteOp(const tflite::Model &model, const tflite::Operator &op, Node &node)
{
    const auto *code = codeOf(model, op);
    if (code == nullptr) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("its code {} of {} does not exist", op.opcode_index(),
                                 countOf(model.operator_codes()))};
    }
    node.opType = tfliteOpType(model, op);
    if (numberOf(*code) == kTfliteCustomOp) {
        node.domain = "custom";
        node.placement = placementOfCustomOp(node.opType);
    }
    node.metadata.emplace_back("version", std::to_string(code->version()));
    const std::uint64_t optionBytes =
        std::max<std::uint64_t>(countOf(op.custom_options()), op.large_custom_options_size());
    if (optionBytes > 0) {
        node.metadata.emplace_back("custom options", fmt::format("{} bytes", optionBytes));
    }
    return {};
}

} // namespace syncpoint
