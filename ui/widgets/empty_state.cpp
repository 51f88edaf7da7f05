#include "ui/widgets/empty_state.h"

#include "ui/theme/theme.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace syncpoint {

EmptyState::EmptyState(const Theme &theme, const QString &icon, QWidget *parent)
    : QWidget(parent), m_icon(new QLabel(this)), m_title(new QLabel(this)),
      m_explanation(new QLabel(this)), m_button(new QPushButton(this))
{
    constexpr int kIconExtent = 24;
    constexpr int kTextWidth = 360;
    const auto drawIcon = [this, &theme, icon] {
        m_icon->setPixmap(theme.icon(icon).pixmap(kIconExtent, QIcon::Disabled));
    };
    drawIcon();
    connect(&theme, &Theme::changed, this, drawIcon);
    m_title->setProperty("heading", true);
    m_explanation->setProperty("muted", true);
    m_explanation->setWordWrap(true);
    m_explanation->setMaximumWidth(kTextWidth);
    m_explanation->setAlignment(Qt::AlignHCenter);
    m_title->setWordWrap(true);
    m_title->setAlignment(Qt::AlignHCenter);
    m_button->hide();
    connect(m_button, &QPushButton::clicked, this, &EmptyState::buttonClicked);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(4 * Theme::kGrid, 4 * Theme::kGrid, 4 * Theme::kGrid,
                               4 * Theme::kGrid);
    layout->setSpacing(2 * Theme::kGrid);
    layout->addStretch(2);
    layout->addWidget(m_icon, 0, Qt::AlignHCenter);
    layout->addWidget(m_title);
    auto *textRow = new QHBoxLayout;
    textRow->addStretch(1);
    textRow->addWidget(m_explanation, 1000);
    textRow->addStretch(1);
    layout->addLayout(textRow);
    layout->addWidget(m_button, 0, Qt::AlignHCenter);
    layout->addStretch(3);
}

void EmptyState::setText(const QString &title, const QString &explanation)
{
    m_title->setText(title);
    m_explanation->setText(explanation);
    setAccessibleName(title + QStringLiteral(". ") + explanation);
}

void EmptyState::setButton(const QString &text)
{
    m_button->setText(text);
    m_button->setVisible(!text.isEmpty());
}

QString EmptyState::title() const
{
    return m_title->text();
}

} // namespace syncpoint
