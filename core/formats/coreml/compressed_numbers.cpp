#include "core/formats/coreml/compressed_numbers.h"

#include "core/formats/coreml/block_grid.h"
#include "core/tensor/decode.h"
#include "core/tensor/packed_elements.h"

#include <algorithm>
#include <array>
#include <bit>
#include <fmt/format.h>
#include <mutex>

namespace syncpoint {

namespace {
constexpr std::size_t kStep = 512; // elements worked out at a time

Error misfit(std::string_view what, const Tensor &a, const Tensor &b)
{
    return {ErrorCode::BadFormat,
            fmt::format("{}: {} and {}", what, toText(a.info().shape), toText(b.info().shape))};
}

/// The type that numbers worked out of `parts` are shown in.
DType realTypeOf(const Tensor &parts)
{
    const DType dtype = parts.info().dtype;
    return isFloat(dtype) && bitWidth(dtype) >= 16 ? dtype : DType::Float32;
}

bool isNumbers(const Tensor &tensor)
{
    return isNumeric(tensor.info().dtype);
}

bool isMask(const Tensor &tensor)
{
    return tensor.info().dtype == DType::UInt1;
}

bool isSet(const Tensor &mask, std::uint64_t element)
{
    return packedElement(mask.bytes().data(), element, 1) != 0;
}

/// Calls `body(part, done)` for pieces of `out`.
template <typename Body>
void inSteps(std::span<double> out, Body body)
{
    for (std::size_t done = 0; done < out.size(); done += kStep) {
        body(out.subspan(done, std::min(kStep, out.size() - done)), done);
    }
}

class PaletteNumbers final : public DeferredNumbers
{
public:
    PaletteNumbers(Tensor indices, Tensor lut, BlockGrid groups, std::size_t vectorAxis)
        : m_indices(std::move(indices)), m_lut(std::move(lut)), m_groups(std::move(groups))
    {
        const Shape &lutShape = m_lut.info().shape;
        m_length = static_cast<std::uint64_t>(lutShape.back());
        m_entries = static_cast<std::uint64_t>(lutShape[lutShape.size() - 2]);
        const Shape &shape = m_indices.info().shape;
        for (std::size_t i = vectorAxis + 1; i < shape.size(); ++i) {
            m_inner *= static_cast<std::uint64_t>(shape[i]);
        }
    }

    void read(std::uint64_t first, std::span<double> out) const override
    {
        const std::vector<float> &table = decodedTable();
        if (m_length == 1) {
            inSteps(out, [&](std::span<double> part, std::size_t done) {
                decode(m_indices.view(), first + done, part);
                for (std::size_t i = 0; i < part.size(); ++i) {
                    part[i] = entry(table, first + done + i, part[i], 0);
                }
            });
            return;
        }
        for (std::size_t i = 0; i < out.size(); ++i) {
            // Behind the vector axis nothing changes; along it each index stands for a vector.
            const std::uint64_t line = (first + i) / m_inner;
            const std::uint64_t index = line / m_length * m_inner + (first + i) % m_inner;
            double code = 0.0;
            decode(m_indices.view(), index, std::span(&code, 1));
            out[i] = entry(table, index, code, line % m_length);
        }
    }

    std::uint64_t storedBytes() const override
    {
        return m_indices.storedBytes() + m_lut.storedBytes();
    }

private:
    const std::vector<float> &decodedTable() const
    {
        std::call_once(m_isDecoded, [this] {
            m_table.resize(m_lut.elements());
            decode(m_lut.view(), 0, std::span<float>(m_table));
        });
        return m_table;
    }

    double entry(const std::vector<float> &table, std::uint64_t index, double code,
                 std::uint64_t lane) const
    {
        if (!(code >= 0.0 && code < static_cast<double>(m_entries))) {
            return 0.0;
        }
        const std::uint64_t vector =
            m_groups.blockOf(index) * m_entries + static_cast<std::uint64_t>(code);
        return static_cast<double>(table[vector * m_length + lane]);
    }

