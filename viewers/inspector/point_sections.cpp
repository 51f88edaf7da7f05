#include "viewers/inspector/point_sections.h"

#include "compare/metric/metric.h"
#include "ui/models/display_text.h"
#include "ui/session/model_inspection.h"

#include <algorithm>
#include <array>

namespace syncpoint {

namespace {

/// Shown before the others: level, shape, outliers and offset of the error.
constexpr std::array<std::string_view, 7> kFirstMetrics{"psnr", "sqnr", "cosine", "max_abs",
                                                        "mse",  "bias", "gain"};

InspectorRow fact(const QString &label, const QString &value, const QString &toolTip = {})
{
    InspectorRow row;
    row.label = label;
    row.baseline = value;
    row.toolTip = toolTip;
    return row;
}

InspectorRow sentence(const QString &text)
{
    InspectorRow row;
    row.baseline = text;
    row.isText = true;
    return row;
}

/// Nothing to say of a metric that is not defined for the pair.
void addMetric(InspectorSection &section, const PointResult &scored, std::string_view id)
{
    const auto index = metricIndex(id);
    if (!index || *index >= scored.overall.values.size() || !scored.overall.values[*index]) {
        return;
    }
    const MetricDescriptor descriptor = builtinMetrics()[*index]->descriptor();
    section.rows.push_back(fact(fromUtf8(id), metricText(scored.overall.values[*index], id),
                                QStringLiteral("%1: %2. %3")
                                    .arg(fromUtf8(descriptor.name), fromUtf8(descriptor.formula),
                                         fromUtf8(descriptor.note))));
}

QString absorbedText(const Graph &graph, const std::vector<NodeId> &nodes)
{
    QStringList names;
    for (const NodeId node : nodes) {
        names.push_back(QString::fromStdString(graph.displayName(node)));
    }
    return names.isEmpty() ? QStringLiteral("–") : names.join(QStringLiteral(", "));
}

QString scaleText(const Quantization &quantization)
{
    const auto [low, high] =
        std::minmax_element(quantization.scales.begin(), quantization.scales.end());
    if (quantization.scales.size() == 1) {
        return QString::number(*low, 'g', 5);
    }
    return QStringLiteral("%1 … %2").arg(QString::number(*low, 'g', 4),
                                         QString::number(*high, 'g', 4));
}

QString zeroPointText(const Quantization &quantization)
{
    if (quantization.zeroPoints.empty()) {
        return QStringLiteral("0");
    }
    const auto [low, high] =
        std::minmax_element(quantization.zeroPoints.begin(), quantization.zeroPoints.end());
    return *low == *high ? QString::number(*low) : QStringLiteral("%1 … %2").arg(*low).arg(*high);
}

QString granularityText(const Quantization &quantization)
{
    if (quantization.blockSize > 0) {
        return QStringLiteral("blocks of %1, %2 scales")
            .arg(quantization.blockSize)
            .arg(quantization.scales.size());
    }
    if (quantization.axis) {
        return QStringLiteral("axis %1, %2 scales")
            .arg(*quantization.axis)
            .arg(quantization.scales.size());
    }
    return QStringLiteral("whole tensor");
}

} // namespace

InspectorSection matchSection(const ComparisonResult &result, SyncPointId point)
{
    InspectorSection section{QStringLiteral("match"), QStringLiteral("Match"), {}};
    const SyncPoint &sync = result.alignment.point(point);
    section.rows.push_back(fact(QStringLiteral("Rule"), QString::fromStdString(sync.match.rule)));
    section.rows.push_back(fact(QStringLiteral("Confidence"), shareText(sync.match.confidence)));
    section.rows.push_back(
        fact(QStringLiteral("Evidence"), QString::fromStdString(sync.match.evidence)));
    section.rows.push_back(
        fact(QStringLiteral("Transform"), QString::fromStdString(toText(sync.transform)),
             QStringLiteral("Applied to the candidate's tensor before comparing")));
    InspectorRow values =
        fact(QStringLiteral("Value"),
             QString::fromStdString(result.baseline.graph->qualifiedName(sync.reference)));
    values.candidate =
        QString::fromStdString(result.candidate.graph->qualifiedName(sync.candidate));
    section.rows.push_back(std::move(values));
    if (!sync.absorbedReference.empty() || !sync.absorbedCandidate.empty()) {
        InspectorRow fused = fact(QStringLiteral("Fused"),
                                  absorbedText(*result.baseline.graph, sync.absorbedReference),
                                  QStringLiteral("Ops inside the region that ends here"));
        fused.candidate = absorbedText(*result.candidate.graph, sync.absorbedCandidate);
        section.rows.push_back(std::move(fused));
    }
    return section;
}

InspectorSection scoreSection(const ComparisonResult &result, SyncPointId point)
{
    InspectorSection section{QStringLiteral("score"), QStringLiteral("Samples"), {}};
    const PointResult &scored = result.point(point);
    if (scored.status != PointStatus::Compared) {
        section.rows.push_back(fact(QStringLiteral("Not compared"), statusText(scored.status)));
        return section;
    }
    const std::string &metric = result.config.metric;
    for (std::size_t i = 0; i < scored.samples.size(); ++i) {
        QString label = QStringLiteral("Sample %1").arg(i);
        if (scored.samples.size() > 1 && i == scored.worstSample) {
            label += QStringLiteral(" (worst)");
        } else if (scored.samples.size() > 1 && i == scored.medianSample) {
            label += QStringLiteral(" (median)");
        }
        const Measurement &sample = scored.samples[i];
        section.rows.push_back(fact(label, sample.state == PairState::Exact
                                               ? QStringLiteral("exact")
                                               : metricText(sample.value(metric), metric)));
    }
    if (scored.noise && scored.overall.statistics.sumRR > 0.0) {
        const auto &sums = scored.overall.statistics;
        section.rows.push_back(
            fact(QStringLiteral("Noise floor"),
                 energyText(*scored.noise * static_cast<double>(sums.count) / sums.sumRR) +
                     (scored.isWithinNoise ? QStringLiteral(", not exceeded") : QString()),
                 QStringLiteral("What equal runs differ by, relative to the baseline's energy")));
    }
    return section;
}

InspectorSection attributionSection(const ComparisonResult &result, const ResultIndex &index,
                                    SyncPointId point)
{
    InspectorSection section{
        QStringLiteral("attribution"), QStringLiteral("Where the error comes from"), {}};
    const PointAttribution &attribution = result.point(point).attribution;
    if (attribution.level == PointAttribution::Level::None) {
        section.rows.push_back(sentence(QStringLiteral("Not attributed: no tensors to compare.")));
        return section;
    }
    if (attribution.isSource) {
        section.rows.push_back(
            sentence(QStringLiteral("The error starts here: all compared inputs are still ok.")));
    }
    const auto add = [&section](const QString &label, const std::optional<double> &ratio,
                                const QString &tip) {
        if (ratio) {
            section.rows.push_back(fact(label, energyText(ratio), tip));
        }
    };
    if (index.totalIntroduced() > 0.0) {
        section.rows.push_back(
            fact(QStringLiteral("Introduced"),
                 shareText(attribution.introducedOrDelta() / index.totalIntroduced()),
                 QStringLiteral("The part of the outputs' error that starts at this op, as a share "
                                "of all introduced error")));
    }
    add(QStringLiteral("At outputs"), attribution.reachingOutput,
        QStringLiteral("The same relative to the outputs' energy"));
    add(QStringLiteral("NSR"), attribution.nsr,
        QStringLiteral("Error of this op's output: ‖e‖² / ‖r‖²"));
    add(QStringLiteral("ΔNSR"), attribution.deltaNsr,
        QStringLiteral("NSR of the output minus that of the worst compared input"));
    add(QStringLiteral("Replayed"), attribution.introduced,
        QStringLiteral("Error when this op alone runs as in the candidate"));
    add(QStringLiteral("Propagated"), attribution.propagated,
        QStringLiteral("Error that came in with the inputs"));
    add(QStringLiteral("Cross term"), attribution.cross,
        QStringLiteral("What own and propagated error add or take from each other"));
    if (attribution.gain) {
        section.rows.push_back(fact(QStringLiteral("Gain"),
                                    QString::number(*attribution.gain, 'g', 4),
                                    QStringLiteral("Relative error out over relative error in")));
    }
    for (const std::string &hint : attribution.hints) {
        section.rows.push_back(sentence(QString::fromStdString(hint)));
    }
    for (const SyncPointId input : attribution.inputs) {
        const SyncPoint &sync = result.alignment.point(input);
        const Graph &graph = *result.baseline.graph;
        InspectorRow row = fact(QStringLiteral("Input"),
                                QString::fromStdString(sync.referenceNode.isValid()
                                                           ? graph.displayName(sync.referenceNode)
                                                           : graph.qualifiedName(sync.reference)));
        row.candidate = scoreText(result, result.point(input));
        row.link = input;
        section.rows.push_back(std::move(row));
    }
    return section;
}

InspectorSection metricSection(const ComparisonResult &result, SyncPointId point)
{
    InspectorSection section{QStringLiteral("metrics"), QStringLiteral("Metrics"), {}};
    const PointResult &scored = result.point(point);
    if (scored.status != PointStatus::Compared) {
        return section;
    }
    addMetric(section, scored, result.config.metric);
    for (const std::string_view id : kFirstMetrics) {
        if (id != result.config.metric) {
            addMetric(section, scored, id);
        }
    }
    return section;
}

InspectorSection moreMetricsSection(const ComparisonResult &result, SyncPointId point)
{
    InspectorSection section{QStringLiteral("metrics.more"), QStringLiteral("More metrics"), {}};
    const PointResult &scored = result.point(point);
    if (scored.status != PointStatus::Compared) {
        return section;
    }
    for (const auto &metric : builtinMetrics()) {
        const std::string_view id = metric->descriptor().id;
        const bool isShown =
            std::find(kFirstMetrics.begin(), kFirstMetrics.end(), id) != kFirstMetrics.end();
        if (!isShown && id != result.config.metric) {
            addMetric(section, scored, id);
        }
    }
    section.rows.push_back(
        fact(QStringLiteral("State"), fromUtf8(pairStateName(scored.overall.state))));
    section.rows.push_back(
        fact(QStringLiteral("Elements"), countText(scored.overall.statistics.total)));
    return section;
}

InspectorSection quantizationSection(const Quantization *baseline, const Quantization *candidate)
{
    InspectorSection section{QStringLiteral("quantization"), QStringLiteral("Quantization"), {}};
    const auto add = [&](const QString &label, QString (*text)(const Quantization &)) {
        const auto side = [text](const Quantization *quantization) {
            return quantization != nullptr && quantization->isValid() ? text(*quantization)
                                                                      : QStringLiteral("–");
        };
        InspectorRow row = fact(label, side(baseline));
        row.candidate = side(candidate);
        section.rows.push_back(std::move(row));
    };
    if ((baseline != nullptr && baseline->isValid()) ||
        (candidate != nullptr && candidate->isValid())) {
        add(QStringLiteral("Scale"), scaleText);
        add(QStringLiteral("Zero point"), zeroPointText);
        add(QStringLiteral("Granularity"), granularityText);
    }
    return section;
}

InspectorSection performanceSection(const ComparisonResult &result, SyncPointId point)
{
    InspectorSection section{QStringLiteral("performance"), QStringLiteral("Time and place"), {}};
    const PointResult &scored = result.point(point);
    InspectorRow time = fact(QStringLiteral("Time"), durationText(scored.baselineMicroseconds));
    time.candidate = durationText(scored.candidateMicroseconds);
    time.toolTip = QStringLiteral("Mean over the timed runs; – was not measured");
    section.rows.push_back(std::move(time));
    InspectorRow place = fact(QStringLiteral("Ran on"), QStringLiteral("–"));
    place.candidate = scored.candidatePlacement.empty()
                          ? QStringLiteral("unknown")
                          : QString::fromStdString(scored.candidatePlacement);
    section.rows.push_back(std::move(place));
    return section;
}

InspectorSection moduleSection(const ComparisonResult &result, ModuleId module)
{
    InspectorSection section{QStringLiteral("module"), QStringLiteral("Module"), {}};
    const Module &source = result.baseline.graph->module(module);
    section.rows.push_back(fact(QStringLiteral("Path"), QString::fromStdString(source.path)));
    if (!source.className.empty()) {
        section.rows.push_back(
            fact(QStringLiteral("Class"), QString::fromStdString(source.className)));
    }
    const auto found =
        std::find_if(result.modules.begin(), result.modules.end(),
                     [module](const ModuleScore &score) { return score.module == module; });
    if (found == result.modules.end()) {
        section.rows.push_back(sentence(QStringLiteral("No sync point lies in this module.")));
        return section;
    }
    const InspectorRow parameters =
        fact(QStringLiteral("Parameters"),
             QStringLiteral("%1 (%2)").arg(countText(found->parameters),
                                           shareText(found->parameterShare)));
    if (!hasCandidate(result)) {
        section.rows.push_back(parameters);
        return section;
    }
    section.rows.push_back(
        fact(QStringLiteral("Sync points"), QStringLiteral("%1: %2 ok, %3 warn, %4 bad")
                                                .arg(found->syncPoints)
                                                .arg(found->ok)
                                                .arg(found->warn)
                                                .arg(found->bad)));
    const QString metric = metricName(result.config.metric);
    section.rows.push_back(
        fact(QStringLiteral("Worst ") + metric, metricText(found->worst, result.config.metric)));
    section.rows.push_back(
        fact(QStringLiteral("Median ") + metric, metricText(found->median, result.config.metric)));
    section.rows.push_back(fact(QStringLiteral("Introduced"), shareText(found->introducedShare)));
    section.rows.push_back(parameters);
    section.rows.push_back(fact(QStringLiteral("Weights"), byteText(found->bytes),
                                QStringLiteral("Stored weights of the candidate")));
    InspectorRow time = fact(QStringLiteral("Time"), durationText(found->baselineMicroseconds));
    time.candidate = durationText(found->candidateMicroseconds);
    section.rows.push_back(std::move(time));
    if (found->worstPoint.isValid()) {
        const SyncPoint &sync = result.alignment.point(found->worstPoint);
        InspectorRow row = fact(
            QStringLiteral("Worst op"),
            sync.referenceNode.isValid()
                ? QString::fromStdString(result.baseline.graph->displayName(sync.referenceNode))
                : QString());
        row.link = found->worstPoint;
        section.rows.push_back(std::move(row));
    }
    return section;
}

} // namespace syncpoint
