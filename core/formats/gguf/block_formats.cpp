#include "core/formats/gguf/block_formats.h"

#include "core/tensor/widen.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace syncpoint {

namespace {
double halfAt(const std::byte *at)
{
    double value = 0.0;
    widen({at, 2}, DType::Float16, 0, std::span(&value, 1));
    return value;
}

unsigned byteAt(const std::byte *at)
{
    return std::to_integer<unsigned>(*at);
}

double signedAt(const std::byte *at)
{
    return static_cast<double>(std::to_integer<std::int8_t>(*at));
}

unsigned nibble(const std::byte *at, bool isHigh)
{
    return isHigh ? byteAt(at) >> 4U : byteAt(at) & 15U;
}

/// scale, 16 bytes: the first half of the elements in the low bits.
double q4_0(const std::byte *block, std::size_t i)
{
    const unsigned code = nibble(block + 2 + i % 16, i >= 16);
    return halfAt(block) * (static_cast<double>(code) - 8.0);
}

double q8_0(const std::byte *block, std::size_t i)
{
    return halfAt(block) * signedAt(block + 2 + i);
}

/// Eight scales and eight minima of 6 bits in 12 bytes: of the last four, the upper bits are in
/// the first eight bytes.
struct ScaleAndMinimum
{
    double scale, minimum;
};
ScaleAndMinimum packedScale(const std::byte *packed, std::size_t group)
{
    if (group < 4) {
        return {static_cast<double>(byteAt(packed + group) & 63U),
                static_cast<double>(byteAt(packed + group + 4) & 63U)};
    }
    const unsigned low = byteAt(packed + group + 4);
    return {static_cast<double>((low & 15U) | (byteAt(packed + group - 4) >> 6U << 4U)),
            static_cast<double>((low >> 4U) | (byteAt(packed + group) >> 6U << 4U))};
}

/// scale, scale of the minima, packed scales; then codes of groups of 32, two groups in 32 bytes.
double groupElement(const std::byte *block, std::size_t i, double code)
{
    const auto packed = packedScale(block + 4, i / 32);
    return halfAt(block) * packed.scale * code - halfAt(block + 2) * packed.minimum;
}

double q4_k(const std::byte *block, std::size_t i)
{
    const std::size_t group = i / 32;
    const unsigned code = nibble(block + 16 + group / 2 * 32 + i % 32, group % 2 != 0);
    return groupElement(block, i, static_cast<double>(code));
}

/// As above with the fifth bits of all groups in 32 bytes before the codes.
double q5_k(const std::byte *block, std::size_t i)
{
    const std::size_t group = i / 32;
    const unsigned low = nibble(block + 48 + group / 2 * 32 + i % 32, group % 2 != 0);
    const unsigned high = byteAt(block + 16 + i % 32) >> group & 1U;
    return groupElement(block, i, static_cast<double>(low | high << 4U));
}

/// Low four bits, high two bits, 16 scales of 8 bits, scale; each half in four runs of 32.
double q6_k(const std::byte *block, std::size_t i)
{
    const std::size_t half = i / 128;
    const std::size_t run = i % 128 / 32;
    const std::size_t at = i % 32;
    const unsigned low = nibble(block + half * 64 + run % 2 * 32 + at, run >= 2);
    const unsigned high = byteAt(block + 128 + half * 32 + at) >> (2 * run) & 3U;
    const double scale = signedAt(block + 192 + half * 8 + run * 2 + at / 16);
    return halfAt(block + 208) * scale * (static_cast<double>(low | high << 4U) - 32.0);
}

constexpr std::array kFormats{
    GgufBlockFormat{2, "Q4_0", 32, 18, q4_0},    GgufBlockFormat{8, "Q8_0", 32, 34, q8_0},
    GgufBlockFormat{12, "Q4_K", 256, 144, q4_k}, GgufBlockFormat{13, "Q5_K", 256, 176, q5_k},
    GgufBlockFormat{14, "Q6_K", 256, 210, q6_k},
};

class BlockNumbers final : public DeferredNumbers
{
public:
    BlockNumbers(const GgufBlockFormat &format, std::span<const std::byte> blocks,
                 std::shared_ptr<const void> owner)
        : m_format(format), m_blocks(blocks), m_owner(std::move(owner))
    {
    }

    void read(std::uint64_t first, std::span<double> out) const override
    {
        for (std::size_t i = 0; i < out.size(); ++i) {
            const std::uint64_t element = first + i;
            const std::byte *block = m_blocks.data() + element / m_format.elements * m_format.bytes;
            out[i] = m_format.element(block, element % m_format.elements);
        }
    }
    std::uint64_t storedBytes() const override { return m_blocks.size(); }

private:
    const GgufBlockFormat &m_format;
    std::span<const std::byte> m_blocks;
    std::shared_ptr<const void> m_owner;
};
} // namespace

const GgufBlockFormat *ggufBlockFormat(std::uint32_t type)
{
    const auto *found = std::find_if(kFormats.begin(), kFormats.end(),
                                     [type](const auto &format) { return format.type == type; });
    return found == kFormats.end() ? nullptr : found;
}

Result<Tensor> ggufBlockTensor(const GgufBlockFormat &format, Shape shape,
                               std::span<const std::byte> blocks, std::shared_ptr<const void> owner)
{
    const auto elements = elementCount(shape);
    const bool isWhole = elements && !shape.empty() &&
                         static_cast<std::uint64_t>(shape.back()) % format.elements == 0;
    if (!isWhole || blocks.size() / format.bytes != *elements / format.elements ||
        blocks.size() % format.bytes != 0) {
        return Error{ErrorCode::BadFormat, fmt::format("{} bytes of {} do not fit shape {}",
                                                       blocks.size(), format.name, toText(shape))};
    }
    return Tensor::deferred({DType::Float32, std::move(shape), nullptr},
                            std::make_shared<const BlockNumbers>(format, blocks, std::move(owner)));
}

} // namespace syncpoint
