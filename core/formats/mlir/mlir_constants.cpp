#include "core/formats/mlir/mlir_constants.h"

#include "core/base/number_text.h"
#include "core/tensor/encode.h"
#include "core/tensor/widen.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

namespace syncpoint {

namespace {
constexpr std::uint64_t kMostListed = 1'000'000;
constexpr std::uint64_t kMostSplat = std::uint64_t{1} << 26U;

/// One number for all elements.
class Splat final : public DeferredNumbers
{
public:
    explicit Splat(double value) : m_value(value) {}
    void read(std::uint64_t /*first*/, std::span<double> out) const override
    {
        std::fill(out.begin(), out.end(), m_value);
    }
    std::uint64_t storedBytes() const override { return sizeof m_value; }

private:
    double m_value;
};

std::optional<double> elementOf(std::string_view text)
{
    if (text == "true" || text == "false") {
        return text == "true" ? 1.0 : 0.0;
    }
    return wholeNumber<double>(text);
}

/// The numbers of nested lists in order; nothing when a part is none, such as a float's bits.
std::optional<std::vector<double>> listed(std::string_view text)
{
    constexpr std::string_view kBetween = "[], \t\r\n";
    std::vector<double> numbers;
    while (true) {
        text.remove_prefix(std::min(text.find_first_not_of(kBetween), text.size()));
        if (text.empty()) {
            return numbers;
        }
        const std::size_t end = std::min(text.find_first_of(kBetween), text.size());
        const auto number = elementOf(text.substr(0, end));
        if (!number || numbers.size() >= kMostListed) {
            return std::nullopt;
        }
        numbers.push_back(*number);
        text.remove_prefix(end);
    }
}

std::optional<std::vector<std::byte>> bytesOfHex(std::string_view digits)
{
    if (digits.size() % 2 != 0 || digits.size() / 2 > kMostListed * 8) {
        return std::nullopt;
    }
    std::vector<std::byte> bytes;
    bytes.reserve(digits.size() / 2);
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        unsigned value = 0;
        const auto [end, error] =
            std::from_chars(digits.data() + i, digits.data() + i + 2, value, 16);
        if (error != std::errc() || end != digits.data() + i + 2) {
            return std::nullopt;
        }
        bytes.push_back(static_cast<std::byte>(value));
    }
    return bytes;
}

std::optional<Tensor> valueOf(Result<Tensor> tensor)
{
    return tensor ? std::optional(*std::move(tensor)) : std::nullopt;
}

/// A number as text, or the bits of a float: 0x7F800000.
std::optional<double> elementOf(std::string_view text, DType dtype)
{
    if (!text.starts_with("0x") || !isFloat(dtype)) {
        return elementOf(text);
    }
    auto bytes = bytesOfHex(text.substr(2));
    if (!bytes || bytes->size() * 8 != bitWidth(dtype)) {
        return std::nullopt;
    }
    std::reverse(bytes->begin(), bytes->end()); // written with the highest digits first
    double number = 0.0;
    widen(*bytes, dtype, 0, std::span(&number, 1));
    return number;
}

std::optional<Tensor> fromNumbers(const MlirType &type, const std::vector<double> &numbers)
{
    if (canEncodeReals(type.dtype)) {
        return valueOf(encodeReals(type.dtype, *type.shape, numbers));
    }
    constexpr double kMostExact = 9e15; // doubles hold every integer below
    std::vector<std::int64_t> integers;
    for (const double number : numbers) {
        if (!(std::abs(number) < kMostExact)) {
            return std::nullopt;
        }
        integers.push_back(static_cast<std::int64_t>(number));
    }
    return canEncodeIntegers(type.dtype)
               ? valueOf(encodeIntegers(type.dtype, *type.shape, integers))
               : std::nullopt;
}

std::optional<Tensor> splatOf(const MlirType &type, std::uint64_t elements, double number)
{
    if (canEncodeReals(type.dtype) && elements <= kMostSplat) {
        return valueOf(Tensor::deferred({type.dtype, *type.shape, nullptr},
                                        std::make_shared<const Splat>(number)));
    }
    return elements <= kMostListed ? fromNumbers(type, std::vector<double>(elements, number))
                                   : std::nullopt;
}
} // namespace

std::optional<Tensor> mlirConstant(std::string_view text, const MlirType &type)
{
    constexpr std::string_view kDense = "dense<";
    if (!text.starts_with(kDense) || !text.ends_with('>') || !type.shape) {
        return std::nullopt;
    }
    const auto elements = elementCount(*type.shape);
    if (!elements) {
        return std::nullopt;
    }
    const std::string_view inside = text.substr(kDense.size(), text.size() - kDense.size() - 1);
    const bool isPacked = type.dtype == DType::Bool || bitWidth(type.dtype) < 8;
    if (inside.starts_with("\"0x") && inside.ends_with('"') && !isPacked) {
        auto bytes = bytesOfHex(inside.substr(3, inside.size() - 4));
        return bytes ? valueOf(
                           Tensor::fromBytes({type.dtype, *type.shape, nullptr}, *std::move(bytes)))
                     : std::nullopt;
    }
    if (const auto number = elementOf(inside, type.dtype)) {
        return splatOf(type, *elements, *number);
    }
    const auto numbers = listed(inside);
    return numbers && numbers->size() == *elements ? fromNumbers(type, *numbers) : std::nullopt;
}

} // namespace syncpoint
