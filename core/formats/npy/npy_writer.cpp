#include "core/formats/npy/npy_writer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace syncpoint {
namespace {

std::string_view descriptionOf(DType dtype)
{
    switch (dtype) {
    case DType::Float64:
        return "<f8";
    case DType::Float32:
        return "<f4";
    case DType::Float16:
        return "<f2";
    case DType::Int64:
        return "<i8";
    case DType::Int32:
        return "<i4";
    case DType::Int16:
        return "<i2";
    case DType::Int8:
        return "|i1";
    case DType::UInt64:
        return "<u8";
    case DType::UInt32:
        return "<u4";
    case DType::UInt16:
        return "<u2";
    case DType::UInt8:
        return "|u1";
    case DType::Bool:
        return "|b1";
    case DType::Complex64:
        return "<c8";
    case DType::Complex128:
        return "<c16";
    default:
        return {};
    }
}

std::string npyFile(DType dtype, std::span<const std::int64_t> shape,
                    std::span<const std::byte> bytes)
{
    std::string file = npyHeaderOf(dtype, shape);
    file.append(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    return file;
}

} // namespace

bool hasNpyType(DType dtype)
{
    return !descriptionOf(dtype).empty();
}

std::string npyHeaderOf(DType dtype, std::span<const std::int64_t> shape)
{
    constexpr std::size_t kPrefix = 10;    // magic, version and the header's length
    constexpr std::size_t kAlignment = 64; // of the data
    std::string text =
        fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}{}), }}",
                    descriptionOf(dtype), fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
    text.append((kAlignment - (kPrefix + text.size() + 1) % kAlignment) % kAlignment, ' ');
    text += '\n';
    std::string header("\x93NUMPY\x01\x00", 8);
    header += static_cast<char>(text.size() & 0xFFU);
    header += static_cast<char>(text.size() >> 8U);
    return header + text;
}

std::string npyOf(std::span<const float> values, std::span<const std::int64_t> shape)
{
    return npyFile(DType::Float32, shape, std::as_bytes(values));
}

Result<std::string> npyOf(const Tensor &tensor)
{
    const TensorInfo &info = tensor.info();
    if (!hasNpyType(info.dtype)) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("NumPy has no {}: export the values instead of the raw data",
                                 dtypeName(info.dtype))};
    }
    return npyFile(info.dtype, info.shape, tensor.bytes());
}

} // namespace syncpoint
