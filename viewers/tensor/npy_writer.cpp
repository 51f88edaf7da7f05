#include "viewers/tensor/npy_writer.h"

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

std::string npyFile(std::string_view description, std::span<const std::int64_t> shape,
                    std::span<const std::byte> bytes)
{
    constexpr std::size_t kPrefix = 10;    // magic, version and the header's length
    constexpr std::size_t kAlignment = 64; // of the data
    std::string header =
        fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}{}), }}", description,
                    fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
    header.append((kAlignment - (kPrefix + header.size() + 1) % kAlignment) % kAlignment, ' ');
    header += '\n';
    std::string file("\x93NUMPY\x01\x00", 8);
    file += static_cast<char>(header.size() & 0xFFU);
    file += static_cast<char>(header.size() >> 8U);
    file += header;
    file.append(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    return file;
}

} // namespace

std::string npyOf(std::span<const float> values, std::span<const std::int64_t> shape)
{
    return npyFile(descriptionOf(DType::Float32), shape, std::as_bytes(values));
}

Result<std::string> npyOf(const Tensor &tensor)
{
    const std::string_view description = descriptionOf(tensor.info().dtype);
    if (description.empty()) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("NumPy has no {}: export the values instead of the raw data",
                                 dtypeName(tensor.info().dtype))};
    }
    return npyFile(description, tensor.info().shape, tensor.bytes());
}

} // namespace syncpoint
