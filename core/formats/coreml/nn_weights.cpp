#include "core/formats/coreml/nn_weights.h"

#include "core/formats/coreml/compressed_numbers.h"
#include "core/formats/protobuf_cursor.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace syncpoint {

namespace {
struct Weights
{
    std::string_view floats, halves, raw;
    std::vector<double> looseFloats; ///< not packed into one field
    std::uint64_t bits = 0;
    std::vector<double> scale, bias, table;
};

bool readQuantization(std::string_view message, Weights &weights)
{
    ProtobufCursor cursor(message);
    while (cursor.next()) {
        if (cursor.field() == varintField(1)) {
            weights.bits = cursor.varint();
        } else if (cursor.field() == bytesField(101) || cursor.field() == bytesField(102)) {
            const bool isLinear = cursor.field() == bytesField(101);
            ProtobufCursor inner(cursor.bytes());
            while (inner.next()) {
                if (inner.field() == bytesField(1)) {
                    inner.packedFloats(isLinear ? weights.scale : weights.table);
                } else if (inner.field() == bytesField(2) && isLinear) {
                    inner.packedFloats(weights.bias);
                }
            }
            if (inner.failed()) {
                return false;
            }
        }
    }
    return !cursor.failed();
}

bool read(std::string_view message, Weights &weights)
{
    ProtobufCursor cursor(message);
    bool isSound = true;
    while (isSound && cursor.next()) {
        switch (cursor.field()) {
        case bytesField(1):
            weights.floats = cursor.bytes();
            break;
        case float32Field(1):
            weights.looseFloats.push_back(static_cast<double>(cursor.float32()));
            break;
        case bytesField(2):
            weights.halves = cursor.bytes();
            break;
        case bytesField(30):
            weights.raw = cursor.bytes();
            break;
        case bytesField(40):
            isSound = readQuantization(cursor.bytes(), weights);
            break;
        default:
            break;
        }
    }
    return isSound && !cursor.failed();
}

std::optional<DType> codeType(std::uint64_t bits)
{
    static constexpr std::array<DType, 6> kPackedTypes{DType::UInt1, DType::UInt2, DType::UInt3,
                                                       DType::UInt4, DType::UInt6, DType::UInt8};
    const auto *found = std::find_if(kPackedTypes.begin(), kPackedTypes.end(),
                                     [bits](DType dtype) { return bitWidth(dtype) == bits; });
    return found == kPackedTypes.end() ? std::nullopt : std::optional(*found);
}

Tensor floatTensor(const std::vector<double> &values, Shape shape)
{
    return Tensor::fromFloats(std::move(shape), std::vector<float>(values.begin(), values.end()));
}

/// scale · q + bias as scale · (q − zero point), if that is an integer.
std::optional<std::int64_t> zeroPointOf(double scale, double bias)
{
    constexpr double kTolerance = 1e-4; // both are rounded to float
    const double exact = -bias / scale;
    const double whole = std::nearbyint(exact);
    const bool isWhole =
        std::isfinite(exact) && std::fabs(exact) < 1e6 && std::fabs(exact - whole) <= kTolerance;
    return isWhole ? std::optional(static_cast<std::int64_t>(whole)) : std::nullopt;
}

Result<Tensor> dequantized(const Tensor &codes, const Weights &weights)
{
    const Shape &shape = codes.info().shape;
    if (!weights.table.empty()) {
        Shape tableShape(shape.size() + 2, 1);
        tableShape[shape.size()] = static_cast<std::int64_t>(weights.table.size());
        return paletteTensor(codes, floatTensor(weights.table, std::move(tableShape)),
                             std::nullopt);
    }
    // One scale and bias, or one of each per output channel.
    const bool isOne = weights.scale.size() == 1;
    const bool isPerChannel =
        !shape.empty() && weights.scale.size() == static_cast<std::size_t>(shape.front());
    if ((!isOne && !isPerChannel) ||
        (!weights.bias.empty() && weights.bias.size() != weights.scale.size())) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("{} scales and {} biases do not fit {}", weights.scale.size(),
                                 weights.bias.size(), toText(shape))};
    }
    auto quantization = std::make_shared<Quantization>();
    std::vector<double> offsets;
    quantization->scales = weights.scale;
    quantization->axis = isOne ? std::nullopt : std::optional<std::size_t>(0);
    bool isWhole = true;
    for (std::size_t i = 0; i < weights.bias.size(); ++i) {
        const auto zeroPoint = zeroPointOf(weights.scale[i], weights.bias[i]);
        isWhole = isWhole && zeroPoint;
        quantization->zeroPoints.push_back(zeroPoint.value_or(0));
        offsets.push_back(weights.scale[i] != 0.0 ? -weights.bias[i] / weights.scale[i] : 0.0);
    }
    if (isWhole) {
        return codes.withQuantization(std::move(quantization));
    }
    Shape grid(shape.size(), 1);
    if (!isOne) {
        grid.front() = shape.front();
    }
    return scaledTensor(codes, floatTensor(weights.scale, grid), floatTensor(offsets, grid));
}
} // namespace

Result<Tensor> readNnWeights(std::string_view message, Shape shape,
                             const std::shared_ptr<const MappedFile> &file)
{
    Weights weights;
    if (!read(message, weights)) {
        return Error{ErrorCode::BadFormat, "the weights are damaged"};
    }
    const auto fitted = [&shape](std::uint64_t elements) {
        return elementCount(shape) == elements ? shape : Shape{static_cast<std::int64_t>(elements)};
    };
    const auto wrap = [&](DType dtype, std::string_view data, std::uint64_t elements) {
        const auto size = storageBytes(dtype, elements).value_or(0);
        return Tensor::wrap({dtype, fitted(elements), nullptr},
                            std::as_bytes(std::span(data.substr(0, size))), file);
    };
    if (!weights.raw.empty()) {
        const auto dtype = codeType(weights.bits);
        if (!dtype) {
            return Error{ErrorCode::Unsupported,
                         fmt::format("weights of {} bits are not read", weights.bits)};
        }
        const auto wanted = elementCount(shape).value_or(0);
        const std::uint64_t stored = weights.raw.size() * 8 / weights.bits;
        const bool isPadded = storageBytes(*dtype, wanted) == weights.raw.size();
        const auto codes = wrap(*dtype, weights.raw, isPadded ? wanted : stored);
        return codes ? dequantized(*codes, weights) : codes;
    }
    if (!weights.halves.empty()) {
        return wrap(DType::Float16, weights.halves, weights.halves.size() / 2);
    }
    if (!weights.looseFloats.empty()) {
        return floatTensor(weights.looseFloats, fitted(weights.looseFloats.size()));
    }
    return wrap(DType::Float32, weights.floats, weights.floats.size() / 4);
}

} // namespace syncpoint
