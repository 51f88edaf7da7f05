#include "core/formats/hdf5/own_lister.h"

#include "core/base/byte_reader.h"
#include "core/formats/hdf5/checksum.h"
#include "core/formats/hdf5/element_type.h"
#include "core/formats/hdf5/encoded_types.h"
#include "core/formats/hdf5/object_header.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <type_traits>

namespace syncpoint::hdf5 {
namespace {

using Bytes = std::span<const std::byte>;

/// Reads numbers one after the other; after the first one that is not there, nothing counts.
class Fields
{
public:
    explicit Fields(Bytes bytes) : m_bytes(bytes) {}

    template <typename T>
    T take()
    {
        const auto value = m_bytes.read<T>();
        m_isWhole = m_isWhole && value.has_value();
        return value.value_or(T{});
    }
    Bytes takeBytes(std::size_t count)
    {
        const auto part = m_bytes.readBytes(count);
        m_isWhole = m_isWhole && part.has_value();
        return part.value_or(Bytes{});
    }
    template <typename T>
    requires std::is_arithmetic_v<T>
    void expect(T wanted) { m_isWhole = take<T>() == wanted && m_isWhole; }
    void expect(std::string_view wanted)
    {
        m_isWhole = asText(takeBytes(wanted.size())) == wanted && m_isWhole;
    }
    std::size_t position() const { return m_bytes.position(); }
    std::size_t remaining() const { return m_bytes.remaining(); }
    bool isWhole() const { return m_isWhole; } ///< all that was asked for was there

private:
    ByteReader m_bytes;
    bool m_isWhole = true;
};

struct Message
{
    std::uint8_t kind = 0;
    Bytes content;
};
using Header = std::vector<Message>;

const Message *find(const Header &header, std::uint8_t kind)
{
    const auto found = std::find_if(header.begin(), header.end(),
                                    [kind](const Message &each) { return each.kind == kind; });
    return found == header.end() ? nullptr : &*found;
}

/// The extents of a dataspace message as dataspace() of object_header.cpp writes it.
std::optional<Shape> shapeIn(Bytes content)
{
    Fields fields(content);
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

template <typename Number>
std::vector<Number> numbersIn(Bytes bytes)
{
    std::vector<Number> numbers(bytes.size() / sizeof(Number));
    std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(Number));
    return numbers;
}

/// As C takes it: to the first NUL.
std::string_view textIn(Bytes bytes)
{
    const std::string_view text = asText(bytes);
    return text.substr(0, text.find('\0'));
}

class OwnLister
{
public:
    explicit OwnLister(Bytes file) : m_file(file), m_room(file.size()) {}

    std::optional<Listing> list()
    {
        const auto root = headerAt(rootAddress());
        auto attributes = root ? attributesOf(*root) : std::nullopt;
        if (!attributes) {
            return std::nullopt;
        }
        m_listing.attributes = *std::move(attributes);
        const bool isListed = isDump(m_listing) && listGroup(*root, "/", 0);
        return isListed ? std::optional(std::move(m_listing)) : std::nullopt;
    }

private:
    /// No address when the superblock is another one than superblock() of dump_writer.cpp makes.
    std::uint64_t rootAddress() const
    {
        constexpr std::size_t kChecked = 44;
        Fields fields(m_file.first(std::min(m_file.size(), kChecked + sizeof(std::uint32_t))));
        fields.expect(std::string_view("\x89HDF\r\n\x1a\n\x02\x08\x08\x00", 12));
        fields.expect(std::uint64_t{0});
        fields.expect(kNoAddress);
        const auto end = fields.take<std::uint64_t>();
        const auto root = fields.take<std::uint64_t>();
        const auto checksum = fields.take<std::uint32_t>();
        return fields.isWhole() && end <= m_file.size() &&
                       checksum == checksumOf(m_file.first(kChecked))
                   ? root
                   : kNoAddress;
    }

    /// Parts of a sound file lie side by side, so that reading takes no longer than the file.
    bool takeRoom(std::uint64_t bytes)
    {
        const bool isThere = bytes <= m_room;
        m_room -= isThere ? bytes : 0;
        return isThere;
    }

    std::optional<Header> headerAt(std::uint64_t address)
    {
        if (address >= m_file.size()) {
            return std::nullopt;
        }
        Fields fields(m_file.subspan(address));
        fields.expect("OHDR\x02\x02");
        Fields messages(fields.takeBytes(fields.take<std::uint32_t>()));
        const std::size_t checked = fields.position();
        const auto checksum = fields.take<std::uint32_t>();
        if (!fields.isWhole() || !takeRoom(fields.position()) ||
            checksum != checksumOf(m_file.subspan(address, checked))) {
            return std::nullopt;
        }
        Header header;
        while (messages.isWhole() && messages.remaining() > 0) {
            const auto kind = messages.take<std::uint8_t>();
            const auto size = messages.take<std::uint16_t>();
            messages.expect(std::uint8_t{0});
            header.push_back({kind, messages.takeBytes(size)});
        }
        return messages.isWhole() ? std::optional(std::move(header)) : std::nullopt;
    }

