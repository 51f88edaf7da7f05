#include "ui/shell/verdict_bar.h"

#include "compare/attribute/module_rollup.h"
#include "ui/models/display_text.h"
#include "ui/models/result_index.h"
#include "ui/session/model_inspection.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"

#include <QBuffer>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <algorithm>
#include <array>

namespace syncpoint {

namespace {

constexpr int kIconExtent = 16;
/// Wraps behind the dot.
const QString kBetweenFacts = QStringLiteral("\u00a0\u00a0· ");

QString pictureOf(const QIcon &icon)
{
    // Rich text takes pictures only as data; twice the size keeps them sharp on HiDPI.
    const QPixmap pixmap = icon.pixmap(QSize(kIconExtent, kIconExtent), 2.0);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    pixmap.save(&buffer, "PNG");
    return QStringLiteral("<img width=12 height=12 src=\"data:image/png;base64,%1\">")
        .arg(QString::fromLatin1(bytes.toBase64()));
}

} // namespace

QString outputText(const ComparisonResult &result)
{
    QStringList outputs;
    constexpr std::size_t kShown = 3;
    for (std::size_t i = 0; i < std::min(kShown, result.outputScores.size()); ++i) {
        const OutputScore &output = result.outputScores[i];
        outputs.push_back(
            QStringLiteral("%1 %2").arg(QString::fromStdString(result.baseline.graph->qualifiedName(
                                            result.alignment.point(output.point).reference)),
                                        scoreText(result, output.score)));
    }
    if (result.outputs.size() > kShown) {
        outputs.push_back(QStringLiteral("%1 more").arg(result.outputs.size() - kShown));
    }
    if (outputs.isEmpty()) {
        return QStringLiteral("No output could be compared");
    }
    return QStringLiteral("Output %1").arg(outputs.join(QStringLiteral(", ")));
}

QString coverageText(const ComparisonResult &result)
{
    return QStringLiteral("%1 of ops compared (%2 of %3)")
        .arg(shareText(result.coverage.ratio()))
        .arg(result.coverage.compared)
        .arg(result.coverage.matchable);
}

QString worstModuleText(const ComparisonResult &result)
{
    const bool isSaid = result.divergence.verdict == Divergence::Verdict::Accumulated &&
                        standoutModule(*result.baseline.graph, result.modules) != nullptr;
    if (isSaid) {
        return {};
    }
    const ModuleScore *worst = nullptr;
    for (const ModuleScore &score : result.modules) {
        const Module &module = result.baseline.graph->module(score.module);
        const bool isOutermost = module.parent.isValid() && module.parent.index() == 0;
        if (isOutermost && score.introducedShare > 0.0 &&
            (worst == nullptr || score.introducedShare > worst->introducedShare)) {
            worst = &score;
        }
    }
    if (worst == nullptr || result.modules.front().parameters == 0) {
        return {};
    }
    return QStringLiteral("%1 adds %2 of the error with %3 of the parameters")
        .arg(QString::fromStdString(result.baseline.graph->module(worst->module).path),
             shareText(worst->introducedShare), shareText(worst->parameterShare));
}

std::optional<Severity> outputSeverity(const ComparisonResult &result)
{
    std::optional<Severity> worst;
    for (const OutputScore &output : result.outputScores) {
        const PointResult &point = output.score;
        if (point.status == PointStatus::Compared) {
            worst = std::max(worst.value_or(Severity::Ok), point.severity);
        }
    }
    return worst;
}

VerdictBar::VerdictBar(Selection &selection, const Theme &theme, QWidget *parent)
    : QWidget(parent), m_selection(selection), m_theme(theme), m_shape(new QLabel(this)),
      m_sentence(new ElidedLabel(this)), m_start(new QToolButton(this)),
      m_facts(new ElidedLabel(this)), m_counts(new QLabel(this))
{
    setObjectName(QStringLiteral("verdictBar"));
    m_sentence->setProperty("heading", true);
    m_facts->setProperty("muted", true);
    m_facts->setMostLines(2);
    m_sentence->setMostLines(2);
    m_facts->setTextFormat(Qt::PlainText);
    m_sentence->setTextFormat(Qt::PlainText);
    m_start->setText(QStringLiteral("Go to it"));
    m_start->setToolTip(QStringLiteral("Select the op where the error starts"));
    connect(m_start, &QToolButton::clicked, this, &VerdictBar::goToStart);

    auto *first = new QHBoxLayout;
    first->setSpacing(2 * Theme::kGrid);
    first->addWidget(m_shape, 0, Qt::AlignTop);
    first->addWidget(m_sentence, 1);
    first->addWidget(m_start, 0, Qt::AlignTop);
    auto *second = new QHBoxLayout;
    second->setSpacing(4 * Theme::kGrid);
    second->addWidget(m_counts, 0, Qt::AlignTop);
    second->addWidget(m_facts, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(3 * Theme::kGrid, 2 * Theme::kGrid, 3 * Theme::kGrid,
                               2 * Theme::kGrid);
    layout->setSpacing(Theme::kGrid);
    layout->addLayout(first);
    layout->addLayout(second);
    connect(&theme, &Theme::changed, this, &VerdictBar::fill);
}

void VerdictBar::setResult(std::shared_ptr<const ComparisonResult> result)
{
    m_result = std::move(result);
    fill();
}

void VerdictBar::fill()
{
    if (!m_result) {
        return;
    }
    const bool isComparison = hasCandidate(*m_result);
    m_counts->setVisible(isComparison);
    if (!isComparison) {
        fillAlone();
        return;
    }
    const auto severity = outputSeverity(*m_result);
    m_shape->setPixmap(severity ? m_theme.severityIcon(*severity).pixmap(kIconExtent)
                                : m_theme.icon(QStringLiteral("info")).pixmap(kIconExtent));
    m_sentence->setFullText(QString::fromStdString(m_result->divergence.sentence));
    m_start->setVisible(!m_result->divergence.start.empty() ||
                        !m_result->divergence.suspects.empty());
    showCounts();
    QStringList facts{outputText(*m_result)};
    if (const QString module = worstModuleText(*m_result); !module.isEmpty()) {
        facts.push_back(module);
    }
    facts.push_back(coverageText(*m_result));
    facts.push_back(
        QStringLiteral("%1, %2 samples")
            .arg(QString::fromStdString(m_result->inputsSource).section(QLatin1Char('/'), -1))
            .arg(m_result->samples));
    m_facts->setFullText(facts.join(kBetweenFacts));
    m_facts->setToolTip(facts.join(QLatin1Char('\n')));
}

void VerdictBar::fillAlone()
{
    const Graph &graph = *m_result->baseline.graph;
    m_shape->setPixmap(m_theme.icon(QStringLiteral("info")).pixmap(kIconExtent));
    m_start->hide();
    const auto parameters = graph.parameterSize();
    m_sentence->setFullText(QStringLiteral("%1 ops, %2 parameters in %3")
                                .arg(countText(graph.nodes().size()),
                                     countText(parameters.parameters), byteText(parameters.bytes)));
    const ModelInfo &info = graph.info();
    QStringList facts{QString::fromStdString(info.format).toUpper()};
    if (!info.producer.empty()) {
        facts.push_back(QString::fromStdString(info.producer));
    }
    for (const auto &[name, value] : info.facts) {
        if (name.starts_with("opset")) {
            facts.push_back(QString::fromStdString(name + " " + value));
        }
    }
    facts.push_back(QStringLiteral("one model alone: add a candidate to compare (Ctrl+N)"));
    m_facts->setFullText(facts.join(kBetweenFacts));
}

void VerdictBar::showCounts()
{
    std::array<std::size_t, 3> counts{};
    for (const PointResult &point : m_result->points) {
        if (point.status == PointStatus::Compared) {
            ++counts[static_cast<std::size_t>(point.severity)];
        }
    }
    QStringList parts;
    QStringList spoken;
    static constexpr std::array kSeverities{Severity::Bad, Severity::Warn, Severity::Ok};
    for (const Severity severity : kSeverities) {
        const std::size_t count = counts[static_cast<std::size_t>(severity)];
        const QString name = QString::fromUtf8(severityName(severity).data());
        parts.push_back(QStringLiteral("%1&nbsp;%2&nbsp;%3")
                            .arg(pictureOf(m_theme.severityIcon(severity)))
                            .arg(count)
                            .arg(name));
        spoken.push_back(QStringLiteral("%1 %2").arg(count).arg(name));
    }
    m_counts->setText(parts.join(QStringLiteral("&nbsp;&nbsp;&nbsp;")));
    m_counts->setAccessibleName(spoken.join(QStringLiteral(", ")));
    const ThresholdProfile &profile = m_result->profile;
    m_counts->setToolTip(QStringLiteral("Profile %1: ok from %2, bad below %3")
                             .arg(QString::fromStdString(profile.name),
                                  metricText(profile.okFrom, profile.metric),
                                  metricText(profile.badBelow, profile.metric)));
}

void VerdictBar::goToStart()
{
    const Divergence &divergence = m_result->divergence;
    const SyncPointId point =
        divergence.start.empty() ? divergence.suspects.front().point : divergence.start.front();
    m_selection.select(itemForPoint(*m_result, point), this);
}

} // namespace syncpoint
