#include "compare/metric/pair_pass.h"

#include "compare/metric/convert_kernels.h"
#include "core/base/parallel_for.h"
#include "core/tensor/decode.h"
#include "core/tensor/integer_range.h"

#include <algorithm>
#include <array>
#include <limits>
#include <new>

namespace syncpoint {
namespace {

/// Elements read at once: a few hundred kilobytes per side, a whole multiple of kMaxRun.
constexpr std::uint64_t kReadElements = std::uint64_t{1} << 18;
constexpr std::uint64_t kMaxChunks = 16;
/// With many channels each chunk's sums are megabytes.
constexpr std::size_t kManyChannels = 4096;
constexpr std::uint64_t kMaxChunksManyChannels = 4;
/// The accumulator's histogram counts in 32 bits.
constexpr std::uint64_t kMaxChunkElements = std::uint64_t{1} << 31;
constexpr std::uint64_t kPilotParts = 64;
constexpr std::uint64_t kPilotPartElements = 1024;
/// Starts of parts are multiples of it, which suits packed types and vectors.
constexpr std::uint64_t kPilotAlignment = 64;

using Range = std::array<std::uint64_t, 2>; // first, count

/// Values of a run; a side uses one of its two.
struct Buffers
{
    template <typename T>
    using Run = std::array<T, PairAccumulator::kMaxRun>;
    alignas(64) Run<float> referenceFloats;
    alignas(64) Run<float> candidateFloats;
    alignas(64) Run<double> referenceDoubles;
    alignas(64) Run<double> candidateDoubles;
    Run<std::int64_t> referenceIntegers, candidateIntegers;
};

struct Pass
{
    const TensorPairPlan &plan;
    const PassOptions &options;
    bool referenceIsFloat, candidateIsFloat;
};

void addRun(const Pass &pass, const TensorView &reference, const TensorView &candidate,
            std::uint64_t first, Buffers &buffers, PairAccumulator &to)
{
    const std::size_t n = reference.elements();
    const SideReader &referenceSide = *pass.plan.reference;
    const SideReader &candidateSide = *pass.plan.candidate;
    const auto withReference = [&](const auto *r) {
        if (pass.candidateIsFloat) {
            to.add(first, r, candidateSide.floats(candidate, first, buffers.candidateFloats), n);
        } else {
            to.add(first, r, candidateSide.doubles(candidate, first, buffers.candidateDoubles), n);
        }
    };
    if (pass.referenceIsFloat) {
        withReference(referenceSide.floats(reference, first, buffers.referenceFloats));
    } else {
        withReference(referenceSide.doubles(reference, first, buffers.referenceDoubles));
    }
}

/// Integers are compared as integers: doubles cannot tell large 64-bit ones apart.
std::uint64_t unequalIntegers(const TensorView &reference, const TensorView &candidate,
                              Buffers &buffers)
{
    const std::size_t n = reference.elements();
    const std::span r = std::span(buffers.referenceIntegers).first(n);
    const std::span c = std::span(buffers.candidateIntegers).first(n);
    decodeRaw(reference, 0, r);
    decodeRaw(candidate, 0, c);
    // The upper half of uint64 reads as negative, which is another number than a negative int64.
    const bool wrapDiffers =
        (reference.dtype == DType::UInt64) != (candidate.dtype == DType::UInt64);
    std::uint64_t unequal = 0;
    for (std::size_t i = 0; i < n; ++i) {
        unequal += r[i] != c[i] || (wrapDiffers && r[i] < 0);
    }
    return unequal;
}

/// Candidate integers at the ends of their type's range.
std::uint64_t saturatedIntegers(const TensorView &candidate, Buffers &buffers)
{
    const std::size_t n = candidate.elements();
    const auto range = integerRange(candidate.dtype);
    if (!range) {
        return 0;
    }
    if (bitWidth(candidate.dtype) == 8) {
        const auto *bytes =
            static_cast<const std::uint8_t *>(static_cast<const void *>(candidate.bytes.data()));
        return countEither(bytes, n, static_cast<std::uint8_t>(range->least),
                           static_cast<std::uint8_t>(range->most));
    }
    const std::span q = std::span(buffers.candidateIntegers).first(n);
    decodeRaw(candidate, 0, q);
    return static_cast<std::uint64_t>(std::count_if(
        q.begin(), q.end(), [&](std::int64_t v) { return v == range->least || v == range->most; }));
}

bool countsSaturation(const TensorInfo &info)
{
    return info.quantization && isInteger(info.dtype) && bitWidth(info.dtype) <= 32;
}

Result<void> addRange(const Pass &pass, Range range, Buffers &buffers, PairAccumulator &to)
{
    const auto [first, count] = range;
    const auto reference = pass.plan.reference->fetch(first, count);
    if (!reference) {
        return reference.error();
    }
    const auto candidate = pass.plan.candidate->fetch(first, count);
    if (!candidate) {
        return candidate.error();
    }
    const bool isExact = pass.plan.exactTypes && !pass.options.sumsOnly;
    const bool isSaturable =
        !pass.options.sumsOnly && countsSaturation(pass.plan.candidate->info());
    for (std::uint64_t done = 0; done < count; done += PairAccumulator::kMaxRun) {
        const auto n = static_cast<std::int64_t>(
            std::min<std::uint64_t>(PairAccumulator::kMaxRun, count - done));
        const TensorView r = SideReader::part(*reference, done, n);
        const TensorView c = SideReader::part(*candidate, done, n);
        addRun(pass, r, c, first + done, buffers, to);
        if (isExact) {
            to.addExactMismatches(unequalIntegers(r, c, buffers));
        }
        if (isSaturable) {
            to.addSaturated(saturatedIntegers(c, buffers));
        }
    }
    pass.plan.reference->release(first, count);
    pass.plan.candidate->release(first, count);
    return {};
}

/// Chunks depend on the size only, never on the number of threads.
std::vector<Range> planChunks(std::uint64_t elements, std::size_t channels)
{
    const std::uint64_t most = channels > kManyChannels ? kMaxChunksManyChannels : kMaxChunks;
    std::uint64_t size = std::min((elements + most - 1) / most, kMaxChunkElements);
    size = (size + kReadElements - 1) / kReadElements * kReadElements;
    std::vector<Range> chunks;
    for (std::uint64_t first = 0; first < elements; first += size) {
        chunks.push_back({first, std::min(size, elements - first)});
    }
    return chunks;
}

Result<PassResult> runChunk(const Pass &pass, Range chunk, const JobContext &job)
{
    try {
        const auto buffers = std::make_unique_for_overwrite<Buffers>();
        PairAccumulator::Options options = pass.options.accumulate;
        options.expected = chunk[1];
        PairAccumulator accumulator(options);
        const std::uint64_t end = chunk[0] + chunk[1];
        for (std::uint64_t first = chunk[0]; first < end; first += kReadElements) {
            if (job.isCancelled()) {
                return JobContext::cancelledError();
            }
            const auto added = addRange(pass, {first, std::min(kReadElements, end - first)},
                                        *buffers, accumulator);
            if (!added) {
                return added.error();
            }
        }
        return PassResult{accumulator.take(), std::move(accumulator.channels())};
    } catch (const std::bad_alloc &) {
        return Error{ErrorCode::Limit, "not enough memory to compare the tensors"};
    }
}

Result<PassResult> mergeInOrder(std::vector<std::optional<Result<PassResult>>> &parts)
{
    PassResult result;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!*parts[i]) {
            return parts[i]->error();
        }
        PassResult part = std::move(*parts[i]).value();
        if (i == 0) {
            result = std::move(part);
            continue;
        }
        result.total.merge(part.total, 0); // indices are those of the whole tensor already
        for (std::size_t channel = 0; channel < part.channels.size(); ++channel) {
            result.channels[channel].merge(part.channels[channel]);
        }
    }
    return result;
}

