#pragma once
#include "core/formats/hdf5/own_fields.h"
#include "core/tensor/shape.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace syncpoint::hdf5 {

/// A message of an object header; kinds are those of object_header.h.
struct HeaderMessage
{
    std::uint8_t kind = 0;
    Bytes content;
};
using HeaderMessages = std::vector<HeaderMessage>;

/// The superblock's root group; no address when the superblock is another one than DumpWriter's.
std::uint64_t rootAddress(Bytes file);

/// The object header at `address` as ObjectHeader writes it; nothing for others and damaged ones.
std::optional<HeaderMessages> headerAt(Bytes file, std::uint64_t address, ReadBudget &budget);

/// The first message of a kind; null when there is none.
const HeaderMessage *findMessage(const HeaderMessages &header, std::uint8_t kind);

/// The extents in a dataspace message as ObjectHeader writes it.
std::optional<Shape> shapeIn(Bytes dataspace);

} // namespace syncpoint::hdf5