    bool listGroup(const Header &header, const std::string &prefix, int depth)
    {
        for (const Message &message : header) {
            if (message.kind != message::kLink) {
                continue;
            }
            Fields fields(message.content);
            fields.expect(std::uint16_t{0x1501});
            fields.take<std::uint64_t>(); // the order, in which they stand
            fields.expect(std::uint8_t{1});
            const auto name = asText(fields.takeBytes(fields.take<std::uint16_t>()));
            const auto object = headerAt(fields.take<std::uint64_t>());
            if (!fields.isWhole() || !object ||
                !listObject(*object, prefix + std::string(name), depth)) {
                return false;
            }
        }
        return true;
    }

    bool listObject(const Header &header, std::string path, int depth)
    {
        constexpr int kDeepest = 4;
        if (find(header, message::kLinkInfo) == nullptr) {
            auto dataset = datasetOf(header, std::move(path));
            if (dataset) {
                m_listing.datasets.push_back(*std::move(dataset));
            }
            return dataset.has_value();
        }
        const std::size_t first = m_listing.datasets.size();
        const bool isListed = depth < kDeepest && listGroup(header, path + "/", depth + 1);
        m_listing.groups.push_back({std::move(path), first, m_listing.datasets.size()});
        return isListed;
    }

    std::optional<Dataset> datasetOf(const Header &header, std::string path)
    {
        const Message *space = find(header, message::kDataspace);
        const Message *type = find(header, message::kDatatype);
        const Message *layout = find(header, message::kLayout);
        if (space == nullptr || type == nullptr || layout == nullptr) {
            return std::nullopt;
        }
        const auto shape = shapeIn(space->content);
        const auto stored = typeIn(type->content);
        auto attributes = attributesOf(header);
        Fields fields(layout->content);
        fields.expect(std::uint16_t{0x0103}); // in one piece
        const auto address = fields.take<std::uint64_t>();
        const auto bytes = fields.take<std::uint64_t>();
        if (!shape || !stored || !attributes || !fields.isWhole()) {
            return std::nullopt;
        }
        Dataset dataset{std::move(path), *std::move(attributes), *stored, false, *shape, {}, {}};
        if (*stored == DType::String) {
            auto texts = textsAt(address, elementCount(*shape).value_or(0));
            if (!texts) {
                return std::nullopt;
            }
            dataset.data = Inline{*std::move(texts)};
        } else if (address == kNoAddress && bytes == 0) {
            dataset.data = neverWritten(*shape);
        } else {
            dataset.data = Contiguous{address};
        }
        return dataset;
    }

    /// All attributes of an object; nothing when one is of another kind than dumps have.
    std::optional<Attributes> attributesOf(const Header &header)
    {
        Attributes result;
        for (const Message &message : header) {
            if (message.kind != message::kAttribute) {
                continue;
            }
            Fields fields(message.content);
            fields.expect(std::uint16_t{0x0003});
            const auto nameBytes = fields.take<std::uint16_t>();
            const auto typeBytes = fields.take<std::uint16_t>();
            const auto spaceBytes = fields.take<std::uint16_t>();
            fields.expect(std::uint8_t{1});
            const auto name = textIn(fields.takeBytes(nameBytes));
            const Bytes type = fields.takeBytes(typeBytes);
            const auto shape = shapeIn(fields.takeBytes(spaceBytes));
            const Bytes content = fields.takeBytes(fields.remaining());
            auto value = fields.isWhole() && shape ? valueIn(type, *shape, content) : std::nullopt;
            if (!value) {
                return std::nullopt;
            }
            if (std::ranges::count(attributeNames(), name) != 0) {
                result.values.emplace(name, *std::move(value));
            }
        }
        return result;
    }

