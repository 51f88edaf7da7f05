#include "core/run/number_encoding.h"
#include "core/tensor/decode.h"

#include <cstring>
#include <fmt/format.h>
#include <limits>
#include <onnxruntime_float16.h>
#include <type_traits>
#include <vector>

namespace syncpoint {

namespace {
struct Half : onnxruntime_float16::Float16Impl<Half>
{
    static std::uint16_t bits(double value) { return ToUint16Impl(static_cast<float>(value)); }
};
struct BrainHalf : onnxruntime_float16::BFloat16Impl<BrainHalf>
{
    static std::uint16_t bits(double value) { return ToUint16Impl(static_cast<float>(value)); }
};

template <typename Element, typename Source, typename Convert>
Result<Tensor> encode(DType dtype, const Shape &shape, std::span<const Source> values,
                      Convert convert)
{
    std::vector<std::byte> bytes(values.size() * sizeof(Element));
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Element element = convert(values[i]);
        std::memcpy(bytes.data() + i * sizeof(Element), &element, sizeof(Element));
    }
    return Tensor::fromBytes({dtype, shape, nullptr}, std::move(bytes));
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
    return encode<Element>(dtype, shape, values,
                           [](std::int64_t value) { return static_cast<Element>(value); });
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

Result<Tensor> encodeReals(DType dtype, const Shape &shape, std::span<const double> values)
{
    switch (dtype) {
    case DType::Float64:
        return encode<double>(dtype, shape, values, [](double value) { return value; });
    case DType::Float32:
        return encode<float>(dtype, shape, values,
                             [](double value) { return static_cast<float>(value); });
    case DType::Float16:
        return encode<std::uint16_t>(dtype, shape, values, &Half::bits);
    case DType::BFloat16:
        return encode<std::uint16_t>(dtype, shape, values, &BrainHalf::bits);
    default:
        return Error{ErrorCode::Unsupported,
                     fmt::format("cannot make numbers of type {}", dtypeName(dtype))};
    }
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

bool isConvertible(DType from, DType to)
{
    // uint64 is left out as a source: its upper half has no signed equivalent to check against.
    return from == to || (isFloat(from) && canEncodeReals(to)) ||
           (canEncodeIntegers(from) && from != DType::UInt64 && canEncodeIntegers(to));
}

Result<Tensor> converted(const Tensor &tensor, DType dtype)
{
    const DType from = tensor.info().dtype;
    if (from == dtype) {
        return tensor;
    }
    if (!isConvertible(from, dtype)) {
        return Error{ErrorCode::BadInput,
                     fmt::format("{} cannot be turned into {}", dtypeName(from), dtypeName(dtype))};
    }
    TensorView view = tensor.view();
    view.quantization = nullptr; // an input is what the file stores, not what it stands for
    if (isFloat(from)) {
        std::vector<double> values(tensor.elements());
        decode(view, 0, std::span<double>(values));
        return encodeReals(dtype, tensor.info().shape, values);
    }
    std::vector<std::int64_t> values(tensor.elements());
    decodeRaw(view, 0, values);
    return encodeIntegers(dtype, tensor.info().shape, values);
}

} // namespace syncpoint
