#include "core/run/noise_floor.h"
#include "core/run/tap_opener.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>

namespace syncpoint {

namespace {
/// Sums over all samples and runs of one value.
struct NoiseSum
{
    double maxAbs = 0.0;
    double squares = 0.0;
    std::uint64_t elements = 0;

    void add(double own, double other)
    {
        const bool bothMissing = std::isnan(own) && std::isnan(other);
        const double difference = own == other || bothMissing ? 0.0 : std::abs(own - other);
        const double size =
            std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference;
        maxAbs = std::max(maxAbs, size);
        squares += size * size;
    }
};

void addTensors(const Tensor &own, const Tensor &other, NoiseSum &sum)
{
    constexpr std::uint64_t kBlock = 1U << 16U;
    std::vector<double> left(kBlock);
    std::vector<double> right(kBlock);
    for (std::uint64_t first = 0; first < own.elements(); first += kBlock) {
        const std::size_t count = std::min(kBlock, own.elements() - first);
        decode(own.view(), first, std::span(left).first(count));
        decode(other.view(), first, std::span(right).first(count));
        for (std::size_t i = 0; i < count; ++i) {
            sum.add(left[i], right[i]);
        }
    }
    sum.elements += own.elements();
}

class NoiseMeter
{
public:
    NoiseMeter(const NoisePlan &plan, const ModelInputs &inputs, const JobContext &job)
        : m_plan(plan), m_inputs(inputs), m_job(job)
    {
    }

    Result<NoiseFloor> measure()
    {
        m_job.beginStage("measuring the noise floor",
                         m_plan.batches.size() * m_plan.runs * m_inputs.samples());
        for (const CaptureBatch &batch : m_plan.batches) {
            if (auto done = measureBatch(batch); !done) {
                return done.error();
            }
        }
        NoiseFloor noise;
        noise.runs = m_plan.runs;
        for (const auto &[name, sum] : m_sums) {
            const double count = std::max(1.0, static_cast<double>(sum.elements));
            noise.values[name] = {sum.maxAbs, sum.squares / count};
        }
        return noise;
    }

private:
    TapOpener::Opened open(const CaptureBatch &batch, std::size_t threads) const
    {
        SessionSettings settings = m_plan.settings;
        settings.threads = threads;
        Diagnostics toldBefore;
        return TapOpener(m_plan.runtime, m_plan.model, settings).open(batch.taps, toldBefore);
    }

    Result<void> measureBatch(const CaptureBatch &batch)
    {
        const std::size_t captured = m_plan.settings.threads > 0
                                         ? m_plan.settings.threads
                                         : std::max(1U, std::thread::hardware_concurrency());
        const auto own = open(batch, captured);
        if (!own) {
            return own.error();
        }
        std::size_t threads = 0;
        for (std::size_t run = 0; run < m_plan.runs; ++run) {
            threads += threads + 1 == captured ? 2 : 1;
            const auto other = open(batch, threads);
            auto done = other ? compareRuns(**own, **other) : other.error();
            if (!done) {
                return done;
            }
        }
        return {};
    }

    Result<void> compareRuns(OrtSession &own, OrtSession &other)
    {
        for (std::size_t sample = 0; sample < m_inputs.samples(); ++sample) {
            if (m_job.isCancelled()) {
                return JobContext::cancelledError();
            }
            const auto given = m_inputs.make(sample);
            const auto left = given ? own.run(*given) : given.error();
            const auto right = left ? other.run(*given) : left.error();
            if (!right) {
                return right.error();
            }
            for (std::size_t i = 0; i < left->size(); ++i) {
                compare(own.outputs()[i], (*left)[i], (*right)[i]);
            }
            m_job.advance(1);
        }
        return {};
    }

    void compare(const std::string &name, const Result<Tensor> &own, const Result<Tensor> &other)
    {
        if (!own || !other || !isNumeric(own->info().dtype)) {
            return;
        }
        NoiseSum &sum = m_sums[name];
        if (own->info().shape == other->info().shape) {
            addTensors(*own, *other, sum);
        } else { // as of NonZero, whose shape follows the numbers
            sum.add(0.0, std::numeric_limits<double>::infinity());
        }
    }

    const NoisePlan &m_plan;
    const ModelInputs &m_inputs;
    const JobContext &m_job;
    std::map<std::string, NoiseSum> m_sums;
};
} // namespace

Result<NoiseFloor> measureNoise(const NoisePlan &plan, const ModelInputs &inputs,
                                const JobContext &job)
{
    return NoiseMeter(plan, inputs, job).measure();
}

} // namespace syncpoint
