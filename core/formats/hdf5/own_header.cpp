#include "core/formats/hdf5/own_header.h"

#include "core/formats/hdf5/byte_writer.h"
#include "core/formats/hdf5/checksum.h"

#include <algorithm>

namespace syncpoint::hdf5 {

std::uint64_t rootAddress(Bytes file)
{
    constexpr std::size_t kChecked = 44;
    FieldReader fields(file.first(std::min(file.size(), kChecked + sizeof(std::uint32_t))));
    fields.expect(std::string_view("\x89HDF\r\n\x1a\n\x02\x08\x08\x00", 12));
    fields.expect(std::uint64_t{0});
    fields.expect(kNoAddress);
    const auto end = fields.take<std::uint64_t>();
    const auto root = fields.take<std::uint64_t>();
    const auto checksum = fields.take<std::uint32_t>();
    return fields.isWhole() && end <= file.size() && checksum == checksumOf(file.first(kChecked))
               ? root
               : kNoAddress;
}

std::optional<HeaderMessages> headerAt(Bytes file, std::uint64_t address, ReadBudget &budget)
{
    if (address >= file.size()) {
        return std::nullopt;
    }
    FieldReader fields(file.subspan(address));
    fields.expect("OHDR\x02\x02");
    FieldReader messages(fields.takeBytes(fields.take<std::uint32_t>()));
    const std::size_t checked = fields.position();
    const auto checksum = fields.take<std::uint32_t>();
    if (!fields.isWhole() || !budget.take(fields.position()) ||
        checksum != checksumOf(file.subspan(address, checked))) {
        return std::nullopt;
    }
    HeaderMessages header;
    while (messages.isWhole() && messages.remaining() > 0) {
        const auto kind = messages.take<std::uint8_t>();
        const auto size = messages.take<std::uint16_t>();
        messages.expect(std::uint8_t{0});
        header.push_back({kind, messages.takeBytes(size)});
    }
    return messages.isWhole() ? std::optional(std::move(header)) : std::nullopt;
}

const HeaderMessage *findMessage(const HeaderMessages &header, std::uint8_t kind)
{
    const auto found =
        std::find_if(header.begin(), header.end(),
                     [kind](const HeaderMessage &each) { return each.kind == kind; });
    return found == header.end() ? nullptr : &*found;
}

std::optional<Shape> shapeIn(Bytes dataspace)
{
    FieldReader fields(dataspace);
    fields.expect(std::uint8_t{2});
    const auto rank = fields.take<std::uint8_t>();
    fields.expect(std::uint8_t{0});
    fields.expect(std::uint8_t{rank == 0 ? std::uint8_t{0} : std::uint8_t{1}});
    Shape shape;
    for (std::size_t axis = 0; axis < rank; ++axis) {
        shape.push_back(fields.take<std::int64_t>());
    }
    return fields.isWhole() && fields.remaining() == 0 && elementCount(shape)
               ? std::optional(std::move(shape))
               : std::nullopt;
}

} // namespace syncpoint::hdf5
