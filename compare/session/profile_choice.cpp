#include "compare/session/profile_choice.h"

#include <algorithm>
#include <fmt/format.h>

namespace syncpoint {

namespace {
Precision precisionOfType(DType dtype)
{
    switch (dtype) {
    case DType::Int4:
    case DType::UInt4:
    case DType::UInt3:
    case DType::Int2:
    case DType::UInt2:
    case DType::UInt1:
    case DType::Float4E2M1:
        return Precision::Int4;
    case DType::UInt6:
    case DType::Float8E4M3FN:
    case DType::Float8E4M3FNUZ:
    case DType::Float8E5M2:
    case DType::Float8E5M2FNUZ:
    case DType::Float8E8M0:
        return Precision::Int8;
    case DType::Float16:
    case DType::BFloat16:
        return Precision::Half;
    default:
        return Precision::Float;
    }
}

Precision precisionOfValue(const Value &value)
{
    const DType dtype = value.constant ? value.constant->info().dtype : value.dtype;
    const Precision byType = precisionOfType(dtype);
    if (byType != Precision::Float || !value.quantization) {
        return byType; // plain 8-bit integers may be indices or masks: only quantized ones count
    }
    return bitWidth(dtype) <= 8 ? Precision::Int8 : Precision::Half;
}

/// Ops that hide their number format in attributes or in plain integer operands.
Precision precisionOfOp(const Node &node)
{
    const std::string &type = node.opType;
    if (type == "MatMulNBits" || type == "GatherBlockQuantized") {
        const Attribute *bits = node.findAttribute("bits");
        const auto *count = bits != nullptr ? std::get_if<std::int64_t>(&bits->data) : nullptr;
        return count != nullptr && *count > 4 ? Precision::Int8 : Precision::Int4;
    }
    if (type == "FakeQuantize") {
        const Attribute *levels = node.findAttribute("levels");
        const auto *count = levels ? std::get_if<std::int64_t>(&levels->data) : nullptr;
        return count == nullptr || *count > 256 ? Precision::Half
               : *count > 16                    ? Precision::Int8
                                                : Precision::Int4;
    }
    const bool integerOp = type == "ConvInteger" || type == "MatMulInteger" ||
                           type == "DynamicQuantizeLinear" || type.starts_with("QLinear") ||
                           type == "DynamicQuantizeMatMul";
    return integerOp ? Precision::Int8 : Precision::Float;
}

bool sameEngine(const ComparedSide &a, const ComparedSide &b)
{
    const bool runtimesKnown = a.dump && b.dump && !a.dump->runtime.empty();
    return runtimesKnown && a.dump->runtime == b.dump->runtime &&
           a.graph->info().producer == b.graph->info().producer;
}

std::string_view automaticProfile(const ComparedSide &baseline, const ComparedSide &candidate)
{
    switch (std::max(precisionOf(*baseline.graph), precisionOf(*candidate.graph))) {
    case Precision::Int4:
        return "int4";
    case Precision::Int8:
        return "int8";
    case Precision::Half:
        return "half";
    case Precision::Float:
        break;
    }
    return sameEngine(baseline, candidate) ? "exact" : "float";
}
} // namespace

Precision precisionOf(const Graph &graph)
{
    Precision coarsest = Precision::Float;
    for (const Value &value : graph.values()) {
        coarsest = std::max(coarsest, precisionOfValue(value));
    }
    for (const Node &node : graph.nodes()) {
        coarsest = std::max(coarsest, precisionOfOp(node));
    }
    return coarsest;
}

Result<ThresholdProfile> chooseProfile(const SessionConfig &config, const ComparedSide &baseline,
                                       const ComparedSide &candidate)
{
    if (config.profile == "custom" && config.customProfile) {
        return *config.customProfile;
    }
    const auto profile = builtinProfile(
        config.profile == "auto" ? automaticProfile(baseline, candidate) : config.profile);
    if (!profile) {
        return Error{ErrorCode::BadInput,
                     fmt::format("there is no severity profile '{}'; use auto, exact, float, half, "
                                 "int8 or int4",
                                 config.profile)};
    }
    return *profile;
}

} // namespace syncpoint
