#pragma once
#include "core/base/result.h"
#include "core/tensor/dtype.h"
#include "core/tensor/quantization.h"
#include "core/tensor/shape.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace syncpoint {

/// What is known of a tensor without its data.
struct TensorInfo
{
    DType dtype = DType::Undefined;
    Shape shape;
    std::shared_ptr<const Quantization> quantization; ///< null when not quantized

    std::uint64_t elements() const { return elementCount(shape).value_or(0); }
};

/// Whether the parameters fit a tensor of `shape`: the axis exists and there are as many scales and
/// zero points as it needs. Tensors are only made with parameters that pass.
Result<void> checkQuantization(const Quantization &parameters, std::span<const std::int64_t> shape);

/// Real numbers that are worked out from stored ones when somebody asks for them: palettes, sparse
/// weights. Immutable, so safe to share between threads.
class DeferredNumbers
{
public:
    virtual ~DeferredNumbers() = default;
    /// Elements [first, first + out.size()), which lie in the tensor.
    virtual void read(std::uint64_t first, std::span<double> out) const = 0;
    /// Size of what they are worked out from.
    virtual std::uint64_t storedBytes() const = 0;
};

/// Dense row-major elements that somebody else owns. Packed types hold several per byte.
struct TensorView
{
    std::span<const std::byte> bytes;
    DType dtype = DType::Undefined;
    std::span<const std::int64_t> shape;
    const Quantization *quantization = nullptr;
    const DeferredNumbers *deferred = nullptr; ///< if any, has the numbers; `bytes` is empty then

    std::uint64_t elements() const { return elementCount(shape).value_or(0); }
};

/// Dense row-major elements that it keeps alive: own memory, part of a mapped file, or numbers that
/// are only made when asked for. Cheap to copy, immutable, so safe to share between threads.
class Tensor
{
public:
    Tensor() = default; ///< no data, dtype Undefined
    /// `bytes` must hold exactly what `info` needs and stay valid as long as `owner` lives.
    static Result<Tensor> wrap(TensorInfo info, std::span<const std::byte> bytes,
                               std::shared_ptr<const void> owner);
    /// Takes the bytes over. Fails when the size does not fit the shape and dtype.
    static Result<Tensor> fromBytes(TensorInfo info, std::vector<std::byte> bytes);
    static Tensor fromFloats(Shape shape, std::span<const float> values);
    /// `info` is of a type that encodeReals() writes, without quantization.
    static Result<Tensor> deferred(TensorInfo info, std::shared_ptr<const DeferredNumbers> numbers);

    const TensorInfo &info() const { return m_info; }
    /// The elements. Deferred numbers are made the first time, all of them, and kept: decode() and
    /// range() make only what they need.
    std::span<const std::byte> bytes() const { return m_deferred ? materialized() : m_bytes; }
    /// Size of what is stored: bytes() without making deferred numbers.
    std::uint64_t storedBytes() const;
    std::uint64_t elements() const { return m_info.elements(); }
    TensorView view() const;
    /// The same elements under another shape of equal element count.
    Result<Tensor> reshaped(Shape shape) const;
    /// The same bytes with quantization parameters attached (null takes them off). Fails when they
    /// do not fit the shape, see checkQuantization().
    Result<Tensor> withQuantization(std::shared_ptr<const Quantization> quantization) const;
    /// Elements [first, first + count) as a 1-D tensor without quantization that shares the bytes;
    /// of deferred numbers, only these are made.
    /// For packed types `first` must be a multiple of the elements per byte.
    Result<Tensor> range(std::uint64_t first, std::uint64_t count) const;
    /// The strings of a String tensor (each NUL-terminated in bytes()).
    std::vector<std::string> strings() const;

private:
    struct Deferred;
    std::span<const std::byte> materialized() const;

    TensorInfo m_info;
    std::span<const std::byte> m_bytes;
    std::shared_ptr<const void> m_owner;
    std::shared_ptr<const Deferred> m_deferred;
};

} // namespace syncpoint
