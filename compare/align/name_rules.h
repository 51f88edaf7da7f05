#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint {

/// A value's name without what conversion tools add to it.
struct PlainName
{
    std::string text;
    std::vector<std::string_view> removed; ///< what was taken away, outermost first
};

/// Takes away the prefixes and suffixes of ONNX Runtime, Core ML, TensorFlow and the fp16
/// converter, again and again until none is left. Never yields an empty text.
PlainName withoutToolMarks(std::string_view name);

/// The parts of a TFLite name that lists fused ops ("conv;bias;relu"); the name itself otherwise.
std::vector<std::string_view> listedNames(std::string_view name);

/// '/', '.', ':' and '_' made one separator; the exporter's "_output_0" and "_0" slots dropped:
/// "/m/conv/Conv_output_0" and "m.conv.Conv" become equal.
std::string separatorFree(std::string_view name);

/// How much a name says of the value.
enum class NameStrength {
    Generated, ///< numbered by an optimizer's fresh-name counter: differs between runs
    Weak,      ///< a bare number or a numbered op: "123", "add_7", "onnx::Conv_42"
    Strong,    ///< a path or a real name
};
NameStrength strengthOf(std::string_view name);

} // namespace syncpoint
