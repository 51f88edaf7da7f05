#include "ui/shell/side_card.h"

#include "core/formats/registry.h"
#include "ui/models/display_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/path_field.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <array>

namespace syncpoint {

namespace {

constexpr std::array kLevels{Optimization::None, Optimization::Basic, Optimization::Extended,
                             Optimization::All};

/// What a look into a file found, in one line for people.
struct Finding
{
    QString text;
    bool isDump = false;
};

Finding describeModel(const Graph &graph)
{
    const ModelInfo &info = graph.info();
    return {QStringLiteral("%1 · %2 ops · %3 parameters%4")
                .arg(QString::fromStdString(info.format).toUpper(), countText(graph.nodes().size()),
                     countText(graph.parameterSize().parameters),
                     info.producer.empty()
                         ? QString()
                         : QStringLiteral(" · ") + QString::fromStdString(info.producer)),
            false};
}

Finding describeDump(const TensorDump &dump)
{
    const std::size_t tensors = dump.samples.empty() ? 0 : dump.samples.front()->entries().size();
    return {QStringLiteral("%1 · %2 samples · %3 tensors%4")
                .arg(QString::fromStdString(dump.format))
                .arg(dump.samples.size())
                .arg(tensors)
                .arg(dump.graph ? QString() : QStringLiteral(" · no graph: add the model")),
            true};
}

Finding lookInto(const std::filesystem::path &path, const JobContext &job)
{
    const auto kind = kindOfFile(path);
    if (!kind) {
        return {QString::fromStdString(kind.error().message), false};
    }
    if (*kind == FileKind::Dump) {
        const auto dump = loadDump(path, job);
        return dump ? describeDump(**dump)
                    : Finding{QString::fromStdString(dump.error().message), true};
    }
    const auto graph = loadGraph(path, job);
    return graph ? describeModel(**graph)
                 : Finding{QString::fromStdString(graph.error().message), false};
}

} // namespace

SideCard::SideCard(const Theme &theme, const QString &title, QWidget *parent)
    : QWidget(parent),
      m_file(new PathField(theme, title, QStringLiteral("Models and dumps (*)"), this)),
      m_tensors(new QComboBox(this)),
      m_dump(new PathField(theme, title + QStringLiteral(" tensors"),
                           QStringLiteral("Dumps (*.h5 *.hdf5 *.npz *.npy);;All files (*)"), this)),
      m_optimize(new QComboBox(this)), m_optimizeLabel(new QLabel(this)), m_found(new QLabel(this))
{
    auto *heading = new QLabel(title, this);
    heading->setProperty("heading", true);
    m_file->setPlaceholder(QStringLiteral("Drop or choose a model or a dump"));
    m_dump->setPlaceholder(QStringLiteral("Drop or choose captured tensors"));
    m_tensors->addItems({QStringLiteral("Run the model"), QStringLiteral("Read a captured dump")});
    m_tensors->setAccessibleName(title + QStringLiteral(": where tensors come from"));
    for (const Optimization level : kLevels) {
        m_optimize->addItem(QString::fromUtf8(optimizationName(level).data()));
    }
    m_optimize->setAccessibleName(title + QStringLiteral(": runtime optimization"));
    m_optimize->setToolTip(
        QStringLiteral("How far the runtime may rewrite this side before it is captured"));
    m_optimizeLabel->setText(QStringLiteral("Optimization"));
    m_found->setProperty("muted", true);
    m_found->setWordWrap(true);
    m_found->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(3 * Theme::kGrid);
    grid->setVerticalSpacing(2 * Theme::kGrid);
    grid->addWidget(heading, 0, 0, 1, 2);
    grid->addWidget(m_file, 1, 0, 1, 2);
    grid->addWidget(m_found, 2, 0, 1, 2);
    grid->addWidget(new QLabel(QStringLiteral("Tensors"), this), 3, 0);
    grid->addWidget(m_tensors, 3, 1);
    grid->addWidget(m_dump, 4, 1);
    grid->addWidget(m_optimizeLabel, 5, 0);
    grid->addWidget(m_optimize, 5, 1);
    grid->setColumnStretch(1, 1);
    grid->setRowStretch(6, 1);

    connect(m_file, &PathField::changed, this, &SideCard::inspect);
    connect(m_dump, &PathField::changed, this, &SideCard::changed);
    connect(m_tensors, &QComboBox::currentIndexChanged, this, &SideCard::updateRows);
    connect(m_optimize, &QComboBox::currentIndexChanged, this, &SideCard::changed);
    m_found->setText(QStringLiteral(" "));
    updateRows();
}

void SideCard::inspect()
{
    m_isDump = false;
    const auto path = m_file->path();
    if (!path) {
        m_jobs.cancel();
        m_found->setText(QStringLiteral(" "));
        updateRows();
        return;
    }
    m_jobs.start<Finding>([path = *path](const JobContext &job) { return lookInto(path, job); },
                          [this](Finding finding) {
                              m_found->setText(finding.text);
                              m_isDump = finding.isDump;
                              updateRows();
                          });
    Q_EMIT changed();
}

void SideCard::updateRows()
{
    const bool hasDump = m_tensors->currentIndex() == 1;
    m_tensors->setEnabled(!m_isDump);
    m_dump->setVisible(hasDump && !m_isDump);
    m_optimize->setEnabled(!hasDump && !m_isDump);
    m_optimizeLabel->setEnabled(m_optimize->isEnabled());
    Q_EMIT changed();
}

SideConfig SideCard::side() const
{
    SideConfig side;
    (m_isDump ? side.dump : side.model) = m_file->path();
    if (!m_isDump && m_tensors->currentIndex() == 1) {
        side.dump = m_dump->path();
    }
    side.optimize = kLevels[static_cast<std::size_t>(std::max(0, m_optimize->currentIndex()))];
    return side;
}

void SideCard::setSide(const SideConfig &side)
{
    m_file->setPath(side.model ? side.model : side.dump);
    m_tensors->setCurrentIndex(side.model && side.dump ? 1 : 0);
    m_dump->setPath(side.model ? side.dump : std::nullopt);
    for (std::size_t i = 0; i < kLevels.size(); ++i) {
        if (kLevels[i] == side.optimize) {
            m_optimize->setCurrentIndex(static_cast<int>(i));
        }
    }
}

bool SideCard::isEmpty() const
{
    return !m_file->path();
}

void SideCard::setFile(const QString &file)
{
    m_file->setPath(toPath(file));
}

} // namespace syncpoint
