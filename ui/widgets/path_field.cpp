#include "ui/widgets/path_field.h"

#include "ui/theme/theme.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMimeData>
#include <QToolButton>
#include <QUrl>

namespace syncpoint {

std::filesystem::path toPath(const QString &text)
{
    return std::filesystem::path(text.toStdU16String());
}

QString pathText(const std::filesystem::path &path)
{
    return QString::fromStdString(path.string());
}

PathField::PathField(const Theme &theme, const QString &caption, const QString &filter,
                     QWidget *parent)
    : QWidget(parent), m_caption(caption), m_filter(filter), m_edit(new QLineEdit(this)),
      m_button(new QToolButton(this))
{
    setAcceptDrops(true);
    m_edit->setAcceptDrops(false); // a dropped file replaces the text instead of being inserted
    m_edit->setAccessibleName(caption);
    m_edit->setClearButtonEnabled(true);
    m_button->setToolTip(QStringLiteral("Choose %1…").arg(caption.toLower()));
    m_button->setAccessibleName(m_button->toolTip());
    const auto restyle = [this, &theme] {
        m_button->setIcon(theme.icon(QStringLiteral("open")));
        m_edit->setFont(theme.monoFont());
    };
    restyle();
    connect(&theme, &Theme::changed, this, restyle);
    connect(m_edit, &QLineEdit::textChanged, this, &PathField::changed);
    connect(m_button, &QToolButton::clicked, this, &PathField::browse);
    setFocusProxy(m_edit);

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::kGrid);
    layout->addWidget(m_edit, 1);
    layout->addWidget(m_button);
}

std::optional<std::filesystem::path> PathField::path() const
{
    const QString text = m_edit->text().trimmed();
    return text.isEmpty() ? std::nullopt : std::optional(toPath(text));
}

void PathField::setPath(const std::optional<std::filesystem::path> &path)
{
    m_edit->setText(path ? pathText(*path) : QString());
}

void PathField::setPlaceholder(const QString &text)
{
    m_edit->setPlaceholderText(text);
}

void PathField::browse()
{
    const QString folder = QFileInfo(m_edit->text()).absolutePath();
    const QString file = QFileDialog::getOpenFileName(this, m_caption, folder, m_filter);
    if (!file.isEmpty()) {
        m_edit->setText(file);
    }
}

void PathField::dragEnterEvent(QDragEnterEvent *event)
{
    const auto urls = event->mimeData()->urls();
    if (urls.size() == 1 && urls.front().isLocalFile()) {
        event->acceptProposedAction();
    }
}

void PathField::dropEvent(QDropEvent *event)
{
    const auto urls = event->mimeData()->urls();
    if (!urls.isEmpty()) {
        m_edit->setText(urls.front().toLocalFile());
        event->acceptProposedAction();
    }
}

} // namespace syncpoint
