#include "core/run/input_fill.h"
#include "core/run/number_encoding.h"

#include <cmath>
#include <fmt/format.h>
#include <random>
#include <vector>

namespace syncpoint {

namespace {
constexpr std::uint64_t kMaxElements = 1ULL << 32U;

/// One step of SplitMix64 (Steele, Lea, Flood 2014): spreads nearby numbers over all 64 bits.
std::uint64_t mixed(std::uint64_t state)
{
    state += 0x9E3779B97F4A7C15ULL;
    state = (state ^ (state >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    state = (state ^ (state >> 27U)) * 0x94D049BB133111EBULL;
    return state ^ (state >> 31U);
}

std::mt19937_64 generatorFor(const FillPlace &place)
{
    return std::mt19937_64(mixed(mixed(mixed(place.seed) + place.input) + place.sample));
}

constexpr double kExactIntegers = 9007199254740992.0; // 2^53

bool isWhole(double number)
{
    return std::trunc(number) == number && std::abs(number) <= kExactIntegers;
}

Result<Tensor> randomTensor(const RandomRange &range, DType dtype, const Shape &shape,
                            std::size_t count, const FillPlace &place)
{
    std::mt19937_64 generator = generatorFor(place);
    if (canEncodeReals(dtype)) {
        std::vector<double> values(count);
        for (double &value : values) {
            // Not std::uniform_real_distribution: its numbers differ between standard libraries.
            const double share = std::ldexp(static_cast<double>(generator() >> 40U), -24);
            value = range.low + share * (range.high - range.low);
        }
        return encodeReals(dtype, shape, values);
    }
    if (!isWhole(range.low) || !isWhole(range.high)) {
        return Error{ErrorCode::BadInput,
                     fmt::format("random numbers from {} to {} are not whole, which {} needs",
                                 range.low, range.high, dtypeName(dtype))};
    }
    const auto low = static_cast<std::int64_t>(range.low);
    // The high bits of the generator's number, spread over the range: 0 and 1 are its first bit.
    const auto choices = static_cast<__uint128_t>(range.high - range.low) + 1;
    std::vector<std::int64_t> values(count);
    for (std::int64_t &value : values) {
        value = low + static_cast<std::int64_t>((generator() * choices) >> 64U);
    }
    return encodeIntegers(dtype, shape, values);
}

double numberOf(const InputFill &fill)
{
    switch (fill.kind) {
    case InputFill::Kind::Ones:
        return 1.0;
    case InputFill::Kind::Number:
        return fill.number;
    default:
        return 0.0;
    }
}
} // namespace

Result<Tensor> fillTensor(const InputFill &fill, DType dtype, const Shape &shape,
                          const FillPlace &place)
{
    if (!canEncodeReals(dtype) && !canEncodeIntegers(dtype)) {
        return Error{ErrorCode::BadInput,
                     fmt::format("its type {} can only come from a file", dtypeName(dtype))};
    }
    const auto elements = elementCount(shape);
    if (!elements || *elements > kMaxElements) {
        return Error{
            ErrorCode::Limit,
            fmt::format("its shape {} has too many elements to be made up", toText(shape))};
    }
    const auto count = static_cast<std::size_t>(*elements);
    if (fill.kind == InputFill::Kind::Random) {
        return randomTensor(fill.range, dtype, shape, count, place);
    }
    const double number = numberOf(fill);
    if (canEncodeReals(dtype)) {
        return encodeReals(dtype, shape, std::vector<double>(count, number));
    }
    if (!isWhole(number)) {
        return Error{ErrorCode::BadInput, fmt::format("{} is not a whole number, which {} needs",
                                                      number, dtypeName(dtype))};
    }
    return encodeIntegers(dtype, shape,
                          std::vector<std::int64_t>(count, static_cast<std::int64_t>(number)));
}

} // namespace syncpoint
