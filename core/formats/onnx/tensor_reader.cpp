#include "core/formats/onnx/tensor_reader.h"

#include "core/base/byte_reader.h"
#include "core/base/number_text.h"
#include "core/formats/onnx/onnx_types.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace syncpoint {

namespace {
constexpr std::uint64_t kMostDensified = 1U << 20U;       // elements of one tensor
constexpr std::uint64_t kMostDensifiedBytes = 64U << 20U; // of all sparse tensors of a file

std::span<const std::byte> asBytes(std::string_view text)
{
    return {reinterpret_cast<const std::byte *>(text.data()), text.size()};
}

/// A decimal number of an external_data entry; `missing` when there is no such entry.
std::optional<std::uint64_t> readNumber(const OnnxEntries &entries, std::string_view key,
                                        std::uint64_t missing)
{
    const std::string_view text = findEntry(entries, key);
    return text.empty() ? missing : wholeNumber<std::uint64_t>(text);
}

Error sizeError(const TensorInfo &info, std::size_t needed, std::uint64_t present)
{
    return {ErrorCode::BadFormat,
            fmt::format("{} of shape {} needs {} bytes but {} are present", dtypeName(info.dtype),
                        toText(info.shape), needed, present)};
}

template <typename T>
Result<std::optional<Tensor>> optionalOf(Result<T> tensor)
{
    if (!tensor) {
        return tensor.error();
    }
    return std::optional<Tensor>(std::move(tensor).value());
}
} // namespace

OnnxTensorReader::OnnxTensorReader(const std::filesystem::path &path,
                                   std::shared_ptr<const void> owner, Diagnostics &diagnostics)
    : m_owner(std::move(owner)), m_external(path), m_diagnostics(diagnostics)
{
}

std::optional<Tensor> OnnxTensorReader::notRead(const OnnxTensor &proto, std::string why)
{
    m_diagnostics.push_back(
        {Diagnostic::Severity::Warning, std::string(proto.name), std::move(why)});
    return std::nullopt;
}

Result<std::optional<Tensor>> OnnxTensorReader::read(const OnnxTensor &proto)
{
    TensorInfo info{dtypeOfOnnx(proto.dataType), proto.dims, nullptr};
    if (!elementCount(info.shape)) {
        return Error{ErrorCode::BadFormat, "its dimensions are negative or too large"};
    }
    if (info.dtype == DType::Undefined) {
        return notRead(proto, fmt::format("element type {} is not known", proto.dataType));
    }
    if (proto.isSegment) {
        return notRead(proto, "tensors in segments are not supported");
    }
    if (proto.isExternal) {
        return readExternal(proto, std::move(info));
    }
    if (proto.rawData && info.dtype != DType::String) {
        const auto needed = storageBytes(info.dtype, info.elements());
        if (!needed || *needed != proto.rawData->size()) {
            return sizeError(info, needed.value_or(0), proto.rawData->size());
        }
        return optionalOf(Tensor::wrap(std::move(info), asBytes(*proto.rawData), m_owner));
    }
    auto decoded = decodeTypedData(proto.message, info);
    if (!decoded) {
        return decoded.error();
    }
    if (!*decoded) {
        return notRead(proto, "the file holds no data for it");
    }
    return optionalOf(Tensor::fromBytes(std::move(info), std::move(**decoded)));
}

Result<std::optional<Tensor>> OnnxTensorReader::readExternal(const OnnxTensor &proto,
                                                             TensorInfo info)
{
    const std::string_view location = findEntry(proto.externalData, "location");
    auto file = m_external.open(location);
    if (!file) {
        return file.error();
    }
    const auto needed = storageBytes(info.dtype, info.elements());
    if (!needed) {
        return notRead(proto, "external data cannot hold its element type");
    }
    const auto offset = readNumber(proto.externalData, "offset", 0);
    const auto length = readNumber(proto.externalData, "length", *needed);
    if (!offset || !length) {
        return Error{ErrorCode::BadFormat, "offset or length of its external data is not a number"};
    }
    if (*length < *needed) {
        return sizeError(info, *needed, *length);
    }
    if (!*file) {
        return notRead(proto, fmt::format("data file '{}' cannot be read", location));
    }
    const auto bytes = (*file)->bytes();
    if (*offset > bytes.size() || *needed > bytes.size() - *offset) {
        const std::uint64_t present = *offset > bytes.size() ? 0 : bytes.size() - *offset;
        return sizeError(info, *needed, present)
            .withContext(fmt::format("external data '{}'", location));
    }
    return optionalOf(Tensor::wrap(std::move(info), bytes.subspan(*offset, *needed), *file));
}

Result<std::optional<Tensor>> OnnxTensorReader::readSparse(const OnnxSparseTensor &proto)
{
    auto values = read(proto.values);
    auto indices = read(proto.indices);
    if (!values || !indices) {
        return values ? indices.error() : values.error();
    }
    const auto elements = elementCount(proto.dims);
    if (!elements) {
        return Error{ErrorCode::BadFormat, "its dimensions are negative or too large"};
    }
    if (!*values || !*indices) {
        return std::optional<Tensor>();
    }
    const Tensor &data = **values;
    const std::size_t width = bitWidth(data.info().dtype) / 8;
    m_densifiedBytes += std::min(*elements, kMostDensified) * width;
    if (*elements > kMostDensified || width == 0 || m_densifiedBytes > kMostDensifiedBytes) {
        return notRead(proto.values, "this sparse tensor is too large to be shown densely");
    }
    const Tensor &places = **indices;
    const std::uint64_t count = data.elements();
    const std::uint64_t rank = proto.dims.size();
    const bool isLinear = places.elements() == count;
    if (places.info().dtype != DType::Int64 || (!isLinear && places.elements() != count * rank)) {
        return Error{ErrorCode::BadFormat, "indices and values of the sparse tensor do not fit"};
    }
    std::vector<std::byte> dense(*elements * width);
    for (std::uint64_t i = 0; i < count; ++i) {
        std::uint64_t at = 0;
        for (std::uint64_t axis = 0; axis < (isLinear ? 1 : rank); ++axis) {
            std::int64_t index = 0;
            const std::uint64_t from = isLinear ? i : i * rank + axis;
            std::memcpy(&index, places.bytes().data() + from * sizeof(index), sizeof(index));
            const auto extent = isLinear ? static_cast<std::int64_t>(*elements) : proto.dims[axis];
            if (index < 0 || index >= extent) {
                return Error{ErrorCode::BadFormat, "an index of the sparse tensor is out of range"};
            }
            at = at * static_cast<std::uint64_t>(extent) + static_cast<std::uint64_t>(index);
        }
        std::memcpy(dense.data() + at * width, data.bytes().data() + i * width, width);
    }
    return optionalOf(
        Tensor::fromBytes({data.info().dtype, proto.dims, nullptr}, std::move(dense)));
}

} // namespace syncpoint
