#include "compare/session/point_measurer.h"

#include "compare/session/headline.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace syncpoint {

namespace {
PointStatus statusOf(PairState state)
{
    return state == PairState::RawQuantized ? PointStatus::RawQuantized
                                            : PointStatus::ShapeAmbiguous;
}
} // namespace

PointMeasurer::PointMeasurer(const ComparisonResult &result, SyncPointId id, Locate locate)
    : m_result(result), m_point(result.alignment.point(id)), m_locate(locate)
{
}

Result<PointResult> PointMeasurer::measure(const JobContext &job, Diagnostics &diagnostics)
{
    for (std::size_t sample = 0; sample < m_result.samples; ++sample) {
        const auto pair = pairOf(sample);
        if (!pair) {
            m_out.status = PointStatus::NoTensor;
            return std::move(m_out);
        }
        const auto measured = measurePair(*pair, m_result.config.settings, job);
        if (!measured) {
            if (job.isCancelled()) {
                return JobContext::cancelledError();
            }
            m_out.status = PointStatus::Unreadable;
            diagnostics.push_back({Diagnostic::Severity::Warning,
                                   m_result.baseline.graph->qualifiedName(m_point.reference),
                                   measured.error().message});
            return std::move(m_out);
        }
        if (measured->state) {
            m_out.status = statusOf(*measured->state);
            m_out.overall.state = *measured->state;
            return std::move(m_out);
        }
        add(*measured);
    }
    finish();
    return std::move(m_out);
}

std::optional<TensorPair> PointMeasurer::pairOf(std::size_t sample)
{
    const auto reference = m_locate(m_result.baseline, m_point.reference, sample);
    const auto candidate = m_locate(m_result.candidate, m_point.candidate, sample);
    if (!reference || !candidate || reference->store == nullptr || candidate->store == nullptr) {
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

void PointMeasurer::add(const Measured &measured)
{
    m_total.merge(measured.total, m_total.total);
    mergeChannels(measured);
    m_out.samples.push_back(evaluate(measured.total, m_result.config.settings));
}

void PointMeasurer::mergeChannels(const Measured &measured)
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

void PointMeasurer::finish()
{
    const SessionConfig &config = m_result.config;
    m_out.status = PointStatus::Compared;
    m_out.overall = evaluate(m_total, config.settings);
    m_out.severity = severityOf(m_out.overall, m_result.profile, config.settings);
    judgeNoise();
    std::vector<std::size_t> order(m_out.samples.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return quality(m_out.samples[a], config.metric) < quality(m_out.samples[b], config.metric);
    });
    m_out.worstSample = order.front();
    m_out.medianSample = order[order.size() / 2];
    keepChannels();
}

void PointMeasurer::judgeNoise()
{
    for (const auto &[side, value] : {std::pair(&m_result.baseline, m_point.reference),
                                      {&m_result.candidate, m_point.candidate}}) {
        if (side->dump->noise) {
            const auto &values = side->dump->noise->values;
            const auto found = values.find(side->graph->qualifiedName(value));
            if (found != values.end() && std::isfinite(found->second.mse)) {
                m_out.noise = m_out.noise.value_or(0.0) + found->second.mse;
            }
        }
    }
    const PairStatistics &sums = m_out.overall.statistics;
    m_out.isWithinNoise = m_out.noise && m_out.overall.state == PairState::Finite &&
                          sums.sumEE <= *m_out.noise * static_cast<double>(sums.count);
    if (m_out.isWithinNoise) {
        m_out.severity = Severity::Ok;
    }
}

void PointMeasurer::keepChannels()
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
    scores.worst = static_cast<std::size_t>(std::max_element(scores.nsr.begin(), scores.nsr.end()) -
                                            scores.nsr.begin());
    m_out.channels = std::move(scores);
}

} // namespace syncpoint
