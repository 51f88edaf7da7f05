#include "ui/shell/run_settings.h"

#include "compare/metric/metric.h"
#include "compare/session/input_text.h"
#include "ui/models/display_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/path_field.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <algorithm>
#include <limits>

namespace syncpoint {

namespace {

constexpr int kColumns = 2; ///< pairs of label and field side by side

QStringList partsOf(const QLineEdit &edit)
{
    return edit.text().split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

} // namespace

RunSettings::RunSettings(const Theme &theme, QWidget *parent)
    : QWidget(parent), m_metric(new QComboBox(this)), m_peak(new QComboBox(this)),
      m_fixedPeak(new QDoubleSpinBox(this)), m_attribute(new QComboBox(this)),
      m_provider(new QLineEdit(this)), m_fills(new QLineEdit(this)), m_shapes(new QLineEdit(this)),
      m_mean(new QLineEdit(this)), m_std(new QLineEdit(this)), m_fit(new QComboBox(this)),
      m_layout(new QComboBox(this)), m_minCoverage(new QDoubleSpinBox(this)),
      m_map(new PathField(theme, QStringLiteral("Map of pairs"),
                          QStringLiteral("Map files (*.json);;All files (*)"), this))
{
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(3 * Theme::kGrid);
    grid->setVerticalSpacing(2 * Theme::kGrid);
    for (const auto &metric : builtinMetrics()) {
        const MetricDescriptor descriptor = metric->descriptor();
        m_metric->addItem(fromUtf8(descriptor.name), fromUtf8(descriptor.id));
        m_metric->setItemData(m_metric->count() - 1, fromUtf8(descriptor.note), Qt::ToolTipRole);
    }
    addRow(QStringLiteral("Headline metric"), m_metric,
           QStringLiteral("The number that graph, tables and verdict show"));
    for (const char *peak : {"range", "maxabs", "max", "fixed"}) {
        m_peak->addItem(QString::fromLatin1(peak));
    }
    m_fixedPeak->setRange(0.0, 1e12);
    m_fixedPeak->setDecimals(4);
    auto *peakField = new QWidget(this);
    auto *peakRow = new QHBoxLayout(peakField);
    peakRow->setContentsMargins(0, 0, 0, 0);
    peakRow->addWidget(m_peak, 1);
    peakRow->addWidget(m_fixedPeak, 1);
    m_fixedPeak->setAccessibleName(QStringLiteral("Fixed peak"));
    m_fixedPeak->setVisible(false);
    connect(m_peak, &QComboBox::currentIndexChanged, this,
            [this](int index) { m_fixedPeak->setVisible(index == m_peak->count() - 1); });
    addRow(QStringLiteral("Peak"), peakField,
           QStringLiteral("The peak of PSNR: the baseline's range, its largest magnitude, its "
                          "maximum, or a number"));
    m_peak->setAccessibleName(QStringLiteral("Peak"));
    m_attribute->addItem(QStringLiteral("auto"), static_cast<int>(AttributionLevel::Auto));
    m_attribute->addItem(QStringLiteral("none"), static_cast<int>(AttributionLevel::None));
    m_attribute->addItem(QStringLiteral("tensors"), static_cast<int>(AttributionLevel::Tensors));
    m_attribute->addItem(QStringLiteral("replay"), static_cast<int>(AttributionLevel::Replay));
    addRow(QStringLiteral("Attribution"), m_attribute,
           QStringLiteral("How own and propagated error are told apart"));
    addRow(QStringLiteral("Provider"), m_provider,
           QStringLiteral("Execution provider of both runs, as the runtime names it"));
    m_seed = addNumber(QStringLiteral("Seed"), QStringLiteral("Of random inputs"),
                       std::numeric_limits<int>::max());
    m_samples = addNumber(QStringLiteral("Samples"),
                          QStringLiteral("How many to run; 0 takes all of the file"), 1'000'000);
    m_repeat = addNumber(QStringLiteral("Timed runs"),
                         QStringLiteral("Per side, for latency; 0 measures none"), 100'000);
    m_warmup =
        addNumber(QStringLiteral("Warm-up runs"), QStringLiteral("Before the timed ones"), 100'000);
    m_fills->setPlaceholderText(QStringLiteral("mask=ones scale=0.5 image=scene.npy"));
    addRow(QStringLiteral("Single inputs"), m_fills,
           QStringLiteral("NAME=FILE.npy, zeros, ones, random or a number; several with spaces"));
    m_shapes->setPlaceholderText(QStringLiteral("image=1,3,224,224"));
    addRow(QStringLiteral("Dynamic extents"), m_shapes,
           QStringLiteral("NAME=1,3,224,224 for inputs without fixed extents"));
    addPictureRows();
    m_minCoverage->setRange(0.0, 100.0);
    m_minCoverage->setSuffix(QStringLiteral(" %"));
    m_minCoverage->setDecimals(1);
    addRow(QStringLiteral("Least coverage"), m_minCoverage,
           QStringLiteral("A comparison of fewer ops carries a warning"));
    m_map->setPlaceholder(QStringLiteral("Drop or choose a map file"));
    addRow(QStringLiteral("Pairs by hand"), m_map,
           QStringLiteral("Pairs to pin, forbid or rename (docs/alignment.md)"));
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(3, 1);
    setConfig({});
}

void RunSettings::addPictureRows()
{
    m_mean->setPlaceholderText(QStringLiteral("0, or as 0.485,0.456,0.406"));
    addRow(QStringLiteral("Picture mean"), m_mean,
           QStringLiteral("Taken off the channels (0 to 1) of pictures as inputs: one number, or "
                          "one per channel"));
    m_std->setPlaceholderText(QStringLiteral("1, or as 0.229,0.224,0.225"));
    addRow(QStringLiteral("Picture deviation"), m_std,
           QStringLiteral("What the channels of pictures are then divided by"));
    m_fit->addItem(QStringLiteral("stretch to the input"),
                   static_cast<int>(PictureSettings::Fit::Stretch));
    m_fit->addItem(QStringLiteral("crop the middle"), static_cast<int>(PictureSettings::Fit::Crop));
    addRow(QStringLiteral("Picture size"), m_fit,
           QStringLiteral("How pictures get the input's height and width: every pixel used, or the "
                          "middle in its proportions"));
    m_layout->addItem(QStringLiteral("as the shape tells"),
                      static_cast<int>(PictureSettings::Layout::Auto));
    m_layout->addItem(QStringLiteral("NCHW: channels first"),
                      static_cast<int>(PictureSettings::Layout::Nchw));
    m_layout->addItem(QStringLiteral("NHWC: channels last"),
                      static_cast<int>(PictureSettings::Layout::Nhwc));
    addRow(QStringLiteral("Picture layout"), m_layout,
           QStringLiteral("Where the input's channels are, where its shape leaves it open"));
}

void RunSettings::addRow(const QString &label, QWidget *field, const QString &toolTip)
{
    auto *text = new QLabel(label, this);
    text->setToolTip(toolTip);
    field->setToolTip(toolTip);
    if (field->accessibleName().isEmpty()) {
        field->setAccessibleName(label);
    }
    auto *grid = static_cast<QGridLayout *>(layout());
    const int column = 2 * (m_rows % kColumns);
    grid->addWidget(text, m_rows / kColumns, column);
    grid->addWidget(field, m_rows / kColumns, column + 1);
    ++m_rows;
}

QSpinBox *RunSettings::addNumber(const QString &label, const QString &toolTip, int most)
{
    auto *box = new QSpinBox(this);
    box->setRange(0, most);
    box->setGroupSeparatorShown(true);
    addRow(label, box, toolTip);
    return box;
}

void RunSettings::setConfig(const SessionConfig &config)
{
    const auto number = [](auto value) {
        return static_cast<int>(std::min<std::uint64_t>(value, std::numeric_limits<int>::max()));
    };
    m_metric->setCurrentIndex(
        std::max(0, m_metric->findData(QString::fromStdString(config.metric))));
    m_peak->setCurrentIndex(static_cast<int>(config.settings.peak.mode));
    m_fixedPeak->setValue(config.settings.peak.fixed);
    m_attribute->setCurrentIndex(m_attribute->findData(static_cast<int>(config.attribution)));
    m_provider->setText(QString::fromStdString(config.candidate.provider));
    m_seed->setValue(number(config.inputs.seed));
    m_samples->setValue(number(config.inputs.samples));
    m_repeat->setValue(number(config.repeat));
    m_warmup->setValue(number(config.warmup));
    m_minCoverage->setValue(100.0 * config.minCoverage);
    QStringList fills, shapes;
    for (const auto &[name, fill] : config.inputs.perInput) {
        fills.push_back(QString::fromStdString(toText(name, fill)));
    }
    for (const auto &[name, shape] : config.inputs.shapes) {
        shapes.push_back(QString::fromStdString(toText(name, shape)));
    }
    m_fills->setText(fills.join(QLatin1Char(' ')));
    m_shapes->setText(shapes.join(QLatin1Char(' ')));
    const PictureSettings &pictures = config.inputs.pictures;
    m_mean->setText(QString::fromStdString(toText(pictures.mean)));
    m_std->setText(QString::fromStdString(toText(pictures.std)));
    m_fit->setCurrentIndex(m_fit->findData(static_cast<int>(pictures.fit)));
    m_layout->setCurrentIndex(m_layout->findData(static_cast<int>(pictures.layout)));
    m_map->setPath(std::nullopt); // the session's own pairs stay
}

Result<void> RunSettings::applyInputs(InputSource &inputs) const
{
    inputs.seed = static_cast<std::uint64_t>(m_seed->value());
    inputs.samples = static_cast<std::size_t>(m_samples->value());
    inputs.perInput.clear();
    inputs.shapes.clear();
    for (const QString &fill : partsOf(*m_fills)) {
        if (auto added = addInputFill(inputs, fill.toStdString()); !added) {
            return added;
        }
    }
    for (const QString &shape : partsOf(*m_shapes)) {
        if (auto added = addInputShape(inputs, shape.toStdString()); !added) {
            return added;
        }
    }
    return applyPictures(inputs.pictures);
}

Result<void> RunSettings::applyPictures(PictureSettings &pictures) const
{
    const auto numbers = [](const QLineEdit &edit, std::string_view option) {
        return numbersFromText(edit.text().remove(QLatin1Char(' ')).toStdString(), option);
    };
    auto mean = numbers(*m_mean, "--mean");
    auto deviation = numbers(*m_std, "--std");
    if (!mean || !deviation) {
        return !mean ? mean.error() : deviation.error();
    }
    if (std::any_of(deviation->begin(), deviation->end(),
                    [](double value) { return !(value > 0.0); })) {
        return Error{ErrorCode::BadInput, "--std takes numbers above zero"};
    }
    pictures.mean = *std::move(mean);
    pictures.std = *std::move(deviation);
    pictures.fit = static_cast<PictureSettings::Fit>(m_fit->currentData().toInt());
    pictures.layout = static_cast<PictureSettings::Layout>(m_layout->currentData().toInt());
    return {};
}

Result<void> RunSettings::applyMap(SessionConfig &config) const
{
    if (const auto path = m_map->path()) {
        auto map = readManualMap(*path);
        if (!map) {
            return map.error();
        }
        config.map = std::move(*map);
    }
    return {};
}

Result<void> RunSettings::applyTo(SessionConfig &config) const
{
    config.metric = m_metric->currentData().toString().toStdString();
    config.settings.peak = {static_cast<Peak::Mode>(m_peak->currentIndex()), m_fixedPeak->value()};
    config.settings.withKl = config.metric == "kl";
    config.attribution = static_cast<AttributionLevel>(m_attribute->currentData().toInt());
    config.baseline.provider = m_provider->text().trimmed().toStdString();
    config.candidate.provider = config.baseline.provider;
    config.repeat = static_cast<std::size_t>(m_repeat->value());
    config.warmup = static_cast<std::size_t>(m_warmup->value());
    config.minCoverage = m_minCoverage->value() / 100.0;
    if (auto applied = applyInputs(config.inputs); !applied) {
        return applied;
    }
    return applyMap(config);
}

} // namespace syncpoint
