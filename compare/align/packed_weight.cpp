#include "compare/align/packed_weight.h"
#include "core/tensor/decode.h"

namespace syncpoint {
namespace {

struct Packing
{
    std::uint64_t rows = 0;    ///< K
    std::uint64_t columns = 0; ///< N
    std::uint64_t bits = 0;
    std::uint64_t block = 0;

    std::uint64_t blocks() const { return (rows + block - 1) / block; } ///< per column
    std::uint64_t blockBytes() const { return (block * bits + 7) / 8; }
};

std::optional<Packing> packingOf(const Node &node)
{
    constexpr std::int64_t kMost = std::int64_t{1} << 31;
    const auto number = [&](const char *name, std::int64_t missing) -> std::uint64_t {
        const Attribute *attribute = node.findAttribute(name);
        const auto *value = attribute ? std::get_if<std::int64_t>(&attribute->data) : nullptr;
        const std::int64_t found = value != nullptr ? *value : missing;
        return found > 0 && found < kMost ? static_cast<std::uint64_t>(found) : 0;
    };
    const Packing packing{number("K", 0), number("N", 0), number("bits", 4),
                          number("block_size", 0)};
    const bool isKnown = packing.bits == 2 || packing.bits == 4 || packing.bits == 8;
    const bool isSound = node.opType == "MatMulNBits" && isKnown && packing.rows > 0 &&
                         packing.columns > 0 && packing.block > 0;
    return isSound ? std::optional(packing) : std::nullopt;
}

const Tensor *constantOf(const Graph &graph, const Node &node, std::size_t slot)
{
    if (slot >= node.inputs.size() || !node.inputs[slot].isValid()) {
        return nullptr;
    }
    const auto &constant = graph.value(node.inputs[slot]).constant;
    return constant ? &*constant : nullptr;
}

unsigned bitsAt(std::span<const std::byte> bytes, std::uint64_t start, std::uint64_t index,
                std::uint64_t bits)
{
    const auto byte = std::to_integer<unsigned>(bytes[start + index * bits / 8]);
    return byte >> (index * bits % 8) & ((1U << bits) - 1U);
}

/// One zero point per block, columns first: packed like the weight, as reals, or the middle.
std::optional<std::vector<float>> zeroPoints(const Packing &packing, const Tensor *stored)
{
    const std::uint64_t count = packing.columns * packing.blocks();
    std::vector<float> zeros(count, static_cast<float>(1U << (packing.bits - 1)));
    if (stored == nullptr) {
        return zeros;
    }
    if (isFloat(stored->info().dtype)) {
        auto reals = decodeAll(stored->view());
        return reals && reals->size() == count ? std::optional(std::move(reals).value())
                                               : std::nullopt;
    }
    const std::uint64_t columnBytes = (packing.blocks() * packing.bits + 7) / 8;
    if (stored->bytes().size() != packing.columns * columnBytes) {
        return std::nullopt;
    }
    for (std::uint64_t i = 0; i < count; ++i) {
        zeros[i] = static_cast<float>(bitsAt(stored->bytes(), i / packing.blocks() * columnBytes,
                                             i % packing.blocks(), packing.bits));
    }
    return zeros;
}

} // namespace

std::optional<std::uint64_t> packedElements(const Node &node)
{
    const auto packing = packingOf(node);
    return packing ? std::optional(packing->rows * packing->columns) : std::nullopt;
}

std::optional<Tensor> unpackedWeight(const Graph &graph, const Node &node)
{
    const auto packing = packingOf(node);
    const Tensor *stored = constantOf(graph, node, 1);
    const Tensor *scaleTensor = constantOf(graph, node, 2);
    if (!packing || stored == nullptr || scaleTensor == nullptr) {
        return std::nullopt;
    }
    const auto scales = decodeAll(scaleTensor->view());
    // Checked before anything is allocated: the numbers come from the file.
    if (stored->bytes().size() / packing->blockBytes() / packing->blocks() != packing->columns ||
        !scales || scales->size() / packing->blocks() != packing->columns) {
        return std::nullopt;
    }
    const auto zeros = zeroPoints(*packing, constantOf(graph, node, 3));
    if (!zeros) {
        return std::nullopt;
    }
    std::vector<float> values(packing->rows * packing->columns);
    for (std::uint64_t column = 0; column < packing->columns; ++column) {
        for (std::uint64_t row = 0; row < packing->rows; ++row) {
            const std::uint64_t block = column * packing->blocks() + row / packing->block;
            const unsigned bits = bitsAt(stored->bytes(), block * packing->blockBytes(),
                                         row % packing->block, packing->bits);
            values[row * packing->columns + column] =
                (static_cast<float>(bits) - (*zeros)[block]) * (*scales)[block];
        }
    }
    return Tensor::fromFloats(
        {static_cast<std::int64_t>(packing->rows), static_cast<std::int64_t>(packing->columns)},
        values);
}

} // namespace syncpoint
