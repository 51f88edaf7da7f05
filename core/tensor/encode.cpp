#include "core/tensor/encode.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <type_traits>
#include <utility>

namespace syncpoint {

namespace {
/// IEEE 754 interchange formats of 16 bits.
struct SmallFloat
{
    int exponentBits;
    int mantissaBits;
};
constexpr SmallFloat kHalf{5, 10};
constexpr SmallFloat kBrainHalf{8, 7};

std::uint16_t bitsOf(double value, const SmallFloat &format)
{
    const auto sign = static_cast<unsigned>(std::signbit(value)) << 15U;
    const int bias = (1 << (format.exponentBits - 1)) - 1;
    const int infinity = ((1 << format.exponentBits) - 1) << format.mantissaBits;
    const double magnitude = std::fabs(value);
    int bits = 0;
    if (std::isnan(value)) {
        bits = infinity | (1 << (format.mantissaBits - 1));
    } else if (std::isinf(value)) {
        bits = infinity;
    } else if (magnitude != 0.0) {
        int exponent = 0;
        std::frexp(magnitude, &exponent); // of a number in [0.5, 1)
        const int normal = std::max(exponent - 1, 1 - bias);
        // In units of the last place, the hidden bit included: it carries into the exponent.
        const double units = std::nearbyint(std::ldexp(magnitude, format.mantissaBits - normal));
        bits = (normal + bias - 1) * (1 << format.mantissaBits) + static_cast<int>(units);
        bits = std::min(bits, infinity);
    }
    return static_cast<std::uint16_t>(sign | static_cast<unsigned>(bits));
}

template <typename Element, typename Source, typename Convert>
std::vector<std::byte> encoded(std::span<const Source> values, Convert convert)
{
    std::vector<std::byte> bytes(values.size() * sizeof(Element));
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Element element = convert(values[i]);
        std::memcpy(bytes.data() + i * sizeof(Element), &element, sizeof(Element));
    }
    return bytes;
}

template <typename Element>
Result<Tensor> encodeChecked(DType dtype, const Shape &shape, std::span<const std::int64_t> values)
{
    for (const std::int64_t value : values) {
        bool fits = value == 0 || value == 1;
        if constexpr (!std::is_same_v<Element, bool>) {
            fits = std::in_range<Element>(value);
        }
        if (!fits) {
            return Error{ErrorCode::BadInput,
                         fmt::format("the value {} does not fit in {}", value, dtypeName(dtype))};
        }
    }
    return Tensor::fromBytes(
        {dtype, shape, nullptr},
        encoded<Element>(values, [](std::int64_t value) { return static_cast<Element>(value); }));
}
} // namespace

bool canEncodeReals(DType dtype)
{
    return dtype == DType::Float64 || dtype == DType::Float32 || dtype == DType::Float16 ||
           dtype == DType::BFloat16;
}

bool canEncodeIntegers(DType dtype)
{
    return dtype == DType::Bool || (isInteger(dtype) && bitWidth(dtype) >= 8);
}

std::vector<std::byte> encodedReals(DType dtype, std::span<const double> values)
{
    switch (dtype) {
    case DType::Float64:
        return encoded<double>(values, [](double value) { return value; });
    case DType::Float16:
        return encoded<std::uint16_t>(values, [](double value) { return bitsOf(value, kHalf); });
    case DType::BFloat16:
        return encoded<std::uint16_t>(values,
                                      [](double value) { return bitsOf(value, kBrainHalf); });
    default:
        assert(dtype == DType::Float32);
        return encoded<float>(values, [](double value) { return static_cast<float>(value); });
    }
}

Result<Tensor> encodeReals(DType dtype, const Shape &shape, std::span<const double> values)
{
    if (!canEncodeReals(dtype)) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("cannot make numbers of type {}", dtypeName(dtype))};
    }
    return Tensor::fromBytes({dtype, shape, nullptr}, encodedReals(dtype, values));
}

Result<Tensor> encodeIntegers(DType dtype, const Shape &shape, std::span<const std::int64_t> values)
{
    switch (dtype) {
    case DType::Bool:
        return encodeChecked<bool>(dtype, shape, values);
    case DType::Int8:
        return encodeChecked<std::int8_t>(dtype, shape, values);
    case DType::Int16:
        return encodeChecked<std::int16_t>(dtype, shape, values);
    case DType::Int32:
        return encodeChecked<std::int32_t>(dtype, shape, values);
    case DType::Int64:
        return encodeChecked<std::int64_t>(dtype, shape, values);
    case DType::UInt8:
        return encodeChecked<std::uint8_t>(dtype, shape, values);
    case DType::UInt16:
        return encodeChecked<std::uint16_t>(dtype, shape, values);
    case DType::UInt32:
        return encodeChecked<std::uint32_t>(dtype, shape, values);
    case DType::UInt64:
        return encodeChecked<std::uint64_t>(dtype, shape, values);
    default:
        return Error{ErrorCode::Unsupported,
                     fmt::format("cannot make integers of type {}", dtypeName(dtype))};
    }
}

} // namespace syncpoint
