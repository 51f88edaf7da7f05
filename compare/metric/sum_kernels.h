#pragma once
#include "compare/metric/block_kernels.h"

namespace syncpoint {

// The two ways of sumBlock(), for whole vectors only. Each returns how many elements it took and
// sets `out` unless that is 0.

/// Sums of exact differences, in double.
std::size_t sumDouble(const float *r, const float *c, std::size_t n, const BlockRequest &request,
                      BlockSums &out);
std::size_t sumDouble(const float *r, const double *c, std::size_t n, const BlockRequest &request,
                      BlockSums &out);
std::size_t sumDouble(const double *r, const float *c, std::size_t n, const BlockRequest &request,
                      BlockSums &out);
std::size_t sumDouble(const double *r, const double *c, std::size_t n, const BlockRequest &request,
                      BlockSums &out);

/// Sums in single precision over short parts, which are added in double: half the time. What
/// overflows or underflows float is lost.
std::size_t sumSingle(const float *r, const float *c, std::size_t n, const BlockRequest &request,
                      BlockSums &out);
std::size_t sumSingle(const float *r, const double *c, std::size_t n, const BlockRequest &request,
                      BlockSums &out);
std::size_t sumSingle(const double *r, const float *c, std::size_t n, const BlockRequest &request,
                      BlockSums &out);
std::size_t sumSingle(const double *r, const double *c, std::size_t n, const BlockRequest &request,
                      BlockSums &out);

} // namespace syncpoint
