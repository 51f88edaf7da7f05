#pragma once
#include "core/tensor/tensor_store.h"

#include <cstdint>
#include <span>

namespace syncpoint {

/// One side of a pair as real numbers, read part by part.
class SideReader
{
public:
    /// Reads from the store; `info` describes the tensor with the quantization that applies.
    SideReader(const TensorStore &store, TensorId id, TensorInfo info);
    /// Reads from a tensor that is in memory, for layouts that cannot be streamed.
    explicit SideReader(Tensor whole);

    const TensorInfo &info() const { return m_info; }
    /// Whether float holds every value exactly; otherwise values are taken as double.
    bool isFloatExact() const;

    /// Elements [first, first + count) as stored. `first` must be a multiple of 4.
    Result<Tensor> fetch(std::uint64_t first, std::uint64_t count) const;
    /// The range is not needed again soon.
    void release(std::uint64_t first, std::uint64_t count) const;

    /// Elements [offset, offset + count) of a fetched range as a 1-D view. `offset` must be a
    /// multiple of 4; the view refers to `count`.
    static TensorView part(const Tensor &range, std::uint64_t offset, const std::int64_t &count);

    /// The values of `part`, which starts at flat index `first`; either points into the tensor or
    /// to `buffer`, which has room for them.
    const float *floats(const TensorView &part, std::uint64_t first, std::span<float> buffer) const;
    const double *doubles(const TensorView &part, std::uint64_t first,
                          std::span<double> buffer) const;

private:
    const TensorStore *m_store = nullptr;
    TensorId m_id;
    Tensor m_whole;
    TensorInfo m_info;
};

} // namespace syncpoint
