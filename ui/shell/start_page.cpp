#include "ui/shell/start_page.h"

#include "ui/settings/settings.h"
#include "ui/shell/example.h"
#include "ui/shell/run_settings.h"
#include "ui/shell/side_card.h"
#include "ui/theme/theme.h"
#include "ui/widgets/path_field.h"

#include <QComboBox>
#include <QFileInfo>
#include <QGridLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QToolButton>

#include <QVBoxLayout>
#include <array>

namespace syncpoint {

namespace {

constexpr int kPageWidth = 960;
constexpr std::array kProfiles{"auto", "exact", "float", "half", "int8", "int4"};

enum InputChoice { RandomInputs, FileInputs, ZeroInputs, OneInputs };

QFrame *separator(QWidget *parent)
{
    auto *line = new QFrame(parent);
    line->setProperty("separator", true);
    line->setFixedHeight(1);
    return line;
}

} // namespace

StartPage::StartPage(const Theme &theme, const Settings &settings, QWidget *parent)
    : QWidget(parent), m_settings(settings),
      m_baseline(new SideCard(theme, QStringLiteral("Baseline"), this)),
      m_candidate(new SideCard(theme, QStringLiteral("Candidate"), this)),
      m_inputs(new QComboBox(this)),
      m_inputFile(new PathField(
          theme, QStringLiteral("Inputs"),
          QStringLiteral("Inputs (*.npz *.h5 *.png *.jpg *.jpeg *.wav *.flac);;All files (*)"),
          this)),
      m_profile(new QComboBox(this)), m_more(new QToolButton(this)),
      m_settingsForm(new RunSettings(theme, this)),
      m_compare(new QPushButton(QStringLiteral("&Compare"), this)), m_hint(new QLabel(this)),
      m_error(new QLabel(this)), m_recent(new QListWidget(this))
{
    auto *title = new QLabel(QStringLiteral("Compare two models"), this);
    QFont large = title->font();
    large.setPointSizeF(large.pointSizeF() * 1.6);
    title->setFont(large);
    auto *subtitle = new QLabel(
        QStringLiteral(
            "Choose the model you trust and the converted one. Both run on the same "
            "inputs, every matching tensor is scored, and you see where the error starts."),
        this);
    subtitle->setProperty("muted", true);
    subtitle->setWordWrap(true);

    auto *page = new QWidget(this);
    page->setMaximumWidth(kPageWidth);
    auto *grid = new QGridLayout(page);
    grid->setHorizontalSpacing(8 * Theme::kGrid);
    grid->setVerticalSpacing(4 * Theme::kGrid);
    grid->addWidget(title, 0, 0, 1, 2);
    grid->addWidget(subtitle, 1, 0, 1, 2);
    grid->addWidget(separator(page), 2, 0, 1, 2);
    grid->addWidget(m_baseline, 3, 0);
    grid->addWidget(m_candidate, 3, 1);
    grid->addWidget(separator(page), 4, 0, 1, 2);
    grid->addWidget(makeInputRow(), 5, 0, 1, 2);
    grid->addWidget(m_settingsForm, 6, 0, 1, 2);
    grid->addWidget(m_error, 7, 0, 1, 2);
    grid->addWidget(separator(page), 8, 0, 1, 2);
    grid->addWidget(makeRecentColumn(theme), 9, 0, 1, 2);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);

    auto *outer = new QHBoxLayout;
    outer->addStretch(1);
    outer->addWidget(page, 1000);
    outer->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->addSpacing(8 * Theme::kGrid);
    layout->addLayout(outer);
    layout->addStretch(1);

    m_error->setWordWrap(true);
    m_error->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_error->setAccessibleName(QStringLiteral("What went wrong"));
    m_error->setProperty("error", true);
    m_error->hide();
    connect(m_baseline, &SideCard::changed, this, &StartPage::updateButton);
    connect(m_candidate, &SideCard::changed, this, &StartPage::updateButton);
    connect(m_compare, &QPushButton::clicked, this, &StartPage::request);
    showRecent();
    updateButton();
}

QWidget *StartPage::makeInputRow()
{
    auto *row = new QWidget(this);
    m_inputs->addItems({QStringLiteral("Random, seed 0"), QStringLiteral("File"),
                        QStringLiteral("Zeros"), QStringLiteral("Ones")});
    m_inputs->setAccessibleName(QStringLiteral("Inputs"));
    m_inputFile->setPlaceholder(QStringLiteral("Drop or choose .npz, a dump, a picture or sound"));
    connect(m_inputFile, &PathField::changed, this, [this] {
        if (m_inputFile->path()) {
            m_inputs->setCurrentIndex(FileInputs);
        }
    });
    for (const char *profile : kProfiles) {
        m_profile->addItem(QString::fromLatin1(profile));
    }
    m_profile->setAccessibleName(QStringLiteral("Thresholds"));
    m_profile->setToolTip(
        QStringLiteral("When a score is ok, a warning or bad; auto follows the candidate's type"));
    m_more->setText(QStringLiteral("More settings"));
    m_more->setCheckable(true);
    m_more->setToolTip(
        QStringLiteral("Metric, peak, attribution, samples, pictures, timing, pairs by hand"));
    m_settingsForm->hide();
    connect(m_more, &QToolButton::toggled, m_settingsForm, &QWidget::setVisible);
    m_compare->setProperty("primary", true);
    m_compare->setDefault(true);
    m_hint->setProperty("muted", true);

    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(3 * Theme::kGrid);
    layout->addWidget(new QLabel(QStringLiteral("Inputs"), row));
    layout->addWidget(m_inputs);
    layout->addWidget(m_inputFile, 1);
    layout->addWidget(new QLabel(QStringLiteral("Thresholds"), row));
    layout->addWidget(m_profile);
    layout->addWidget(m_more);
    layout->addWidget(m_compare);
    return row;
}