    Tensor m_indices;
    Tensor m_lut;
    BlockGrid m_groups;
    std::uint64_t m_entries = 0; ///< vectors per table
    std::uint64_t m_length = 1;  ///< of a vector
    std::uint64_t m_inner = 1;   ///< elements of `indices` behind the vector axis
    mutable std::once_flag m_isDecoded;
    mutable std::vector<float> m_table;
};

class ScaledNumbers final : public DeferredNumbers
{
public:
    ScaledNumbers(Tensor data, Tensor scale, std::optional<Tensor> offset, BlockGrid blocks)
        : m_data(std::move(data)), m_scale(std::move(scale)), m_offset(std::move(offset)),
          m_blocks(std::move(blocks))
    {
    }

    void read(std::uint64_t first, std::span<double> out) const override
    {
        decode(m_data.view(), first, out);
        std::optional<std::uint64_t> current;
        double scale = 0.0;
        double offset = 0.0;
        for (std::size_t i = 0; i < out.size(); ++i) {
            if (const std::uint64_t block = m_blocks.blockOf(first + i); block != current) {
                current = block;
                decode(m_scale.view(), block, std::span(&scale, 1));
                if (m_offset) {
                    decode(m_offset->view(), block, std::span(&offset, 1));
                }
            }
            out[i] = scale * (out[i] - offset);
        }
    }

    std::uint64_t storedBytes() const override
    {
        return m_data.storedBytes() + m_scale.storedBytes() +
               (m_offset ? m_offset->storedBytes() : 0);
    }

private:
    Tensor m_data;
    Tensor m_scale;
    std::optional<Tensor> m_offset;
    BlockGrid m_blocks;
};

class SparseNumbers final : public DeferredNumbers
{
public:
    SparseNumbers(Tensor mask, Tensor nonzero)
        : m_mask(std::move(mask)), m_nonzero(std::move(nonzero))
    {
    }

    void read(std::uint64_t first, std::span<double> out) const override
    {
        std::uint64_t next = onesBefore(first);
        std::fill(out.begin(), out.end(), 0.0);
        for (std::size_t i = 0; i < out.size(); ++i) {
            if (isSet(m_mask, first + i)) {
                if (next < m_nonzero.elements()) {
                    decode(m_nonzero.view(), next, out.subspan(i, 1));
                }
                ++next;
            }
        }
    }

    std::uint64_t storedBytes() const override
    {
        return m_mask.storedBytes() + m_nonzero.storedBytes();
    }

private:
    static constexpr std::uint64_t kStretch = 64; // bytes of the mask per count

    std::uint64_t onesBefore(std::uint64_t element) const
    {
        std::call_once(m_isCounted, [this] {
            const auto bytes = m_mask.bytes();
            std::uint64_t total = 0;
            for (std::size_t i = 0; i < bytes.size(); ++i) {
                if (i % kStretch == 0) {
                    m_ones.push_back(total);
                }
                total += static_cast<unsigned>(std::popcount(std::to_integer<unsigned>(bytes[i])));
            }
        });
        const std::uint64_t stretch = element / 8 / kStretch;
        if (stretch >= m_ones.size()) {
            return m_nonzero.elements();
        }
        std::uint64_t ones = m_ones[stretch];
        for (std::uint64_t i = stretch * kStretch * 8; i < element; ++i) {
            ones += packedElement(m_mask.bytes().data(), i, 1);
        }
        return ones;
    }

    Tensor m_mask;
    Tensor m_nonzero;
    mutable std::once_flag m_isCounted;
    mutable std::vector<std::uint64_t> m_ones; ///< before each stretch
};

class MaskedNumbers final : public DeferredNumbers
{
public:
    MaskedNumbers(Tensor mask, Tensor dense) : m_mask(std::move(mask)), m_dense(std::move(dense)) {}

