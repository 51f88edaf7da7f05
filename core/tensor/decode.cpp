#include "core/tensor/decode.h"

#include "core/tensor/dequantize.h"
#include "core/tensor/widen.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <fmt/format.h>
#include <new>
#include <type_traits>

namespace syncpoint {
namespace {

/// Where the elements are, and which elements of the quantized tensor they are.
struct Source
{
    const TensorView &view;
    std::uint64_t firstStored;
    const Quantization *quantization;
    std::span<const std::int64_t> quantizedShape;
    std::uint64_t firstQuantized;
};

bool isQuantizable(DType dtype)
{
    return isInteger(dtype) || (isFloat(dtype) && bitWidth(dtype) <= 8);
}

/// One table look-up per element is several times faster than the arithmetic in double.
template <typename Out>
void decodeBytesPerTensor(const Source &source, std::span<Out> out)
{
    std::array<std::byte, 256> codes;
    for (std::size_t i = 0; i < codes.size(); ++i) {
        codes[i] = static_cast<std::byte>(i);
    }
    std::array<double, 256> exact{};
    widen(codes, source.view.dtype, 0, std::span<double>(exact));
    dequantize(*source.quantization, source.quantizedShape, 0, exact);
    std::array<Out, 256> table{};
    std::transform(exact.begin(), exact.end(), table.begin(),
                   [](double value) { return static_cast<Out>(value); });
    const std::byte *from = source.view.bytes.data() + source.firstStored;
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = table[std::to_integer<std::size_t>(from[i])];
    }
}

template <typename Out>
void decodeInBlocks(const Source &source, std::span<Out> out)
{
    std::array<double, 1024> block;
    for (std::size_t done = 0; done < out.size();) {
        const std::span part(block.data(), std::min(block.size(), out.size() - done));
        widen(source.view.bytes, source.view.dtype, source.firstStored + done, part);
        dequantize(*source.quantization, source.quantizedShape, source.firstQuantized + done, part);
        std::transform(part.begin(), part.end(), out.begin() + static_cast<std::ptrdiff_t>(done),
                       [](double value) { return static_cast<Out>(value); });
        done += part.size();
    }
}

template <typename Out>
void readDeferred(const DeferredNumbers &numbers, std::uint64_t first, std::span<Out> out)
{
    if constexpr (std::is_same_v<Out, double>) {
        numbers.read(first, out);
    } else {
        std::array<double, 1024> block;
        for (std::size_t done = 0; done < out.size();) {
            const std::span part(block.data(), std::min(block.size(), out.size() - done));
            numbers.read(first + done, part);
            std::transform(part.begin(), part.end(),
                           out.begin() + static_cast<std::ptrdiff_t>(done),
                           [](double value) { return static_cast<Out>(value); });
            done += part.size();
        }
    }
}

template <typename Out>
void decodeFrom(const Source &source, std::span<Out> out)
{
    const DType dtype = source.view.dtype;
    assert(isNumeric(dtype));
    if (source.view.deferred != nullptr) {
        readDeferred(*source.view.deferred, source.firstStored, out);
        return;
    }
    assert(storageBytes(dtype, source.firstStored + out.size()) <= source.view.bytes.size());
    if (source.quantization == nullptr || !isQuantizable(dtype)) {
        widen(source.view.bytes, dtype, source.firstStored, out);
        return;
    }
    constexpr std::size_t kTableIsWorthIt = 512;
    if (!source.quantization->axis && bitWidth(dtype) == 8 && out.size() >= kTableIsWorthIt) {
        decodeBytesPerTensor(source, out);
        return;
    }
    decodeInBlocks(source, out);
}

template <typename Out>
void decodeView(const TensorView &view, std::uint64_t first, std::span<Out> out)
{
    const bool fits = view.quantization != nullptr &&
                      checkQuantization(*view.quantization, view.shape).operator bool();
    decodeFrom<Out>({view, first, fits ? view.quantization : nullptr, view.shape, first}, out);
}

template <typename Out>
void decodePartOf(const TensorView &part, const TensorInfo &whole, std::uint64_t first,
                  std::span<Out> out)
{
    const Quantization *quantization = whole.quantization.get();
    const bool fits =
        quantization != nullptr && checkQuantization(*quantization, whole.shape).operator bool();
    decodeFrom<Out>({part, 0, fits ? quantization : nullptr, whole.shape, first}, out);
}

} // namespace

void decode(const TensorView &view, std::uint64_t first, std::span<float> out)
{
    decodeView(view, first, out);
}

void decode(const TensorView &view, std::uint64_t first, std::span<double> out)
{
    decodeView(view, first, out);
}

void decodePart(const TensorView &part, const TensorInfo &whole, std::uint64_t first,
                std::span<float> out)
{
    decodePartOf(part, whole, first, out);
}

void decodePart(const TensorView &part, const TensorInfo &whole, std::uint64_t first,
                std::span<double> out)
{
    decodePartOf(part, whole, first, out);
}

void decodeRaw(const TensorView &view, std::uint64_t first, std::span<std::int64_t> out)
{
    assert(isInteger(view.dtype) || view.dtype == DType::Bool);
    assert(storageBytes(view.dtype, first + out.size()) <= view.bytes.size());
    widen(view.bytes, view.dtype, first, out);
}

Result<std::vector<float>> decodeAll(const TensorView &view)
{
    if (!isNumeric(view.dtype)) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("{} elements are not numbers", dtypeName(view.dtype))};
    }
    try {
        std::vector<float> values(view.elements());
        decode(view, 0, values);
        return values;
    } catch (const std::bad_alloc &) {
        return Error{ErrorCode::Limit,
                     fmt::format("not enough memory for {} numbers", view.elements())};
    }
}

} // namespace syncpoint
