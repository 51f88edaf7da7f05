#include "core/tensor/tensor.h"

#include "core/tensor/encode.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <fmt/format.h>
#include <mutex>

namespace syncpoint {
namespace {

Error badInput(std::string message)
{
    return {ErrorCode::BadInput, std::move(message)};
}

Result<void> checkBytes(const TensorInfo &info, std::span<const std::byte> bytes)
{
    const auto elements = elementCount(info.shape);
    if (!elements) {
        return badInput(fmt::format("the shape {} is not usable", toText(info.shape)));
    }
    if (info.dtype == DType::String) {
        const auto ends =
            static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), std::byte{0}));
        if (ends != *elements || (!bytes.empty() && bytes.back() != std::byte{0})) {
            return badInput(
                fmt::format("{} strings do not fit the shape {}", ends, toText(info.shape)));
        }
        return {};
    }
    const auto needed = storageBytes(info.dtype, *elements);
    if (!needed || *needed != bytes.size()) {
        return badInput(fmt::format("{} bytes do not fit {} {}", bytes.size(),
                                    dtypeName(info.dtype), toText(info.shape)));
    }
    return {};
}

/// Byte position of the `index`-th string.
std::size_t stringOffset(std::span<const std::byte> bytes, std::uint64_t index)
{
    std::size_t position = 0;
    for (; index > 0; --index) {
        const auto rest = bytes.subspan(position);
        position += static_cast<std::size_t>(std::find(rest.begin(), rest.end(), std::byte{0}) -
                                             rest.begin()) +
                    1;
    }
    return position;
}

} // namespace

Result<void> checkQuantization(const Quantization &parameters, std::span<const std::int64_t> shape)
{
    std::uint64_t needed = 1;
    if (parameters.axis) {
        if (*parameters.axis >= shape.size()) {
            return badInput(fmt::format("quantization axis {} of a tensor of shape {}",
                                        *parameters.axis, toText(shape)));
        }
        Shape scales{shape[*parameters.axis]};
        if (parameters.blockSize > 0) {
            const auto extent = static_cast<std::uint64_t>(scales.front());
            scales.assign(shape.begin(), shape.end());
            scales[*parameters.axis] = static_cast<std::int64_t>(
                extent / parameters.blockSize + (extent % parameters.blockSize != 0 ? 1 : 0));
        }
        needed = elementCount(scales).value_or(0);
    }
    const bool zeroPointsFit =
        parameters.zeroPoints.empty() || parameters.zeroPoints.size() == parameters.scales.size();
    if (parameters.scales.size() != needed || !zeroPointsFit) {
        return badInput(fmt::format(
            "quantization has {} scales and {} zero points, but shape {} needs {} of each",
            parameters.scales.size(), parameters.zeroPoints.size(), toText(shape), needed));
    }
    return {};
}

Result<Tensor> Tensor::wrap(TensorInfo info, std::span<const std::byte> bytes,
                            std::shared_ptr<const void> owner)
{
    if (auto fits = checkBytes(info, bytes); !fits) {
        return fits.error();
    }
    if (info.quantization) {
        if (auto fits = checkQuantization(*info.quantization, info.shape); !fits) {
            return fits.error();
        }
    }
    Tensor tensor;
    tensor.m_info = std::move(info);
    tensor.m_bytes = bytes;
    tensor.m_owner = std::move(owner);
    return tensor;
}

Result<Tensor> Tensor::fromBytes(TensorInfo info, std::vector<std::byte> bytes)
{
    const auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
    return wrap(std::move(info), *owner, owner);
}

Tensor Tensor::fromFloats(Shape shape, std::span<const float> values)
{
    assert(elementCount(shape) == values.size());
    std::vector<std::byte> bytes(values.size_bytes());
    if (!bytes.empty()) {
        std::memcpy(bytes.data(), values.data(), bytes.size());
    }
    auto tensor = fromBytes({DType::Float32, std::move(shape), nullptr}, std::move(bytes));
    return tensor ? std::move(tensor).value() : Tensor{};
}

struct Tensor::Deferred
{
    std::vector<std::byte> encoded(const TensorInfo &info, std::uint64_t first,
                                   std::uint64_t count) const
    {
        std::vector<std::byte> all;
        all.reserve(storageBytes(info.dtype, count).value_or(0));
        std::array<double, 4096> values;
        for (std::uint64_t done = 0; done < count;) {
            const std::span part(values.data(),
                                 std::min<std::uint64_t>(values.size(), count - done));
            numbers->read(first + done, part);
            const auto made = encodedReals(info.dtype, part);
            all.insert(all.end(), made.begin(), made.end());
            done += part.size();
        }
        return all;
    }

