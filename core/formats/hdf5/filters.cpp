#include "core/formats/hdf5/filters.h"

#include "core/base/byte_reader.h"

#include <algorithm>
#include <fmt/format.h>
#include <type_traits>
#include <zlib.h>

namespace syncpoint::hdf5 {
namespace {

using ByteList = std::vector<std::byte>;

constexpr std::size_t kChecksumBytes = 4;
/// Deflate cannot do better than 1032:1; what claims more is a bomb. The slack is for tiny chunks.
constexpr std::uint64_t kMostRatio = 1032;
constexpr std::uint64_t kSlackBytes = 1024;

Result<ByteList> inflated(std::span<const std::byte> packed, std::size_t mostBytes)
{
    if (mostBytes > packed.size() * kMostRatio + kSlackBytes) {
        return Error{ErrorCode::Limit, fmt::format("a chunk claims to unpack from {} to {} bytes",
                                                   packed.size(), mostBytes)};
    }
    ByteList bytes(mostBytes);
    uLongf size = bytes.size();
    if (::uncompress(reinterpret_cast<Bytef *>(bytes.data()), &size,
                     reinterpret_cast<const Bytef *>(packed.data()), packed.size()) != Z_OK) {
        return Error{ErrorCode::BadFormat, "a chunk cannot be unpacked"};
    }
    bytes.resize(size);
    return bytes;
}

/// Bytes that stand by place in the element, put together to elements; a rest stays as it is.
template <typename Width>
ByteList unshuffled(std::span<const std::byte> bytes, Width width)
{
    ByteList result(bytes.begin(), bytes.end());
    const std::size_t elements = bytes.size() / width;
    for (std::size_t i = 0; i < elements; ++i) {
        for (std::size_t place = 0; place < width; ++place) {
            result[i * width + place] = bytes[place * elements + i];
        }
    }
    return result;
}

ByteList unshuffledBy(std::span<const std::byte> bytes, std::size_t width)
{
    switch (width) { // known widths compile to fast loops
    case 0:
    case 1:
        return {bytes.begin(), bytes.end()};
    case 2:
        return unshuffled(bytes, std::integral_constant<std::size_t, 2>{});
    case 4:
        return unshuffled(bytes, std::integral_constant<std::size_t, 4>{});
    case 8:
        return unshuffled(bytes, std::integral_constant<std::size_t, 8>{});
    default:
        return unshuffled(bytes, width);
    }
}

/// Fletcher's checksum over big-endian 16-bit words (Fletcher, "An Arithmetic Checksum for Serial
/// Transmissions", 1982); an odd last byte is the high one of its word.
std::uint32_t fletcher32(std::span<const std::byte> bytes)
{
    // Modulo 65535 with 65535 in place of 0, which stays for sums of nothing but zeros.
    const auto folded = [](std::uint64_t value) {
        while (value >> 16U != 0) {
            value = (value & 0xFFFFU) + (value >> 16U);
        }
        return value;
    };
    constexpr std::size_t kSumBlock = 65536; // bytes whose sums fit into 64 bits with much room
    std::uint64_t sum = 0;
    std::uint64_t sumOfSums = 0;
    for (std::size_t start = 0; start < bytes.size(); start += kSumBlock) {
        const auto block = bytes.subspan(start, std::min(kSumBlock, bytes.size() - start));
        for (std::size_t i = 0; i < block.size(); i += 2) {
            const auto low = i + 1 < block.size() ? block[i + 1] : std::byte{0};
            sum += std::to_integer<std::uint64_t>(block[i]) << 8U |
                   std::to_integer<std::uint64_t>(low);
            sumOfSums += sum;
        }
        sum = folded(sum);
        sumOfSums = folded(sumOfSums);
    }
    return static_cast<std::uint32_t>(sumOfSums << 16U | sum);
}

/// The bytes without the checksum at their end.
Result<std::span<const std::byte>> verified(std::span<const std::byte> bytes)
{
    if (bytes.size() < kChecksumBytes) {
        return Error{ErrorCode::BadFormat, "a chunk is cut off"};
    }
    const auto data = bytes.first(bytes.size() - kChecksumBytes);
    const auto stored = ByteReader(bytes.last(kChecksumBytes)).read<std::uint32_t>();
    if (stored != fletcher32(data)) {
        return Error{ErrorCode::BadFormat, "a chunk does not match its checksum"};
    }
    return data;
}

} // namespace

Result<std::vector<std::byte>> unpack(std::span<const std::byte> packed,
                                      std::span<const Filter> filters, std::uint32_t skipped,
                                      std::size_t size)
{
    ByteList owned;
    std::span<const std::byte> bytes = packed;
    for (std::size_t i = filters.size(); i-- > 0;) {
        if ((skipped >> i & 1U) != 0) {
            continue;
        }
        if (filters[i].kind == Filter::Kind::Fletcher32) {
            const auto data = verified(bytes);
            if (!data) {
                return data.error();
            }
            bytes = *data;
            continue;
        }
        if (filters[i].kind == Filter::Kind::Shuffle) {
            owned = unshuffledBy(bytes, filters[i].width);
        } else {
            auto result = inflated(bytes, size + i * kChecksumBytes);
            if (!result) {
                return result;
            }
            owned = std::move(result).value();
        }
        bytes = owned;
    }
    if (bytes.size() != size) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("a chunk holds {} bytes in place of {}", bytes.size(), size)};
    }
    if (bytes.data() != owned.data() || owned.size() != size) {
        return ByteList(bytes.begin(), bytes.end());
    }
    return owned;
}

} // namespace syncpoint::hdf5
