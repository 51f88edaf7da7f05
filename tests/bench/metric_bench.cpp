#include "tests/bench/benches.h"

#include "compare/metric/measurement.h"
#include "compare/metric/tensor_pair.h"
#include "core/base/count_text.h"
#include "core/base/parallel_for.h"
#include "tests/bench/timing.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <random>

// The yardstick: what the widest vectors of this machine make of a plain sum. It is memory-bound.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/bench/metric_bench.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace syncpoint::bench {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

float sumOfFloats(const float *values, std::size_t n)
{
    const hn::ScalableTag<float> d;
    const std::size_t lanes = hn::Lanes(d);
    auto s0 = hn::Zero(d);
    auto s1 = s0;
    auto s2 = s0;
    auto s3 = s0;
    for (std::size_t i = 0; i + 4 * lanes <= n; i += 4 * lanes) {
        s0 = hn::Add(s0, hn::LoadU(d, values + i));
        s1 = hn::Add(s1, hn::LoadU(d, values + i + lanes));
        s2 = hn::Add(s2, hn::LoadU(d, values + i + 2 * lanes));
        s3 = hn::Add(s3, hn::LoadU(d, values + i + 3 * lanes));
    }
    return hn::GetLane(hn::SumOfLanes(d, hn::Add(hn::Add(s0, s1), hn::Add(s2, s3))));
}

} // namespace HWY_NAMESPACE
} // namespace syncpoint::bench
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace syncpoint::bench {
HWY_EXPORT(sumOfFloats);
namespace {

constexpr std::size_t kElements = std::size_t{1} << 24; // 64 MB per float32 side: beyond the caches
constexpr std::size_t kParts = 16;
constexpr int kRounds = 25;

/// float16 by dropping mantissa bits; values below its normal range become 0.
std::uint16_t truncatedHalf(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
    constexpr std::uint32_t kRebias = (127U - 15U) << 23U;
    const std::uint32_t half =
        magnitude < kRebias + (1U << 23U) ? 0U : (magnitude - kRebias) >> 13U;
    return static_cast<std::uint16_t>(half | (bits >> 16U & 0x8000U));
}

/// A side in memory of its own, in `dtype`.
class Side
{
public:
    Side(DType dtype, const std::vector<float> &values) : m_store(itemsOf(dtype, values)) {}
    const TensorStore &store() const { return m_store; }

private:
    static std::vector<std::byte> encoded(DType dtype, const std::vector<float> &values)
    {
        std::vector<std::byte> bytes(*storageBytes(dtype, values.size()));
        const auto put = [&]<typename T>(T, auto convert) {
            for (std::size_t i = 0; i < values.size(); ++i) {
                const T value = convert(values[i]);
                std::memcpy(bytes.data() + i * sizeof(T), &value, sizeof(T));
            }
        };
        if (dtype == DType::Float32) {
            put(0.0F, [](float v) { return v; });
        } else if (dtype == DType::Float16) {
            put(std::uint16_t{0}, [](float v) { return truncatedHalf(v); });
        } else if (dtype == DType::BFloat16) {
            put(std::uint16_t{0}, [](float v) {
                return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(v) >> 16);
            });
        } else {
            put(std::int8_t{0}, [](float v) {
                return static_cast<std::int8_t>(std::clamp(std::lround(v * 32.0F), -128L, 127L));
            });
        }
        return bytes;
    }

    static std::vector<MemoryTensorStore::Item> itemsOf(DType dtype,
                                                        const std::vector<float> &values)
    {
        std::shared_ptr<const Quantization> quantization;
        if (dtype == DType::Int8) {
            quantization = std::make_shared<Quantization>(Quantization{{1.0 / 32.0}, {}, {}, 0});
        }
        TensorEntry entry;
        entry.name = "t";
        entry.info = {dtype, {static_cast<std::int64_t>(values.size())}, quantization};
        std::vector<MemoryTensorStore::Item> items;
        items.push_back({entry, Tensor::fromBytes(entry.info, encoded(dtype, values)).value()});
        return items;
    }

    MemoryTensorStore m_store;
};

std::vector<float> normalValues(std::size_t n, float offsetScale, const std::vector<float> &base)
{
    std::mt19937 generator(base.empty() ? 1 : 2);
    std::normal_distribution<float> distribution;
    std::vector<float> pool(65537); // a prime, so that the pattern does not repeat with the blocks
    for (float &value : pool) {
        value = distribution(generator);
    }
    std::vector<float> values(n);
    for (std::size_t i = 0; i < n; ++i) {
        values[i] =
            base.empty() ? pool[i % pool.size()] : base[i] + offsetScale * pool[i % pool.size()];
    }
    return values;
}

void sumBoth(const std::vector<float> &r, const std::vector<float> &c)
{
    std::array<double, kParts> parts{};
    const std::size_t size = r.size() / kParts;
    parallelFor(kParts, [&](std::size_t i) {
        const auto sum = HWY_DYNAMIC_DISPATCH(sumOfFloats);
        parts[i] = static_cast<double>(sum(r.data() + i * size, size)) +
                   static_cast<double>(sum(c.data() + i * size, size));
    });
    keep(parts[0]);
}

void measure(const Side &reference, const Side &candidate)
{
    TensorPair pair;
    pair.referenceStore = &reference.store();
    pair.reference = TensorId(0);
    pair.candidateStore = &candidate.store();
    pair.candidate = TensorId(0);
    const auto measured = measurePair(pair, MetricSettings(), JobContext());
    keep(measured ? evaluate(measured->total, MetricSettings()).peak : 0.0);
}

} // namespace

void metricBench(BenchReport &report)
{
    const std::vector<float> r = normalValues(kElements, 0.0F, {});
    const std::vector<float> c = normalValues(kElements, 0.02F, r);
    const Side float32(DType::Float32, r);
    struct Case
    {
        DType dtype;
        double limit;
    };
    for (const Case &one : {Case{DType::Float32, 0.8}, Case{DType::Float16, 0.5},
                            Case{DType::BFloat16, 0.5}, Case{DType::Int8, 0.5}}) {
        const Side candidate(one.dtype, c);
        for (const std::size_t threads : {1U, 2U}) {
            const ThreadLimit limit(threads);
            const auto seconds = fastestSeconds({{"sum", [&] { sumBoth(r, c); }},
                                                 {"metrics", [&] { measure(float32, candidate); }}},
                                                kRounds);
            report.add({fmt::format("metrics, float32 against {}, {}", dtypeName(one.dtype),
                                    countText(threads, "thread")),
                        seconds[0] / seconds[1], "ratio", one.limit, true,
                        fmt::format("speed of summing as many float32 pairs, {:.2f} GB/s",
                                    8e-9 * static_cast<double>(kElements) / seconds[0])});
        }
    }
}

} // namespace syncpoint::bench
#endif