QWidget *StartPage::makeRecentColumn(const Theme &theme)
{
    auto *column = new QWidget(this);
    auto *heading = new QLabel(QStringLiteral("Recent"), column);
    heading->setProperty("heading", true);
    auto *example =
        new QPushButton(QStringLiteral("Open the &example: float against int4"), column);
    example->setIcon(theme.icon(QStringLiteral("example")));
    example->setEnabled(findExampleFolder().has_value());
    example->setToolTip(example->isEnabled()
                            ? QStringLiteral("A small segmentation network, 8 scenes")
                            : QStringLiteral("The example is not installed"));
    connect(example, &QPushButton::clicked, this, &StartPage::exampleRequested);
    connect(&theme, &Theme::changed, example,
            [example, &theme] { example->setIcon(theme.icon(QStringLiteral("example"))); });
    m_recent->setAccessibleName(QStringLiteral("Recent comparisons"));
    m_recent->setMaximumHeight(44 * Theme::kGrid);
    connect(m_recent, &QListWidget::itemActivated, this, [this](const QListWidgetItem *item) {
        Q_EMIT recentRequested(m_settings.recentSessions().value(m_recent->row(item)));
    });
    auto *layout = new QGridLayout(column);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(heading, 0, 0);
    layout->addWidget(example, 0, 1);
    layout->addWidget(m_hint, 1, 0, 1, 2);
    layout->addWidget(m_recent, 2, 0, 1, 2);
    layout->setColumnStretch(0, 1);
    return column;
}

void StartPage::showRecent()
{
    m_recent->clear();
    for (const RecentSession &session : m_settings.recentSessions()) {
        const QString pair = QStringLiteral("%1 → %2").arg(QFileInfo(session.baseline).fileName(),
                                                           QFileInfo(session.candidate).fileName());
        auto *item = new QListWidgetItem(
            session.session.isEmpty()
                ? pair
                : QStringLiteral("%1   %2").arg(QFileInfo(session.session).fileName(), pair),
            m_recent);
        item->setToolTip(session.session.isEmpty()
                             ? session.baseline + QStringLiteral("\n") + session.candidate
                             : session.session);
    }
    m_recent->setVisible(m_recent->count() > 0);
    m_hint->setText(QStringLiteral("Comparisons you ran appear here."));
    m_hint->setVisible(m_recent->count() == 0);
}

void StartPage::request()
{
    m_error->hide();
    const auto wanted = config();
    if (!wanted) {
        m_more->setChecked(true);
        showError(QString::fromStdString(wanted.error().message));
        return;
    }
    Q_EMIT compareRequested(*wanted);
}

Result<SessionConfig> StartPage::config() const
{
    SessionConfig config = m_base;
    config.baseline = m_baseline->side();
    config.candidate = m_candidate->side();
    config.inputs.file.reset();
    switch (m_inputs->currentIndex()) {
    case FileInputs:
        config.inputs.file = m_inputFile->path();
        break;
    case ZeroInputs:
        config.inputs.fallback.kind = InputFill::Kind::Zeros;
        break;
    case OneInputs:
        config.inputs.fallback.kind = InputFill::Kind::Ones;
        break;
    default:
        config.inputs.fallback.kind = InputFill::Kind::Random;
        break;
    }
    config.inputs.useFallback = !config.inputs.file; // what the file lacks is a mistake
    config.profile = m_profile->currentText().toStdString();
    if (const auto applied = m_settingsForm->applyTo(config); !applied) {
        return applied.error();
    }
    return config;
}

void StartPage::setConfig(const SessionConfig &config)
{
    m_base = config;
    m_baseline->setSide(config.baseline);
    m_candidate->setSide(config.candidate);
    m_inputFile->setPath(config.inputs.file);
    m_settingsForm->setConfig(config);
    const InputFill::Kind fill = config.inputs.fallback.kind;
    m_inputs->setCurrentIndex(config.inputs.file               ? FileInputs
                              : fill == InputFill::Kind::Zeros ? ZeroInputs
                              : fill == InputFill::Kind::Ones  ? OneInputs
                                                               : RandomInputs);
    const QString profile = QString::fromStdString(config.profile);
    if (m_profile->findText(profile) < 0) {
        m_profile->addItem(profile);
    }
    m_profile->setCurrentText(profile);
}

void StartPage::setFiles(const QStringList &files)
{
    if (files.size() >= 2) {
        m_baseline->setFile(files[0]);
        m_candidate->setFile(files[1]);
    } else if (files.size() == 1) {
        (m_baseline->isEmpty() ? m_baseline : m_candidate)->setFile(files[0]);
    }
}

void StartPage::setBusy(bool busy)
{
    m_isBusy = busy;
    if (busy) {
        m_error->hide();
    }
    updateButton();
}

void StartPage::showError(const QString &sentence)
{
    m_error->setText(sentence);
    m_error->show();
}

bool StartPage::hasBaseline() const
{
    return !m_baseline->isEmpty();
}

void StartPage::updateButton()
{
    const bool isAlone = m_candidate->isEmpty();
    m_compare->setEnabled(hasBaseline() && !m_isBusy);
    m_compare->setText(m_isBusy                   ? QStringLiteral("Working…")
                       : isAlone && hasBaseline() ? QStringLiteral("&Show alone")
                                                  : QStringLiteral("&Compare"));
    m_compare->setToolTip(!hasBaseline() ? QStringLiteral("Choose a baseline and a candidate first")
                          : isAlone      ? QStringLiteral("Shows the model without a comparison")
                                         : QString());
}

} // namespace syncpoint
