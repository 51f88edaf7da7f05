#include "tests/bench/timing.h"

#include <algorithm>
#include <benchmark/benchmark.h>
#include <limits>

namespace syncpoint::bench {
namespace {

class FastestRun final : public benchmark::BenchmarkReporter
{
public:
    bool ReportContext(const Context &) override { return true; }
    void ReportRuns(const std::vector<Run> &runs) override
    {
        for (const Run &run : runs) {
            if (!run.error_occurred && run.run_type == Run::RT_Iteration) {
                const double seconds =
                    run.real_accumulated_time / static_cast<double>(run.iterations);
                m_seconds = std::min(m_seconds, seconds);
            }
        }
    }
    double seconds() const { return m_seconds; }

private:
    double m_seconds = std::numeric_limits<double>::infinity();
};

double runOnce(const Timed &candidate)
{
    benchmark::ClearRegisteredBenchmarks();
    benchmark::RegisterBenchmark(candidate.name.c_str(),
                                 [&candidate](benchmark::State &state) {
                                     for (const auto iteration : state) {
                                         (void)iteration;
                                         candidate.body();
                                         state.PauseTiming();
                                         if (candidate.after) {
                                             candidate.after();
                                         }
                                         state.ResumeTiming();
                                     }
                                 })
        ->UseRealTime()
        ->Iterations(1)
        ->Repetitions(2);
    FastestRun reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter, ".");
    return reporter.seconds();
}

} // namespace

std::vector<double> fastestSeconds(const std::vector<Timed> &candidates, int rounds)
{
    std::vector<double> fastest(candidates.size(), std::numeric_limits<double>::infinity());
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            fastest[i] = std::min(fastest[i], runOnce(candidates[i]));
        }
    }
    return fastest;
}

void keep(double value)
{
    benchmark::DoNotOptimize(value);
}

} // namespace syncpoint::bench
