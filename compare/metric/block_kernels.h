#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>

namespace syncpoint {

/// numpy.allclose's rule: |e| > absolute + relative·|r| is a violation.
struct Tolerance
{
    double absolute = 0.0;
    double relative = 0.0;
};

/// What one run of elements adds to the sums. r reference, c candidate, e = c − r, in double.
struct BlockSums
{
    double sumR = 0, sumC = 0, sumE = 0, sumAbsE = 0;
    double sumRR = 0, sumCC = 0, sumRC = 0, sumEE = 0;
    double minR = std::numeric_limits<double>::infinity();
    double maxR = -std::numeric_limits<double>::infinity();
    double minC = std::numeric_limits<double>::infinity();
    double maxC = -std::numeric_limits<double>::infinity();
    double maxAbsE = 0;
    std::uint64_t violations = 0, mismatches = 0;
};

/// Σ and max of |e| / max(|r|, τ).
struct RelativeSums
{
    double sum = 0, max = 0;
};

/// The float type whose steps ulp_max counts.
enum class UlpType : std::uint8_t { None, Float32, Float16, BFloat16 };

// SIMD kernels with run-time dispatch. Runs are at most a few thousand elements, so that both
// operands stay in the first-level cache between them. Values must be finite; a sum of squares that
// is not tells the caller that they were not.
BlockSums sumBlock(const float *r, const float *c, std::size_t n, Tolerance tolerance);
BlockSums sumBlock(const float *r, const double *c, std::size_t n, Tolerance tolerance);
BlockSums sumBlock(const double *r, const float *c, std::size_t n, Tolerance tolerance);
BlockSums sumBlock(const double *r, const double *c, std::size_t n, Tolerance tolerance);

/// Histogram bins of |e|: the upper 16 bits of |e| as float32, that is the exponent and 7 bits of
/// mantissa. Only those that are ≥ `floor`, packed together; returns how many. `bins` has room for
/// n.
std::size_t absErrorBinsFrom(const float *r, const float *c, std::size_t n, std::uint32_t floor,
                             std::uint32_t *bins);
std::size_t absErrorBinsFrom(const float *r, const double *c, std::size_t n, std::uint32_t floor,
                             std::uint32_t *bins);
std::size_t absErrorBinsFrom(const double *r, const float *c, std::size_t n, std::uint32_t floor,
                             std::uint32_t *bins);
std::size_t absErrorBinsFrom(const double *r, const double *c, std::size_t n, std::uint32_t floor,
                             std::uint32_t *bins);

/// In single precision (relative error below 1e-5). τ must be in [1e-30, 1e30]; a sum that is not
/// finite tells the caller that the quotients left the range of float.
RelativeSums relativeSums(const float *r, const float *c, std::size_t n, float tau);
RelativeSums relativeSums(const float *r, const double *c, std::size_t n, float tau);
RelativeSums relativeSums(const double *r, const float *c, std::size_t n, float tau);
RelativeSums relativeSums(const double *r, const double *c, std::size_t n, float tau);

/// Largest distance of ordered encodings in `type`, of values that are rounded to it first.
std::uint32_t ulpMax(const float *r, const float *c, std::size_t n, UlpType type);

void widenHalf(const std::uint16_t *in, std::size_t n, float *out);
void widenBFloat16(const std::uint16_t *in, std::size_t n, float *out);
/// How many bytes equal `a` or `b`.
std::size_t countEither(const std::uint8_t *in, std::size_t n, std::uint8_t a, std::uint8_t b);
/// (q − zeroPoint) · scale in double.
void dequantizeRun(const std::int8_t *in, std::size_t n, double scale, double zeroPoint,
                   double *out);
void dequantizeRun(const std::uint8_t *in, std::size_t n, double scale, double zeroPoint,
                   double *out);

} // namespace syncpoint