/// A place in the i-th stretch of the tensor that no period of the data lines up with: a fixed
/// multiplicative hash. `stride` is at least two parts long.
std::uint64_t pilotStart(std::uint64_t i, std::uint64_t stride)
{
    const std::uint64_t hash = (i + 1) * 0x9E3779B97F4A7C15U >> 20;
    const std::uint64_t start = i * stride + hash % (stride - kPilotPartElements);
    return start / kPilotAlignment * kPilotAlignment;
}

Pass passOf(const TensorPairPlan &plan, const PassOptions &options)
{
    return {plan, options, plan.reference->isFloatExact(), plan.candidate->isFloatExact()};
}

} // namespace

Result<PassResult> runPass(const TensorPairPlan &plan, const PassOptions &options,
                           const JobContext &job)
{
    const Pass pass = passOf(plan, options);
    const std::vector<Range> chunks = planChunks(plan.elements, options.accumulate.channels.count);
    std::vector<std::optional<Result<PassResult>>> parts(chunks.size());
    if (chunks.size() == 1) {
        parts[0].emplace(runChunk(pass, chunks[0], job));
    } else {
        parallelFor(chunks.size(),
                    [&](std::size_t i) { parts[i].emplace(runChunk(pass, chunks[i], job)); });
    }
    auto result = mergeInOrder(parts);
    if (result) {
        result->total.hasSaturation = !options.sumsOnly && countsSaturation(plan.candidate->info());
    }
    return result;
}

Result<PassResult> runPilot(const TensorPairPlan &plan, const JobContext &job)
{
    PassOptions options;
    options.sumsOnly = true;
    const Pass pass = passOf(plan, options);
    const auto buffers = std::make_unique_for_overwrite<Buffers>();
    PairAccumulator accumulator(options.accumulate);
    const std::uint64_t stride = plan.elements / kPilotParts;
    for (std::uint64_t i = 0; i < kPilotParts; ++i) {
        if (job.isCancelled()) {
            return JobContext::cancelledError();
        }
        const auto added =
            addRange(pass, {pilotStart(i, stride), kPilotPartElements}, *buffers, accumulator);
        if (!added) {
            return added.error();
        }
        if (i + 1 < kPilotParts) { // reading a little maps the pages around it too
            plan.reference->release(i * stride, stride);
            plan.candidate->release(i * stride, stride);
        }
    }
    return PassResult{accumulator.take(), {}};
}

Result<void>
forEachDouble(const TensorPairPlan &plan, std::uint64_t step, const JobContext &job,
              const std::function<void(std::span<const double>, std::span<const double>)> &visit)
{
    std::vector<double> r(std::min(step, plan.elements));
    std::vector<double> c(r.size());
    for (std::uint64_t first = 0; first < plan.elements; first += step) {
        if (job.isCancelled()) {
            return JobContext::cancelledError();
        }
        const std::uint64_t count = std::min(step, plan.elements - first);
        const auto reference = plan.reference->fetch(first, count);
        if (!reference) {
            return reference.error();
        }
        const auto candidate = plan.candidate->fetch(first, count);
        if (!candidate) {
            return candidate.error();
        }
        const auto n = static_cast<std::int64_t>(count);
        const TensorView rv = SideReader::part(*reference, 0, n);
        const TensorView cv = SideReader::part(*candidate, 0, n);
        visit({plan.reference->doubles(rv, first, r), count},
              {plan.candidate->doubles(cv, first, c), count});
        plan.reference->release(first, count);
        plan.candidate->release(first, count);
    }
    return {};
}

} // namespace syncpoint
