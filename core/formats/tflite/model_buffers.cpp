#include "core/formats/tflite/model_buffers.h"

#include "core/base/byte_reader.h"
#include "core/formats/flatbuffer.h"

#include <fmt/format.h>
#include <tflite_generated.h>

namespace syncpoint {

namespace {
/// TFLite's strings: their number, one offset more than that, then all characters.
Result<Tensor> stringTensor(const TensorInfo &info, std::span<const std::byte> data)
{
    const Error damaged{ErrorCode::BadFormat, "its list of strings is damaged"};
    ByteReader reader(data);
    const auto count = reader.read<std::int32_t>();
    if (!count || *count < 0 || static_cast<std::uint64_t>(*count) != info.elements() ||
        reader.remaining() / sizeof(std::int32_t) <= static_cast<std::size_t>(*count)) {
        return damaged;
    }
    std::vector<std::byte> out;
    auto begin = reader.read<std::int32_t>();
    for (std::int32_t i = 0; i < *count; ++i) {
        const auto end = reader.read<std::int32_t>();
        if (*begin < 0 || *end < *begin || static_cast<std::size_t>(*end) > data.size()) {
            return damaged;
        }
        const auto text =
            data.subspan(static_cast<std::size_t>(*begin), static_cast<std::size_t>(*end - *begin));
        if (out.size() + text.size() >= data.size()) {
            return damaged; // strings that overlap would take more than the file holds
        }
        out.insert(out.end(), text.begin(), text.end());
        out.push_back(std::byte{0});
        begin = end;
    }
    return Tensor::fromBytes(info, std::move(out));
}
} // namespace

TfliteBuffers::TfliteBuffers(std::shared_ptr<const MappedFile> file, const tflite::Model &model)
    : m_file(std::move(file)), m_model(model)
{
}

Result<std::span<const std::byte>> TfliteBuffers::bytes(std::uint64_t index) const
{
    const std::size_t count = countOf(m_model.buffers());
    if (index >= count) {
        // Files without any data leave even the empty buffer 0 out.
        return index == 0 ? Result<std::span<const std::byte>>(std::span<const std::byte>{})
                          : Error{ErrorCode::BadFormat,
                                  fmt::format("buffer {} of {} does not exist", index, count)};
    }
    const auto *buffer = m_model.buffers()->Get(static_cast<std::uint32_t>(index));
    if (buffer->offset() <= 1) {
        return bytesOf(buffer->data());
    }
    const auto file = m_file->bytes();
    if (buffer->offset() > file.size() || buffer->size() > file.size() - buffer->offset()) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("buffer {} with {} bytes at byte {} lies outside the file of {}",
                                 index, buffer->size(), buffer->offset(), file.size())};
    }
    return file.subspan(buffer->offset(), buffer->size());
}

Result<Tensor> TfliteBuffers::constant(const TensorInfo &info,
                                       std::span<const std::byte> data) const
{
    return info.dtype == DType::String ? stringTensor(info, data)
                                       : Tensor::wrap(info, data, m_file);
}

} // namespace syncpoint
