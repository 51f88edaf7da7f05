#include "core/formats/mlir/mlir_types.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace syncpoint {

namespace {
constexpr std::size_t kMostAxes = 64;

DType elementType(std::string_view name)
{
    static constexpr std::array<std::pair<std::string_view, DType>, 33> kTypes{{
        {"f64", DType::Float64},
        {"f32", DType::Float32},
        {"f16", DType::Float16},
        {"bf16", DType::BFloat16},
        {"f8E4M3FN", DType::Float8E4M3FN},
        {"f8E4M3FNUZ", DType::Float8E4M3FNUZ},
        {"f8E5M2", DType::Float8E5M2},
        {"f8E5M2FNUZ", DType::Float8E5M2FNUZ},
        {"f8E8M0FNU", DType::Float8E8M0},
        {"f4E2M1FN", DType::Float4E2M1},
        {"i64", DType::Int64},
        {"si64", DType::Int64},
        {"ui64", DType::UInt64},
        {"i32", DType::Int32},
        {"si32", DType::Int32},
        {"ui32", DType::UInt32},
        {"i16", DType::Int16},
        {"si16", DType::Int16},
        {"ui16", DType::UInt16},
        {"i8", DType::Int8},
        {"si8", DType::Int8},
        {"ui8", DType::UInt8},
        {"u8", DType::UInt8},
        {"i4", DType::Int4},
        {"si4", DType::Int4},
        {"ui4", DType::UInt4},
        {"i2", DType::Int2},
        {"ui2", DType::UInt2},
        {"i1", DType::Bool},
        {"index", DType::Int64},
        {"complex<f32>", DType::Complex64},
        {"complex<f64>", DType::Complex128},
        {"u4", DType::UInt4},
    }};
    const auto *found = std::find_if(kTypes.begin(), kTypes.end(),
                                     [&](const auto &known) { return known.first == name; });
    return found == kTypes.end() ? DType::Undefined : found->second;
}

template <typename Number>
std::optional<Number> takeNumber(std::string_view &text)
{
    text.remove_prefix(std::min(text.find_first_not_of(" {,"), text.size()));
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

/// "i8:f32, 0.5:3", "i8<-127:127>:f32:1, {0.5:3, 0.25}": storage, expressed type, axis; then
/// scales, each with its zero point unless that is 0.
void readQuantization(std::string_view text, MlirType &type)
{
    const std::size_t comma = text.find(',');
    std::string_view head = text.substr(0, comma);
    type.dtype = elementType(head.substr(0, head.find_first_of(":<")));
    if (comma == std::string_view::npos) {
        return;
    }
    auto parameters = std::make_shared<Quantization>();
    text.remove_prefix(comma + 1);
    while (const auto scale = takeNumber<double>(text)) {
        parameters->scales.push_back(*scale);
        std::int64_t zeroPoint = 0;
        if (text.starts_with(':')) {
            text.remove_prefix(1);
            zeroPoint = takeNumber<std::int64_t>(text).value_or(0);
        }
        parameters->zeroPoints.push_back(zeroPoint);
    }
    const std::size_t angle = head.rfind('>'); // of the storage's limits, which have a colon too
    head.remove_prefix(angle == std::string_view::npos ? 0 : angle);
    const std::size_t expressed = head.find(':');
    const std::size_t axis = expressed == std::string_view::npos ? std::string_view::npos
                                                                 : head.find(':', expressed + 1);
    if (axis != std::string_view::npos) {
        std::string_view rest = head.substr(axis + 1);
        parameters->axis = takeNumber<std::size_t>(rest);
    }
    const bool isFullyKnown =
        type.shape && std::all_of(type.shape->begin(), type.shape->end(),
                                  [](std::int64_t extent) { return extent >= 0; });
    if (parameters->isValid() && (!isFullyKnown || checkQuantization(*parameters, *type.shape))) {
        type.quantization = std::move(parameters);
    }
}

void readElement(std::string_view text, MlirType &type)
{
    constexpr std::string_view kUniform = "!quant.uniform<";
    if (text.starts_with(kUniform)) {
        text.remove_prefix(kUniform.size());
        readQuantization(text.substr(0, text.rfind('>')), type);
        return;
    }
    if (!text.starts_with("complex<")) {
        text = text.substr(0, text.find_first_of(", "));
    }
    type.dtype = elementType(text);
}
} // namespace

MlirType mlirType(std::string_view text)
{
    MlirType type;
    const std::size_t angle = text.find('<');
    const std::string_view kind = text.substr(0, angle);
    const bool isShaped = kind == "tensor" || kind == "memref" || kind == "vector";
    if (!isShaped || angle == std::string_view::npos || !text.ends_with('>')) {
        type.dtype = elementType(text);
        if (type.dtype != DType::Undefined) {
            type.shape = Shape{};
        }
        return type;
    }
    std::string_view rest = text.substr(angle + 1, text.size() - angle - 2);
    Shape shape;
    bool isRanked = true;
    while (shape.size() < kMostAxes) {
        const std::size_t cross = rest.find('x');
        const std::string_view extent = rest.substr(0, cross);
        std::int64_t number = -1;
        const auto [end, error] =
            std::from_chars(extent.data(), extent.data() + extent.size(), number);
        const bool isNumber = error == std::errc() && end == extent.data() + extent.size();
        if (cross == std::string_view::npos || (!isNumber && extent != "?" && extent != "*")) {
            break;
        }
        isRanked = isRanked && extent != "*";
        shape.push_back(isNumber ? std::max<std::int64_t>(number, -1) : -1);
        rest.remove_prefix(cross + 1);
    }
    if (isRanked) {
        type.shape = std::move(shape);
    }
    readElement(rest, type);
    return type;
}

} // namespace syncpoint
