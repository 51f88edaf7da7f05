#pragma once
#include <cstddef>
#include <cstdint>

namespace syncpoint {

// SIMD conversions with run-time dispatch for the types that models are full of;
// core/tensor/decode.h does the others.

void widenHalf(const std::uint16_t *in, std::size_t n, float *out);
void widenBFloat16(const std::uint16_t *in, std::size_t n, float *out);
/// (q − zeroPoint) · scale in double.
void dequantizeRun(const std::int8_t *in, std::size_t n, double scale, double zeroPoint,
                   double *out);
void dequantizeRun(const std::uint8_t *in, std::size_t n, double scale, double zeroPoint,
                   double *out);
/// How many bytes equal `a` or `b`.
std::size_t countEither(const std::uint8_t *in, std::size_t n, std::uint8_t a, std::uint8_t b);

} // namespace syncpoint
