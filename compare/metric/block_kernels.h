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

/// What to compute besides the sums.
struct BlockRequest
{
    /// errors[n + kErrorSlack] receives every |e| ≥ `errorFloor` as float, packed together; null
    /// for none.
    static constexpr std::size_t kErrorSlack = 64;
    Tolerance tolerance;
    float *errors = nullptr;
    float errorFloor = 0;
    float tau = 0;        ///< of relative errors; 0 for none, else in [1e-30, 1e30]
    bool withUlp = false; ///< distance of float32 encodings; both sides floats only
};

/// What one run of elements adds to the statistics. r reference, c candidate, e = c − r.
struct BlockSums
{
    /// The sums were added in single precision over parts of 32 elements per lane, to 2e-6 of the
    /// sum of magnitudes; extremes and `maxAbsE` are rounded to float. Otherwise all in double.
    bool isSingle = false;
    double sumR = 0, sumC = 0, sumE = 0, sumAbsE = 0;
    double sumRR = 0, sumCC = 0, sumRC = 0, sumEE = 0;
    double minR = std::numeric_limits<double>::infinity();
    double maxR = -std::numeric_limits<double>::infinity();
    double minC = std::numeric_limits<double>::infinity();
    double maxC = -std::numeric_limits<double>::infinity();
    double maxAbsE = 0;
    std::uint64_t violations = 0, mismatches = 0;
    /// In single precision and with the processor's reciprocal: to 0.4 %. Not finite when the
    /// quotients leave the range of float.
    double sumRel = 0, maxRel = 0;
    std::uint32_t ulpMax = 0;
    std::size_t errorCount = 0;
};

/// Σ and max of |e| / max(|r|, τ).
struct RelativeSums
{
    double sum = 0, max = 0;
};

/// The float type whose steps ulp_max counts.
enum class UlpType : std::uint8_t { None, Float32, Float16, BFloat16 };

// SIMD kernels with run-time dispatch, for runs of a few thousand elements. Values must be finite;
// a sumRR or sumCC that is not finite tells the caller that they were not, and nothing else of that
// result means anything.
BlockSums sumBlock(const float *r, const float *c, std::size_t n, const BlockRequest &request);
BlockSums sumBlock(const float *r, const double *c, std::size_t n, const BlockRequest &request);
BlockSums sumBlock(const double *r, const float *c, std::size_t n, const BlockRequest &request);
BlockSums sumBlock(const double *r, const double *c, std::size_t n, const BlockRequest &request);

/// Relative errors alone, in double.
RelativeSums relativeSums(const float *r, const float *c, std::size_t n, double tau);
RelativeSums relativeSums(const float *r, const double *c, std::size_t n, double tau);
RelativeSums relativeSums(const double *r, const float *c, std::size_t n, double tau);
RelativeSums relativeSums(const double *r, const double *c, std::size_t n, double tau);

/// Largest distance of ordered encodings in float16 or bfloat16, of values that are rounded to it
/// first.
std::uint32_t ulpMax(const float *r, const float *c, std::size_t n, UlpType type);

} // namespace syncpoint
