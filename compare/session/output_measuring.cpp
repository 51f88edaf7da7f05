#include "compare/session/output_measuring.h"

#include "compare/session/point_measurer.h"

#include <fmt/format.h>

namespace syncpoint {

namespace {
/// Another order of float32 additions alone gives more than this; it is no reason to worry.
constexpr double kRoundingSqnr = 100.0;

bool hasPlainOutput(const ComparedSide &side, ValueId output, std::size_t samples)
{
    for (std::size_t sample = 0; sample < samples; ++sample) {
        if (!locatePlainOutput(side, output, sample)) {
            return false;
        }
    }
    return samples > 0;
}

/// How an output changes when every value is captured.
class ObserverCheck
{
public:
    ObserverCheck(const ComparisonResult &result, const ComparedSide &side,
                  const SideConfig &config)
        : m_result(result), m_side(side), m_config(config)
    {
    }

    Result<void> check(ValueId output, Diagnostics &diagnostics, const JobContext &job) const
    {
        PairStatistics total;
        for (std::size_t sample = 0; sample < m_result.samples; ++sample) {
            const auto pair = pairOf(output, sample);
            const auto measured = pair ? measurePair(*pair, m_result.config.settings, job)
                                       : Result<Measured>(Error{});
            if (job.isCancelled()) {
                return JobContext::cancelledError();
            }
            if (!measured || measured->state) {
                return {}; // not both are there, which the score itself tells
            }
            total.merge(measured->total, total.total);
        }
        report(output, evaluate(total, m_result.config.settings), diagnostics);
        return {};
    }

private:
    std::optional<TensorPair> pairOf(ValueId output, std::size_t sample) const
    {
        const auto plain = locatePlainOutput(m_side, output, sample);
        const auto captured = locateValue(m_side, output, sample);
        if (!plain || !captured || captured->store == nullptr) {
            return std::nullopt;
        }
        TensorPair pair;
        pair.referenceStore = plain->store;
        pair.reference = plain->tensor;
        pair.candidateStore = captured->store;
        pair.candidate = captured->tensor;
        pair.referenceQuantization = plain->quantization;
        pair.candidateQuantization = captured->quantization;
        return pair;
    }

    void report(ValueId output, const Measurement &change, Diagnostics &diagnostics) const
    {
        if (change.state == PairState::Exact || change.state == PairState::Empty) {
            return;
        }
        const auto sqnr = change.value("sqnr");
        const std::string size =
            sqnr ? fmt::format("{:.1f} dB SQNR", *sqnr) : std::string(pairStateName(change.state));
        // What a dump was captured with is not recorded.
        const std::string how = m_config.dump ? std::string()
                                              : fmt::format(" at optimization level {}",
                                                            optimizationName(m_config.optimize));
        diagnostics.push_back(
            {sqnr.value_or(0.0) >= kRoundingSqnr ? Diagnostic::Severity::Info
                                                 : Diagnostic::Severity::Warning,
             m_side.path,
             fmt::format("capturing{} changes '{}' by {}: outputs are scored on the run without "
                         "taps, sync points on the captured one",
                         how, m_side.graph->qualifiedName(output), size)});
    }

    const ComparisonResult &m_result;
    const ComparedSide &m_side;
    const SideConfig &m_config;
};
} // namespace

Result<void> measureOutputs(ComparisonResult &result, const JobContext &job)
{
    const ObserverCheck baseline(result, result.baseline, result.config.baseline);
    const ObserverCheck candidate(result, result.candidate, result.config.candidate);
    for (const SyncPointId id : result.outputs) {
        const SyncPoint &pair = result.alignment.point(id);
        OutputScore output{id, result.point(id), false};
        if (hasPlainOutput(result.baseline, pair.reference, result.samples) &&
            hasPlainOutput(result.candidate, pair.candidate, result.samples)) {
            auto score =
                PointMeasurer(result, id, locatePlainOutput).measure(job, result.diagnostics);
            if (!score) {
                return score.error();
            }
            output.score = *std::move(score);
            output.plain = true;
        }
        auto checked = baseline.check(pair.reference, result.diagnostics, job);
        if (checked) {
            checked = candidate.check(pair.candidate, result.diagnostics, job);
        }
        if (!checked) {
            return checked;
        }
        result.outputScores.push_back(std::move(output));
    }
    return {};
}

} // namespace syncpoint
