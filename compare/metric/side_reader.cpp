#include "compare/metric/side_reader.h"

#include "compare/metric/convert_kernels.h"
#include "core/tensor/decode.h"

#include <bit>

namespace syncpoint {
namespace {

template <typename T>
const T *alignedAs(std::span<const std::byte> bytes)
{
    const bool isAligned = std::bit_cast<std::uintptr_t>(bytes.data()) % alignof(T) == 0;
    return isAligned ? static_cast<const T *>(static_cast<const void *>(bytes.data())) : nullptr;
}

bool isPerTensor(const Quantization *quantization)
{
    return quantization != nullptr && !quantization->axis && quantization->scales.size() == 1 &&
           quantization->zeroPoints.size() <= 1;
}

} // namespace

SideReader::SideReader(const TensorStore &store, TensorId id, TensorInfo info)
    : m_store(&store), m_id(id), m_info(std::move(info))
{
}

SideReader::SideReader(Tensor whole) : m_whole(std::move(whole)), m_info(m_whole.info())
{
}

bool SideReader::isFloatExact() const
{
    return isFloat(m_info.dtype) && m_info.dtype != DType::Float64 && !m_info.quantization;
}

Result<Tensor> SideReader::fetch(std::uint64_t first, std::uint64_t count) const
{
    return m_store != nullptr ? m_store->readRange(m_id, first, count)
                              : m_whole.range(first, count);
}

void SideReader::release(std::uint64_t first, std::uint64_t count) const
{
    if (m_store != nullptr) {
        m_store->release(m_id, first, count);
    }
}

TensorView SideReader::part(const Tensor &range, std::uint64_t offset, const std::int64_t &count)
{
    const std::size_t bits = bitWidth(range.info().dtype);
    const std::size_t begin = offset * bits / 8;
    const auto size = (static_cast<std::size_t>(count) * bits + 7) / 8;
    return {range.bytes().subspan(begin, size), range.info().dtype, {&count, 1}, nullptr};
}

const float *SideReader::floats(const TensorView &part, std::uint64_t first,
                                std::span<float> buffer) const
{
    const std::span out = buffer.first(part.elements());
    if (part.dtype == DType::Float32) {
        if (const auto *values = alignedAs<float>(part.bytes)) {
            return values;
        }
    } else if (part.dtype == DType::Float16 || part.dtype == DType::BFloat16) {
        if (const auto *values = alignedAs<std::uint16_t>(part.bytes)) {
            const bool isHalf = part.dtype == DType::Float16;
            (isHalf ? widenHalf : widenBFloat16)(values, out.size(), out.data());
            return out.data();
        }
    }
    decodePart(part, m_info, first, out);
    return out.data();
}

const double *SideReader::doubles(const TensorView &part, std::uint64_t first,
                                  std::span<double> buffer) const
{
    const std::span out = buffer.first(part.elements());
    const Quantization *quantization = m_info.quantization.get();
    if (part.dtype == DType::Float64 && quantization == nullptr) {
        if (const auto *values = alignedAs<double>(part.bytes)) {
            return values;
        }
    }
    const bool isByte = part.dtype == DType::Int8 || part.dtype == DType::UInt8;
    if (isByte && isPerTensor(quantization)) {
        const double scale = quantization->scales.front();
        const double zeroPoint = quantization->zeroPoints.empty()
                                     ? 0.0
                                     : static_cast<double>(quantization->zeroPoints.front());
        if (part.dtype == DType::Int8) {
            dequantizeRun(alignedAs<std::int8_t>(part.bytes), out.size(), scale, zeroPoint,
                          out.data());
        } else {
            dequantizeRun(alignedAs<std::uint8_t>(part.bytes), out.size(), scale, zeroPoint,
                          out.data());
        }
        return out.data();
    }
    decodePart(part, m_info, first, out);
    return out.data();
}

} // namespace syncpoint
