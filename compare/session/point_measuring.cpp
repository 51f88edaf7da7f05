#include "compare/session/point_measuring.h"

#include "compare/metric/tensor_pair.h"
#include "compare/session/headline.h"
#include "compare/session/value_tensors.h"
#include "core/base/parallel_for.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace syncpoint {

namespace {
PointStatus statusOf(PairState state)
{
    return state == PairState::RawQuantized ? PointStatus::RawQuantized
                                            : PointStatus::ShapeAmbiguous;
}

/// All samples of one point, measured in order so that only one histogram exists at a time.
class PointMeasurer
{
public:
    PointMeasurer(const ComparisonResult &result, std::size_t index, PointResult &out)
        : m_result(result), m_point(result.alignment.points[index]), m_out(out)
    {
    }

    Result<void> measure(const JobContext &job, Diagnostics &diagnostics)
    {
        for (std::size_t sample = 0; sample < m_result.samples; ++sample) {
            const auto pair = pairOf(sample);
            if (!pair) {
                m_out.status = PointStatus::NoTensor;
                return {};
            }
            auto measured = measurePair(*pair, m_result.config.settings, job);
            if (!measured) {
                if (job.isCancelled()) {
                    return JobContext::cancelledError();
                }
                m_out.status = PointStatus::Unreadable;
                diagnostics.push_back({Diagnostic::Severity::Warning,
                                       m_result.baseline.graph->qualifiedName(m_point.reference),
                                       measured.error().message});
                return {};
            }
            if (measured->state) {
                m_out.status = statusOf(*measured->state);
                m_out.overall.state = *measured->state;
                return {};
            }
            add(std::move(*measured));
        }
        finish();
        return {};
    }

private:
    std::optional<TensorPair> pairOf(std::size_t sample)
    {
        const auto reference = locateValue(m_result.baseline, m_point.reference, sample);
        const auto candidate = locateValue(m_result.candidate, m_point.candidate, sample);
        if (!reference || !candidate || reference->store == nullptr ||
            candidate->store == nullptr) {
            return std::nullopt;
        }
        TensorPair pair;
        pair.referenceStore = reference->store;
        pair.reference = reference->tensor;
        pair.candidateStore = candidate->store;
        pair.candidate = candidate->tensor;
        pair.transform = m_point.transform;
        pair.referenceQuantization = reference->quantization;
        pair.candidateQuantization = candidate->quantization;
        pair.isModelOutput = m_result.baseline.graph->value(m_point.reference).isOutput;
        m_out.candidateDtype = dtypeName(candidate->info.dtype);
        return pair;
    }

    void add(Measured measured)
    {
        m_total.merge(measured.total, m_total.total);
        mergeChannels(measured);
        Measurement sample = evaluate(measured.total, m_result.config.settings);
        dropHistogram(sample);
        m_out.samples.push_back(std::move(sample));
    }

    void mergeChannels(const Measured &measured)
    {
        if (m_out.samples.empty()) {
            m_channels = measured.channels;
            m_channelAxis = measured.channelAxis;
            return;
        }
        if (m_channels.size() != measured.channels.size()) {
            m_channels.clear(); // samples of different extents have no common channels
            return;
        }
        for (std::size_t i = 0; i < m_channels.size(); ++i) {
            m_channels[i].merge(measured.channels[i], m_channels[i].total);
        }
    }

    static void dropHistogram(Measurement &measurement)
    {
        // Percentiles are computed by now, and a quarter of a megabyte per point adds up.
        measurement.statistics.absErrorHistogram = {};
    }

    void finish()
    {
        const SessionConfig &config = m_result.config;
        m_out.status = PointStatus::Compared;
        m_out.overall = evaluate(m_total, config.settings);
        dropHistogram(m_out.overall);
        m_out.severity = severityOf(m_out.overall, m_result.profile, config.settings);
        std::vector<std::size_t> order(m_out.samples.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return quality(m_out.samples[a], config.metric) <
                   quality(m_out.samples[b], config.metric);
        });
        m_out.worstSample = order.front();
        m_out.medianSample = order[order.size() / 2];
        keepChannels();
    }

    void keepChannels()
    {
        if (m_channels.size() < 2) {
            return;
        }
        ChannelScores scores;
        scores.axis = m_channelAxis;
        scores.nsr.reserve(m_channels.size());
        for (const PairStatistics &channel : m_channels) {
            const bool silent = channel.sumRR <= 0.0;
            scores.nsr.push_back(!silent               ? channel.sumEE / channel.sumRR
                                 : channel.sumEE > 0.0 ? std::numeric_limits<double>::infinity()
                                                       : 0.0);
        }
        scores.worst = static_cast<std::size_t>(
            std::max_element(scores.nsr.begin(), scores.nsr.end()) - scores.nsr.begin());
        m_out.channels = std::move(scores);
    }

    const ComparisonResult &m_result;
    const SyncPoint &m_point;
    PointResult &m_out;
    PairStatistics m_total;
    std::vector<PairStatistics> m_channels;
    std::size_t m_channelAxis = 0;
};

const NodeProfile *profileOf(const ComparedSide &side, NodeId node)
{
    if (!node.isValid() || !side.dump || !side.dump->profile) {
        return nullptr;
    }
    const auto found = side.dump->profile->nodes.find(side.graph->node(node).name);
    return found == side.dump->profile->nodes.end() ? nullptr : &found->second;
}

void addProfile(const ComparisonResult &result, const SyncPoint &point, PointResult &out)
{
    if (const NodeProfile *profile = profileOf(result.baseline, point.referenceNode)) {
        out.baselineMicroseconds = profile->microseconds;
    }
    if (const NodeProfile *profile = profileOf(result.candidate, point.candidateNode)) {
        out.candidateMicroseconds = profile->microseconds;
        out.candidatePlacement = profile->provider;
    }
    if (out.candidatePlacement.empty() && point.candidateNode.isValid()) {
        out.candidatePlacement = result.candidate.graph->node(point.candidateNode).placement;
    }
}
} // namespace

Result<void> measurePoints(ComparisonResult &result, const JobContext &job)
{
    const std::size_t count = result.alignment.points.size();
    job.beginStage("measuring", count);
    std::vector<PointResult> points(count);
    std::vector<Diagnostics> diagnostics(count);
    parallelFor(count, [&](std::size_t i) {
        if (job.isCancelled()) {
            return;
        }
        PointMeasurer measurer(result, i, points[i]);
        (void)static_cast<bool>(measurer.measure(job, diagnostics[i])); // cancel is seen below
        addProfile(result, result.alignment.points[i], points[i]);
        job.advance();
    });
    if (job.isCancelled()) {
        return JobContext::cancelledError();
    }
    result.points = std::move(points);
    for (const Diagnostics &of : diagnostics) {
        result.diagnostics.insert(result.diagnostics.end(), of.begin(), of.end());
    }
    return {};
}

} // namespace syncpoint
