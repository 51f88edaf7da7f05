#include "core/formats/raw/raw_tensor.h"

#include "core/formats/npy/npy_header.h"

#include <fmt/format.h>

namespace syncpoint::raw {

namespace {
Result<std::span<const std::byte>> elementsOf(std::span<const std::byte> file,
                                              std::string_view name)
{
    if (!name.ends_with(".npy")) {
        return file;
    }
    const auto header = npyHeaderSize(file);
    if (!header || *header > file.size()) {
        return header ? Error{ErrorCode::BadFormat, "the .npy header is cut off"} : header.error();
    }
    return file.subspan(*header);
}
} // namespace

Result<MemoryTensorStore::Item> openRaw(const RawTensor &tensor, ExternalDataFiles &files)
{
    const TensorInfo &info = tensor.entry.info;
    const auto count = elementCount(info.shape);
    const auto needed = count ? storageBytes(info.dtype, *count) : std::nullopt;
    if (!needed) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("'{}' has no usable type and shape", tensor.entry.name)};
    }
    const auto file = files.open(tensor.file);
    if (!file) {
        return file.error();
    }
    if (!*file) {
        return Error{ErrorCode::Io, fmt::format("the file '{}' is missing", tensor.file)};
    }
    const auto elements = elementsOf((*file)->bytes(), tensor.file);
    if (!elements) {
        return elements.error();
    }
    if (elements->size() != *needed) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("the file '{}' has {} bytes of elements where {} {} needs {}",
                                 tensor.file, elements->size(), dtypeName(info.dtype),
                                 toText(info.shape), *needed)};
    }
    auto wrapped = Tensor::wrap(info, *elements, *file);
    if (!wrapped) {
        return wrapped.error();
    }
    return MemoryTensorStore::Item{tensor.entry, *std::move(wrapped)};
}

} // namespace syncpoint::raw
