#include "core/formats/hdf5/own_lister.h"

#include "core/formats/hdf5/element_type.h"
#include "core/formats/hdf5/encoded_types.h"
#include "core/formats/hdf5/object_header.h"
#include "core/formats/hdf5/own_header.h"
#include "core/formats/hdf5/own_text_heap.h"

#include <algorithm>
#include <cstring>

namespace syncpoint::hdf5 {
namespace {

template <typename Number>
std::vector<Number> numbersIn(Bytes bytes)
{
    std::vector<Number> numbers(bytes.size() / sizeof(Number));
    std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(Number));
    return numbers;
}

class OwnLister
{
public:
    explicit OwnLister(Bytes file) : m_file(file), m_budget(file.size()), m_texts(file, m_budget) {}

    std::optional<Listing> list()
    {
        const auto root = headerAt(m_file, rootAddress(m_file), m_budget);
        auto attributes = root ? attributesOf(*root) : std::nullopt;
        if (!attributes) {
            return std::nullopt;
        }
        m_listing.attributes = *std::move(attributes);
        const bool isListed = isDump(m_listing) && listGroup(*root, "/", 0);
        return isListed ? std::optional(std::move(m_listing)) : std::nullopt;
    }

private:
    bool listGroup(const HeaderMessages &header, const std::string &prefix, int depth)
    {
        for (const HeaderMessage &message : header) {
            if (message.kind != message::kLink) {
                continue;
            }
            FieldReader fields(message.content);
            fields.expect(std::uint16_t{0x1501});
            fields.take<std::uint64_t>(); // the order, in which they stand
            fields.expect(std::uint8_t{1});
            const auto name = asText(fields.takeBytes(fields.take<std::uint16_t>()));
            const auto object = headerAt(m_file, fields.take<std::uint64_t>(), m_budget);
            if (!fields.isWhole() || !object ||
                !listObject(*object, prefix + std::string(name), depth)) {
                return false;
            }
        }
        return true;
    }

    bool listObject(const HeaderMessages &header, std::string path, int depth)
    {
        constexpr int kDeepest = 4;
        if (findMessage(header, message::kLinkInfo) == nullptr) {
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

    std::optional<Dataset> datasetOf(const HeaderMessages &header, std::string path)
    {
        const HeaderMessage *space = findMessage(header, message::kDataspace);
        const HeaderMessage *type = findMessage(header, message::kDatatype);
        const HeaderMessage *layout = findMessage(header, message::kLayout);
        if (space == nullptr || type == nullptr || layout == nullptr) {
            return std::nullopt;
        }
        const auto shape = shapeIn(space->content);
        const auto stored = typeIn(type->content);
        auto attributes = attributesOf(header);
        FieldReader fields(layout->content);
        fields.expect(std::uint16_t{0x0103}); // in one piece
        const auto address = fields.take<std::uint64_t>();
        const auto bytes = fields.take<std::uint64_t>();
        if (!shape || !stored || !attributes || !fields.isWhole()) {
            return std::nullopt;
        }
        Dataset dataset{std::move(path), *std::move(attributes), *stored, false, *shape, {}, {}};
        if (*stored == DType::String) {
            auto texts = m_texts.textsAt(address, elementCount(*shape).value_or(0));
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
    std::optional<Attributes> attributesOf(const HeaderMessages &header)
    {
        Attributes result;
        for (const HeaderMessage &message : header) {
            if (message.kind != message::kAttribute) {
                continue;
            }
            FieldReader fields(message.content);
            fields.expect(std::uint16_t{0x0003});
            const auto nameBytes = fields.take<std::uint16_t>();
            const auto typeBytes = fields.take<std::uint16_t>();
            const auto spaceBytes = fields.take<std::uint16_t>();
            fields.expect(std::uint8_t{1});
            const auto name = cText(fields.takeBytes(nameBytes));
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
                shape.empty() ? m_texts.referencedBy(content, isText ? 1 : 8) : std::nullopt;
            return !referenced ? std::optional<Attributes::Value>()
                   : isText    ? std::string(cText(*referenced))
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

    Bytes m_file;
    /// Parts of a sound file lie side by side, so that reading takes no longer than the file.
    ReadBudget m_budget;
    OwnTextHeap m_texts;
    EncodedTypes m_types;
    Listing m_listing;
};

} // namespace

std::optional<Listing> listOwnDump(std::span<const std::byte> file)
{
    return OwnLister(file).list();
}

} // namespace syncpoint::hdf5
