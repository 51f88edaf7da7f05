#include "core/formats/hdf5/encoded_types.h"

#include "core/formats/hdf5/element_type.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace syncpoint::hdf5 {

std::span<const std::byte> EncodedTypes::encoded(DType dtype, bool isList)
{
    constexpr std::size_t kLibraryPrefix = 2; // "a datatype" and the encoding's version
    auto &type = m_types[{dtype, isList}];
    if (type.empty()) {
        const LibraryLock lock;
        const Handle element = storedTypeOf(dtype);
        const Handle list{isList ? H5Tvlen_create(element.get()) : H5I_INVALID_HID, H5Tclose};
        const hid_t id = isList ? list.get() : element.get();
        std::size_t size = 0;
        static_cast<void>(H5Tencode(id, nullptr, &size));
        std::vector<std::byte> whole(size);
        static_cast<void>(H5Tencode(id, whole.data(), &size));
        type.assign(whole.begin() + static_cast<std::ptrdiff_t>(std::min(size, kLibraryPrefix)),
                    whole.end());
        if (isList || dtype == DType::String) { // the library tells the size of a pointer
            constexpr std::size_t kSizeAt = 4;
            const auto bytes = static_cast<std::uint32_t>(kReferenceBytes);
            std::memcpy(type.data() + kSizeAt, &bytes, sizeof(bytes));
        }
    }
    return type;
}

std::size_t storedBytes(DType dtype)
{
    return dtype == DType::String ? kReferenceBytes : std::max<std::size_t>(bitWidth(dtype) / 8, 1);
}

} // namespace syncpoint::hdf5
