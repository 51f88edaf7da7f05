#include "core/formats/coreml/mil_tensors.h"

#include "core/formats/coreml/blob_file.h"
#include "core/tensor/encode.h"
#include "core/tensor/packed_elements.h"

#include <algorithm>
#include <fmt/format.h>

namespace syncpoint {

namespace {
Error sizeError(const TensorInfo &info, std::size_t present, std::string_view unit)
{
    return {ErrorCode::BadFormat,
            fmt::format("{} of shape {} does not fit {} {}", dtypeName(info.dtype),
                        toText(info.shape), present, unit)};
}

Result<Tensor> packed(TensorInfo info, const std::vector<std::int64_t> &values)
{
    const std::size_t bits = bitWidth(info.dtype);
    std::vector<std::byte> bytes(storageBytes(info.dtype, values.size()).value_or(0));
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto element = static_cast<unsigned>(values[i]) & ((1U << bits) - 1U);
        addPackedElement(bytes.data(), i, bits, element);
    }
    return Tensor::fromBytes(std::move(info), std::move(bytes));
}

Result<Tensor> ofIntegers(TensorInfo info, const std::vector<std::int64_t> &values)
{
    if (isFloat(info.dtype)) { // the text writes whole numbers without a point
        return encodeReals(info.dtype, info.shape,
                           std::vector<double>(values.begin(), values.end()));
    }
    return isInteger(info.dtype) && bitWidth(info.dtype) < 8
               ? packed(std::move(info), values)
               : encodeIntegers(info.dtype, info.shape, values);
}

Result<Tensor> ofTexts(TensorInfo info, const std::vector<std::string> &texts)
{
    std::vector<std::byte> bytes;
    for (const std::string &text : texts) {
        const auto characters = std::as_bytes(std::span(text));
        bytes.insert(bytes.end(), characters.begin(), characters.end());
        bytes.push_back(std::byte{0});
    }
    return Tensor::fromBytes(std::move(info), std::move(bytes));
}

/// Number of elements a value lists; nothing for blobs, raw data and what is no tensor.
std::optional<std::size_t> listed(const MilValue &value)
{
    if (const auto *numbers = std::get_if<std::vector<std::int64_t>>(&value.data)) {
        return numbers->size();
    }
    if (const auto *numbers = std::get_if<std::vector<double>>(&value.data)) {
        return numbers->size();
    }
    const auto *texts = std::get_if<std::vector<std::string>>(&value.data);
    return texts != nullptr ? std::optional(texts->size()) : std::nullopt;
}
} // namespace

Result<std::optional<Tensor>> MilTensors::readBlob(const MilBlob &blob, TensorInfo info)
{
    constexpr std::string_view kFolder = "@model_path/";
    std::string_view location = blob.file;
    if (location.starts_with(kFolder)) {
        location.remove_prefix(kFolder.size());
    }
    const auto file = m_files.open(location);
    if (!file) {
        return file.error();
    }
    if (*file == nullptr) {
        if (m_missing.emplace(location).second) {
            m_diagnostics.push_back({Diagnostic::Severity::Warning, std::string(location),
                                     "this weight file is missing: its weights have no data"});
        }
        return std::optional<Tensor>();
    }
    const auto data = blobData((*file)->bytes(), blob.offset);
    if (!data) {
        return data.error();
    }
    const auto needed = storageBytes(info.dtype, info.elements());
    if (!needed || *needed > data->size()) {
        return sizeError(info, data->size(), "bytes");
    }
    auto tensor = Tensor::wrap(std::move(info), data->first(*needed), *file);
    return tensor ? Result<std::optional<Tensor>>(*std::move(tensor)) : tensor.error();
}

Result<std::optional<Tensor>> MilTensors::read(const MilValue &value)
{
    const auto count = listed(value);
    const bool isTensor = value.type.kind == MilType::Kind::Tensor &&
                          value.type.dtype != DType::Undefined && value.data.index() != 0 &&
                          !std::holds_alternative<std::vector<MilValue>>(value.data);
    if (!isTensor || (!value.type.shape && !count)) {
        return std::optional<Tensor>();
    }
    TensorInfo info{value.type.dtype,
                    value.type.shape.value_or(Shape{static_cast<std::int64_t>(count.value_or(0))}),
                    nullptr};
    const auto elements = elementCount(info.shape);
    if (!elements) {
        return Error{ErrorCode::BadFormat, "its extents are unknown or too large"};
    }
    if (const auto *blob = std::get_if<MilBlob>(&value.data)) {
        return readBlob(*blob, std::move(info));
    }
    if (count && *count != *elements) {
        return sizeError(info, *count, "elements");
    }
    const auto made = [&]() -> Result<Tensor> {
        if (const auto *raw = std::get_if<MilRawData>(&value.data)) {
            if (storageBytes(info.dtype, *elements) != raw->bytes.size()) {
                return sizeError(info, raw->bytes.size(), "bytes");
            }
            return Tensor::wrap(info, std::as_bytes(std::span(raw->bytes)), m_model);
        }
        if (const auto *integers = std::get_if<std::vector<std::int64_t>>(&value.data)) {
            return ofIntegers(info, *integers);
        }
        if (const auto *reals = std::get_if<std::vector<double>>(&value.data)) {
            return encodeReals(info.dtype, info.shape, *reals);
        }
        return ofTexts(info, std::get<std::vector<std::string>>(value.data));
    }();
    return made ? Result<std::optional<Tensor>>(*made)
                : Error{ErrorCode::BadFormat, made.error().message};
}

} // namespace syncpoint