    void read(std::uint64_t first, std::span<double> out) const override
    {
        decode(m_dense.view(), first, out);
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] = isSet(m_mask, first + i) ? out[i] : 0.0;
        }
    }

    std::uint64_t storedBytes() const override { return m_dense.storedBytes(); }

private:
    Tensor m_mask;
    Tensor m_dense; ///< its size counts the mask already
};
} // namespace

Result<Tensor> paletteTensor(const Tensor &indices, const Tensor &lut,
                             std::optional<std::size_t> vectorAxis)
{
    // A few bits may not stand for megabytes: the table is kept as numbers.
    constexpr std::int64_t kLongestVector = 256;
    constexpr std::uint64_t kMostEntriesPerByte = 8;
    Shape shape = indices.info().shape;
    const Shape &lutShape = lut.info().shape;
    if (lutShape.size() != shape.size() + 2) {
        return misfit("a palette needs two axes more than its indices", lut, indices);
    }
    const std::int64_t length = lutShape.back();
    const bool isVector = length != 1;
    if (length < 1 || length > kLongestVector || (isVector && !vectorAxis) ||
        vectorAxis.value_or(0) >= std::max<std::size_t>(shape.size(), 1)) {
        return Error{ErrorCode::BadFormat, fmt::format("vectors of {} elements do not fit shape {}",
                                                       length, toText(shape))};
    }
    if (lut.elements() > kMostEntriesPerByte * lut.storedBytes()) {
        return Error{ErrorCode::Limit, "its palette is itself a palette of vectors"};
    }
    auto groups = BlockGrid::of(shape, std::span(lutShape).first(shape.size()));
    if (!groups || lut.elements() == 0 || !isNumbers(lut) || !isNumbers(indices)) {
        return misfit("the indices cannot be divided into one part per palette", indices, lut);
    }
    const std::size_t axis = isVector ? *vectorAxis : 0;
    if (isVector) {
        shape[axis] *= length;
    }
    auto numbers = std::make_shared<const PaletteNumbers>(indices, lut, *std::move(groups), axis);
    return Tensor::deferred({realTypeOf(lut), std::move(shape), nullptr}, std::move(numbers));
}

Result<Tensor> scaledTensor(const Tensor &data, const Tensor &scale,
                            const std::optional<Tensor> &offset)
{
    auto blocks = BlockGrid::of(data.info().shape, scale.info().shape);
    if (!blocks || !isNumbers(data) || !isNumbers(scale)) {
        return misfit("the data cannot be divided into one block per scale", data, scale);
    }
    if (offset && (offset->info().shape != scale.info().shape || !isNumbers(*offset))) {
        return misfit("offsets and scales differ", *offset, scale);
    }
    auto numbers = std::make_shared<const ScaledNumbers>(data, scale, offset, *std::move(blocks));
    return Tensor::deferred({realTypeOf(scale), data.info().shape, nullptr}, std::move(numbers));
}

Result<Tensor> sparseTensor(const Tensor &mask, const Tensor &nonzero)
{
    if (!isMask(mask) || !isNumbers(nonzero)) {
        return misfit("a mask of bits and numbers are needed", mask, nonzero);
    }
    auto numbers = std::make_shared<const SparseNumbers>(mask, nonzero);
    return Tensor::deferred({realTypeOf(nonzero), mask.info().shape, nullptr}, std::move(numbers));
}

Result<Tensor> maskedTensor(const Tensor &mask, const Tensor &dense)
{
    if (!isMask(mask) || mask.info().shape != dense.info().shape) {
        return misfit("mask and weight differ in shape", mask, dense);
    }
    auto numbers = std::make_shared<const MaskedNumbers>(mask, dense);
    return Tensor::deferred({dense.info().dtype, dense.info().shape, nullptr}, std::move(numbers));
}

} // namespace syncpoint
