#include "ui/models/display_text.h"

#include "compare/metric/metric.h"

#include <array>
#include <cmath>
#include <limits>

namespace syncpoint {

namespace {

const QString kNone = QStringLiteral("–");

std::optional<MetricDescriptor> descriptorOf(std::string_view metricId)
{
    const auto index = metricIndex(metricId);
    if (!index) {
        return std::nullopt;
    }
    return builtinMetrics()[*index]->descriptor();
}

QString stateText(PairState state)
{
    switch (state) {
    case PairState::Exact:
        return QStringLiteral("exact");
    case PairState::NonfiniteMismatch:
        return QStringLiteral("NaN or Inf");
    case PairState::ZeroReference:
        return QStringLiteral("zero reference");
    case PairState::Empty:
        return QStringLiteral("empty");
    default:
        return kNone;
    }
}

} // namespace

QString metricName(std::string_view metricId)
{
    const auto descriptor = descriptorOf(metricId);
    const std::string_view name = descriptor ? descriptor->name : metricId;
    return fromUtf8(name);
}

QString metricText(std::optional<double> value, std::string_view metricId)
{
    if (!value) {
        return kNone;
    }
    if (!std::isfinite(*value)) {
        return std::isnan(*value) ? QStringLiteral("NaN")
               : *value > 0       ? QStringLiteral("∞")
                                  : QStringLiteral("−∞");
    }
    const auto descriptor = descriptorOf(metricId);
    const QString unit = descriptor
                             ? QString::fromUtf8(descriptor->unit.data(),
                                                 static_cast<qsizetype>(descriptor->unit.size()))
                             : QString();
    if (unit == QStringLiteral("dB")) {
        return QString::number(*value, 'f', 1) + QStringLiteral(" dB");
    }
    const QString number = QString::number(*value, 'g', 5);
    return unit.isEmpty() ? number : number + QLatin1Char(' ') + unit;
}

QString energyText(std::optional<double> ratio)
{
    if (!ratio || std::isnan(*ratio)) {
        return kNone;
    }
    if (std::isinf(*ratio)) {
        return QStringLiteral("∞");
    }
    const double percent = *ratio * 100.0;
    if (percent != 0.0 && std::abs(percent) < 0.001) {
        return percent > 0 ? QStringLiteral("< 0.001 %") : QStringLiteral("> −0.001 %");
    }
    constexpr double kReadable = 1e6; // after an overflow a fixed notation has dozens of digits
    return (std::abs(percent) < kReadable ? QString::number(percent, 'f', 3)
                                          : QString::number(percent, 'g', 3)) +
           QStringLiteral(" %");
}

QString shareText(double share)
{
    return QString::number(share * 100.0, 'f', 1) + QStringLiteral(" %");
}

QString briefShareText(double share)
{
    const double percent = share * 100.0;
    constexpr double kSmallest = 0.05; // of what one decimal shows
    const bool needsDecimal = std::abs(percent) >= kSmallest && std::abs(percent) < 9.95;
    return QStringLiteral("%1 %").arg(percent, 0, 'f', needsDecimal ? 1 : 0);
}

QString durationText(std::optional<double> microseconds)
{
    if (!microseconds) {
        return kNone;
    }
    if (*microseconds >= 1e6) {
        return QString::number(*microseconds / 1e6, 'f', 2) + QStringLiteral(" s");
    }
    if (*microseconds >= 1e3) {
        return QString::number(*microseconds / 1e3, 'f', 2) + QStringLiteral(" ms");
    }
    return QString::number(*microseconds, 'f', 1) + QStringLiteral(" µs");
}

QString byteText(std::uint64_t bytes)
{
    static constexpr std::array kUnits{" B", " KiB", " MiB", " GiB", " TiB"};
    double size = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (size >= 1024.0 && unit + 1 < kUnits.size()) {
        size /= 1024.0;
        ++unit;
    }
    return QString::number(size, 'f', unit == 0 ? 0 : 1) + QLatin1String(kUnits[unit]);
}

QString countText(std::uint64_t count)
{
    QString text = QString::number(count);
    for (qsizetype place = text.size() - 3; place > 0; place -= 3) {
        text.insert(place, QChar(0x2009));
    }
    return text;
}

QString scoreText(const ComparisonResult &result, const PointResult &point)
{
    if (point.status != PointStatus::Compared) {
        return kNone;
    }
    if (point.overall.state == PairState::Exact ||
        point.overall.state == PairState::NonfiniteMismatch) {
        return stateText(point.overall.state);
    }
    const auto value = point.overall.value(result.config.metric);
    return value ? metricText(value, result.config.metric) : stateText(point.overall.state);
}

std::optional<double> scoreNumber(const ComparisonResult &result, const PointResult &point)
{
    if (point.status != PointStatus::Compared) {
        return std::nullopt;
    }
    const auto descriptor = descriptorOf(result.config.metric);
    const bool higherIsBetter = !descriptor || descriptor->higherIsBetter;
    const double best = higherIsBetter ? std::numeric_limits<double>::infinity() : 0.0;
    switch (point.overall.state) {
    case PairState::Exact:
        return best;
    case PairState::NonfiniteMismatch:
        return higherIsBetter ? -std::numeric_limits<double>::infinity()
                              : std::numeric_limits<double>::infinity();
    default:
        return point.overall.value(result.config.metric);
    }
}

QString statusText(PointStatus status)
{
    switch (status) {
    case PointStatus::Compared:
        return QStringLiteral("compared");
    case PointStatus::NoTensor:
        return QStringLiteral("no tensor");
    case PointStatus::ShapeAmbiguous:
        return QStringLiteral("shapes differ");
    case PointStatus::RawQuantized:
        return QStringLiteral("integers without scale");
    case PointStatus::Unreadable:
        return QStringLiteral("unreadable");
    }
    return {};
}

} // namespace syncpoint