    std::shared_ptr<const DeferredNumbers> numbers;
    mutable std::once_flag isMade;
    mutable std::vector<std::byte> bytes;
};

Result<Tensor> Tensor::deferred(TensorInfo info, std::shared_ptr<const DeferredNumbers> numbers)
{
    const auto elements = elementCount(info.shape);
    if (!elements || !storageBytes(info.dtype, *elements) || !canEncodeReals(info.dtype)) {
        return badInput(fmt::format("{} {} cannot be made on demand", dtypeName(info.dtype),
                                    toText(info.shape)));
    }
    auto state = std::make_shared<Deferred>();
    state->numbers = std::move(numbers);
    Tensor tensor;
    tensor.m_info = std::move(info);
    tensor.m_deferred = std::move(state);
    return tensor;
}

std::span<const std::byte> Tensor::materialized() const
{
    std::call_once(m_deferred->isMade,
                   [this] { m_deferred->bytes = m_deferred->encoded(m_info, 0, elements()); });
    return m_deferred->bytes;
}

std::uint64_t Tensor::storedBytes() const
{
    return m_deferred ? m_deferred->numbers->storedBytes() : m_bytes.size();
}

TensorView Tensor::view() const
{
    return {m_bytes, m_info.dtype, m_info.shape, m_info.quantization.get(),
            m_deferred ? m_deferred->numbers.get() : nullptr};
}

Result<Tensor> Tensor::reshaped(Shape shape) const
{
    if (elementCount(shape) != elementCount(m_info.shape)) {
        return badInput(
            fmt::format("shape {} cannot be viewed as {}", toText(m_info.shape), toText(shape)));
    }
    TensorInfo info{m_info.dtype, std::move(shape), m_info.quantization};
    const bool perTensor = !info.quantization || !info.quantization->axis;
    if (!perTensor && info.shape != m_info.shape) {
        return badInput("a tensor quantized along an axis cannot be viewed in another shape");
    }
    if (m_deferred) {
        Tensor tensor = *this;
        tensor.m_info = std::move(info);
        return tensor;
    }
    return wrap(std::move(info), m_bytes, m_owner);
}

Result<Tensor> Tensor::withQuantization(std::shared_ptr<const Quantization> quantization) const
{
    if (m_deferred) {
        return quantization ? Result<Tensor>(badInput("real numbers have no quantization")) : *this;
    }
    TensorInfo info{m_info.dtype, m_info.shape, std::move(quantization)};
    return wrap(std::move(info), m_bytes, m_owner);
}

Result<Tensor> Tensor::range(std::uint64_t first, std::uint64_t count) const
{
    const std::uint64_t all = elements();
    if (first > all || count > all - first) {
        return badInput(
            fmt::format("elements {} to {} of a tensor of {}", first, first + count, all));
    }
    TensorInfo info{m_info.dtype, {static_cast<std::int64_t>(count)}, nullptr};
    if (m_deferred) {
        return fromBytes(std::move(info), m_deferred->encoded(m_info, first, count));
    }
    if (m_info.dtype == DType::String) {
        const std::size_t begin = stringOffset(m_bytes, first);
        const auto rest = m_bytes.subspan(begin);
        return wrap(std::move(info), rest.first(stringOffset(rest, count)), m_owner);
    }
    const std::uint64_t bits = bitWidth(m_info.dtype);
    if (first * bits % 8 != 0) {
        return badInput(fmt::format("a range of {} cannot start at element {}, inside a byte",
                                    dtypeName(m_info.dtype), first));
    }
    const auto size = storageBytes(m_info.dtype, count);
    if (!size) {
        return badInput("a tensor without elements has no ranges");
    }
    return wrap(std::move(info), m_bytes.subspan(first * bits / 8, *size), m_owner);
}

std::vector<std::string> Tensor::strings() const
{
    std::vector<std::string> texts;
    if (m_info.dtype != DType::String) {
        return texts;
    }
    const auto *text = reinterpret_cast<const char *>(m_bytes.data());
    for (std::size_t position = 0; position < m_bytes.size();) {
        texts.emplace_back(text + position);
        position += texts.back().size() + 1;
    }
    return texts;
}

} // namespace syncpoint
