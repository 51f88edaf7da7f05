#pragma once
#include "core/formats/hdf5/file_sink.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint::hdf5 {

/// Texts and lists of varying length: they stand in "global heap collections", and what has them
/// refers to them. Equal ones are stored once.
class TextHeap
{
public:
    /// To be stored by the next write(), unless it is there.
    void add(std::string_view bytes);
    Result<void> write(FileSink &sink);
    /// What stands in an element's place: its length in items, the collection, its number there.
    /// `bytes` must have been written.
    std::vector<std::byte> reference(std::string_view bytes, std::size_t items) const;

private:
    struct Place
    {
        std::uint64_t collection = kNoAddress;
        std::uint32_t number = 0;
    };
    using Places = std::map<std::string, Place, std::less<>>;
    Result<void> writeCollection(std::span<const Places::iterator> objects, FileSink &sink);

    Places m_places;
    std::vector<Places::iterator> m_new;
};

} // namespace syncpoint::hdf5
