#include "core/formats/hdf5/listing.h"

#include "core/base/byte_reader.h"
#include "core/formats/hdf5/check_dataset.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <tuple>
#include <type_traits>

namespace syncpoint::hdf5 {
namespace {

constexpr std::uint64_t kMagic = 0x3154534C50535948; // and the version; changes with any field

/// The members of a struct, in the order in which they are sent.
template <typename T>
constexpr auto kMembers = nullptr;
template <>
constexpr auto kMembers<Error> = std::tuple{&Error::code, &Error::message};
template <>
constexpr auto kMembers<Unusable> = std::tuple{&Unusable::why};
template <>
constexpr auto kMembers<Inline> = std::tuple{&Inline::bytes};
template <>
constexpr auto kMembers<Contiguous> = std::tuple{&Contiguous::offset};
template <>
constexpr auto kMembers<Filter> = std::tuple{&Filter::kind, &Filter::width};
template <>
constexpr auto kMembers<Chunk> =
    std::tuple{&Chunk::index, &Chunk::offset, &Chunk::bytes, &Chunk::skippedFilters};
template <>
constexpr auto kMembers<Chunked> =
    std::tuple{&Chunked::extents, &Chunked::filters, &Chunked::chunks};
template <>
constexpr auto kMembers<Group> =
    std::tuple{&Group::path, &Group::firstDataset, &Group::lastDataset};
template <>
constexpr auto kMembers<Attributes> = std::tuple{&Attributes::values};
template <>
constexpr auto kMembers<Dataset> =
    std::tuple{&Dataset::path,  &Dataset::attributes, &Dataset::stored, &Dataset::bigEndian,
               &Dataset::shape, &Dataset::fill,       &Dataset::data};
template <>
constexpr auto kMembers<Listing> =
    std::tuple{&Listing::attributes, &Listing::groups, &Listing::datasets};

template <typename T>
constexpr bool kIsPlain =
    std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_same_v<T, std::byte>;

class Writer
{
public:
    template <typename T>
    void put(const T &value)
    {
        if constexpr (kIsPlain<T>) {
            append(&value, sizeof value);
        } else {
            std::apply([&](auto... member) { (put(value.*member), ...); }, kMembers<T>);
        }
    }
    template <typename T>
    void putMany(const T &values)
    {
        put(static_cast<std::uint64_t>(values.size()));
        if constexpr (kIsPlain<typename T::value_type>) {
            append(values.data(), values.size() * sizeof *values.data());
        } else {
            for (const auto &value : values) {
                put(value);
            }
        }
    }
    void put(const std::string &text) { putMany(text); }
    template <typename T>
    void put(const std::vector<T> &values)
    {
        putMany(values);
    }
    template <typename Key, typename T>
    void put(const std::map<Key, T> &values)
    {
        put(static_cast<std::uint64_t>(values.size()));
        for (const auto &[key, value] : values) {
            put(key);
            put(value);
        }
    }
    template <typename... T>
    void put(const std::variant<T...> &value)
    {
        put(static_cast<std::uint8_t>(value.index()));
        std::visit([this](const auto &held) { put(held); }, value);
    }

    std::string take() { return std::move(m_bytes); }

private:
    void append(const void *data, std::size_t size)
    {
        m_bytes.append(static_cast<const char *>(data), size);
    }
    std::string m_bytes;
};

/// The writer's mirror. Every take() is false when the bytes end too early or do not fit.
class Reader
{
public:
    explicit Reader(std::string_view bytes) : m_bytes(std::as_bytes(std::span(bytes))) {}
    bool isAtEnd() const { return m_bytes.remaining() == 0; }

    template <typename T>
    bool take(T &value)
    {
        if constexpr (std::is_same_v<T, bool>) {
            const auto read = m_bytes.read<std::uint8_t>();
            value = read == 1;
            return read && *read <= 1;
        } else if constexpr (kIsPlain<T>) {
            const auto read = m_bytes.read<T>();
            value = read.value_or(T{});
            return read.has_value();
        } else {
            return std::apply([&](auto... member) { return (take(value.*member) && ...); },
                              kMembers<T>);
        }
    }
    template <typename T>
    bool takeMany(T &values)
    {
        using Each = typename T::value_type;
        std::uint64_t count = 0;
        if (!take(count)) {
            return false;
        }
        if constexpr (kIsPlain<Each>) {
            const auto bytes = count <= m_bytes.remaining() / sizeof(Each)
                                   ? m_bytes.readBytes(count * sizeof(Each))
                                   : std::nullopt;
            if (!bytes) {
                return false;
            }
            values.resize(count);
            if (count > 0) {
                std::memcpy(values.data(), bytes->data(), bytes->size());
            }
            return true;
        } else {
            for (; count > 0; --count) { // grows with what is there, not with what is claimed
                if (!take(values.emplace_back())) {
                    return false;
                }
            }
            return true;
        }
    }
    bool take(std::string &text) { return takeMany(text); }
    template <typename T>
    bool take(std::vector<T> &values)
    {
        return takeMany(values);
    }
    template <typename Key, typename T>
    bool take(std::map<Key, T> &values)
    {
        std::uint64_t count = 0;
        bool fits = take(count);
        for (; fits && count > 0; --count) {
            Key key;
            fits = take(key) && take(values[key]);
        }
        return fits;
    }
    template <typename... T>
    bool take(std::variant<T...> &value)
    {
        std::uint8_t wanted = 0;
        std::uint8_t index = 0;
        return take(wanted) && ((wanted == index++ && take(value.template emplace<T>())) || ...);
    }

private:
    ByteReader m_bytes;
};

} // namespace

bool isDump(const Listing &listing)
{
    return listing.attributes.text("format") == "syncpoint-dump";
}

Chunked neverWritten(const Shape &shape)
{
    Chunked data;
    for (const std::int64_t extent : shape) {
        data.extents.push_back(static_cast<std::uint64_t>(std::max<std::int64_t>(extent, 1)));
    }
    return data;
}

Listing checked(Listing listing, std::uint64_t fileSize)
{
    for (Group &group : listing.groups) {
        group.lastDataset = std::min<std::uint64_t>(group.lastDataset, listing.datasets.size());
    }
    for (Dataset &dataset : listing.datasets) {
        if (auto usable = checkDataset(dataset, fileSize); !usable) {
            dataset.data = Unusable{"the dataset is not used: " + usable.error().message};
        }
    }
    return listing;
}

std::string toBytes(const Result<Listing> &listing)
{
    Writer writer;
    writer.put(kMagic);
    writer.put(static_cast<bool>(listing));
    if (listing) {
        writer.put(*listing);
    } else {
        writer.put(listing.error());
    }
    return writer.take();
}

Result<Listing> listingFromBytes(std::string_view bytes)
{
    Reader reader(bytes);
    std::uint64_t magic = 0;
    bool isListing = false;
    Listing listing;
    Error error;
    const bool fits = reader.take(magic) && magic == kMagic && reader.take(isListing) &&
                      (isListing ? reader.take(listing) : reader.take(error)) && reader.isAtEnd();
    if (!fits) {
        return Error{ErrorCode::BadFormat, "the HDF5 library lists the file in a broken way"};
    }
    if (!isListing) {
        return Error{error.code == ErrorCode::Limit ? ErrorCode::Limit : ErrorCode::BadFormat,
                     std::move(error.message)};
    }
    return listing;
}

} // namespace syncpoint::hdf5