    std::optional<Attributes::Value> valueIn(Bytes type, const Shape &shape, Bytes content)
    {
        const auto is = [&](Bytes known) { return std::ranges::equal(type, known); };
        const bool isText = is(m_types.of(DType::String));
        const bool isDoubles = is(m_types.listOf(DType::Float64));
        if (isText || isDoubles || is(m_types.listOf(DType::Int64))) {
            const auto referenced =
                shape.empty() ? referencedBy(content, isText ? 1 : 8) : std::nullopt;
            return !referenced ? std::optional<Attributes::Value>()
                   : isText    ? std::string(textIn(*referenced))
                   : isDoubles ? Attributes::Value(numbersIn<double>(*referenced))
                               : Attributes::Value(numbersIn<std::int64_t>(*referenced));
        }
        const std::uint64_t count = elementCount(shape).value_or(0);
        if (count == 0 || content.size() % 8 != 0 || content.size() / 8 != count) {
            return std::nullopt;
        }
        return is(m_types.of(DType::Float64)) ? Attributes::Value(numbersIn<double>(content))
               : is(m_types.of(DType::Int64))
                   ? std::optional<Attributes::Value>(numbersIn<std::int64_t>(content))
                   : std::nullopt;
    }

    std::optional<DType> typeIn(Bytes encoded)
    {
        for (int i = 1; i <= static_cast<int>(DType::String); ++i) {
            const auto dtype = static_cast<DType>(i);
            if (isStoredAsItself(dtype) && std::ranges::equal(encoded, m_types.of(dtype))) {
                return dtype;
            }
        }
        return std::nullopt;
    }

    /// Each ended by NUL.
    std::optional<std::vector<std::byte>> textsAt(std::uint64_t address, std::uint64_t count)
    {
        std::vector<std::byte> texts;
        if (count == 0) {
            return texts;
        }
        if (address > m_file.size() || count > (m_file.size() - address) / kReferenceBytes) {
            return std::nullopt;
        }
        for (std::uint64_t i = 0; i < count; ++i) {
            const auto text =
                referencedBy(m_file.subspan(address + i * kReferenceBytes, kReferenceBytes), 1);
            if (!text) {
                return std::nullopt;
            }
            const auto bytes = std::as_bytes(std::span(textIn(*text)));
            texts.insert(texts.end(), bytes.begin(), bytes.end());
            texts.push_back(std::byte{0});
        }
        return texts;
    }

    /// What a reference into the text heap means: as many items of `width` bytes as it says.
    std::optional<Bytes> referencedBy(Bytes reference, std::uint64_t width)
    {
        Fields fields(reference);
        const std::uint64_t bytes = fields.take<std::uint32_t>() * width;
        const auto collection = fields.take<std::uint64_t>();
        const auto number = fields.take<std::uint32_t>();
        if (!fields.isWhole() || bytes > m_textRoom) {
            return std::nullopt;
        }
        m_textRoom -= bytes; // many references may be to one text
        if (bytes == 0) {
            return Bytes{};
        }
        const auto known = m_heap.find(collection);
        const auto objects = known == m_heap.end() ? collectionAt(collection) : &known->second;
        return objects != nullptr && number > 0 && number <= objects->size() &&
                       bytes <= (*objects)[number - 1].size()
                   ? std::optional((*objects)[number - 1].first(bytes))
                   : std::nullopt;
    }

    /// The objects of a collection as TextHeap writes it, by number from 1; null when it is
    /// another.
    const std::vector<Bytes> *collectionAt(std::uint64_t address)
    {
        constexpr std::uint64_t kUnit = 8;
        if (address >= m_file.size()) {
            return nullptr;
        }
        Fields head(m_file.subspan(address));
        head.expect(std::string_view("GCOL\x01\0\0\0", 8));
        const auto size = head.take<std::uint64_t>();
        if (!head.isWhole() || size > m_file.size() - address || !takeRoom(size)) {
            return nullptr;
        }
        std::vector<Bytes> objects;
        Fields fields(m_file.subspan(address, size).subspan(head.position()));
        while (const auto number = fields.take<std::uint16_t>()) { // 0: the free space, at the end
            fields.takeBytes(sizeof(std::uint16_t) + sizeof(std::uint32_t));
            const auto bytes = fields.take<std::uint64_t>();
            if (number != objects.size() + 1 || bytes > fields.remaining()) {
                return nullptr;
            }
            objects.push_back(fields.takeBytes(bytes));
            fields.takeBytes((kUnit - bytes % kUnit) % kUnit);
        }
        return fields.isWhole() ? &(m_heap[address] = std::move(objects)) : nullptr;
    }

    Bytes m_file;
    std::uint64_t m_room; ///< bytes of the file that may be read yet
    std::uint64_t m_textRoom = std::uint64_t{256} << 20U; ///< bytes of texts that may be copied yet
    EncodedTypes m_types;
    std::map<std::uint64_t, std::vector<Bytes>> m_heap; ///< by address
    Listing m_listing;
};

} // namespace

std::optional<Listing> listOwnDump(std::span<const std::byte> file)
{
    return OwnLister(file).list();
}

} // namespace syncpoint::hdf5
