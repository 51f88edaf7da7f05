#include "compare/align/name_rules.h"

#include <algorithm>
#include <array>

namespace syncpoint {
namespace {

using namespace std::string_view_literals;

// ONNX Runtime's quantizers and graph passes, Core ML's compression and precision passes, the
// ONNX fp16 converter, TensorFlow's quantization-aware training.
constexpr std::array kSuffixes{
    "_QuantizeLinear_Input"sv,
    "_QuantizeLinear_Output"sv,
    "_DequantizeLinear_Output"sv,
    "_DequantizeLinear_Input"sv,
    "_QuantizeLinear"sv,
    "_DequantizeLinear"sv,
    "_output_quantized"sv,
    "_quantized"sv,
    "_dequantized"sv,
    "_ReshapedSavedOutput"sv,
    "/duplicated"sv,
    "_duplicated"sv,
    "_cast_fp16"sv,
    "_cast_fp32"sv,
    "_to_fp16"sv,
    "_to_fp32"sv,
    "_promoted"sv,
    "_palettized"sv,
    "_sparsified"sv,
    "_fp16"sv,
    "_fp32"sv,
    "/FakeQuantWithMinMaxVars"sv,
    "_tfl_dequantize"sv,
    "_nchwc"sv,
    "_nhwc"sv,
};
constexpr std::array kPrefixes{"InsertedPrecisionFreeCast_"sv, "InsertedCast_"sv};
/// Followed by a number: "_dtype_0", "_token_12", TensorFlow's ":0".
constexpr std::array kNumberedSuffixes{"_dtype_"sv, "_token_"sv, "_cast_"sv, ":"sv};

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

std::size_t trailingDigits(std::string_view text)
{
    std::size_t count = 0;
    while (count < text.size() && isDigit(text[text.size() - 1 - count])) {
        ++count;
    }
    return count;
}

/// One step; an empty view when nothing is left to take away.
std::string_view strip(std::string_view &text)
{
    for (const std::string_view suffix : kSuffixes) {
        if (text.size() > suffix.size() && text.ends_with(suffix)) {
            text.remove_suffix(suffix.size());
            return suffix;
        }
    }
    for (const std::string_view prefix : kPrefixes) {
        if (text.size() > prefix.size() && text.starts_with(prefix)) {
            text.remove_prefix(prefix.size());
            return prefix;
        }
    }
    if (const std::size_t digits = trailingDigits(text); digits > 0) {
        const std::string_view head = text.substr(0, text.size() - digits);
        for (const std::string_view suffix : kNumberedSuffixes) {
            if (head.size() > suffix.size() && head.ends_with(suffix)) {
                text = head.substr(0, head.size() - suffix.size());
                return suffix;
            }
        }
    }
    return {};
}

} // namespace

PlainName withoutToolMarks(std::string_view name)
{
    PlainName plain;
    for (std::string_view step = strip(name); !step.empty(); step = strip(name)) {
        plain.removed.push_back(step);
    }
    plain.text = name;
    return plain;
}

std::vector<std::string_view> listedNames(std::string_view name)
{
    std::vector<std::string_view> parts;
    while (!name.empty()) {
        const std::size_t end = std::min(name.find(';'), name.size());
        if (end > 0) {
            parts.push_back(name.substr(0, end));
        }
        name.remove_prefix(std::min(end + 1, name.size()));
    }
    return parts;
}

std::string separatorFree(std::string_view name)
{
    constexpr auto kSlot = "_output_0"sv;
    if (name.size() > kSlot.size() && name.ends_with(kSlot)) {
        name.remove_suffix(kSlot.size());
    }
    std::string result;
    for (const char c : name) {
        const bool separates = c == '/' || c == '.' || c == ':' || c == '_';
        if (!separates) {
            result.push_back(c);
        } else if (!result.empty() && result.back() != '.') {
            result.push_back('.');
        }
    }
    if (!result.empty() && result.back() == '.') {
        result.pop_back();
    }
    return result;
}

NameStrength strengthOf(std::string_view name)
{
    const std::size_t digits = trailingDigits(name);
    const std::string_view head = name.substr(0, name.size() - digits);
    if (name.find("_token_") != std::string_view::npos || name.starts_with("gemm_input_reshape") ||
        name.starts_with("gemm_output_reshape") || name.starts_with("_v_")) {
        return NameStrength::Generated;
    }
    if (name.starts_with("onnx::") && name.find('/') == std::string_view::npos) {
        return NameStrength::Weak;
    }
    const bool isPath = head.find_first_of("/.") != std::string_view::npos;
    if (digits > 0 && !isPath && (head.empty() || head.ends_with('_') || head.size() == 1)) {
        return NameStrength::Weak;
    }
    return NameStrength::Strong;
}

} // namespace syncpoint
