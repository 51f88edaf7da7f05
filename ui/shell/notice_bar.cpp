#include "ui/shell/notice_bar.h"

#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"

#include <QHBoxLayout>
#include <QPushButton>

namespace syncpoint {

NoticeBar::NoticeBar(QWidget *parent)
    : QWidget(parent), m_sentence(new ElidedLabel(this)), m_accept(new QPushButton(this))
{
    setObjectName(QStringLiteral("noticeBar"));
    setAttribute(Qt::WA_StyledBackground);
    auto *ignore = new QPushButton(QStringLiteral("&Ignore"), this);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(3 * Theme::kGrid, Theme::kGrid, 3 * Theme::kGrid, Theme::kGrid);
    layout->setSpacing(2 * Theme::kGrid);
    layout->addWidget(m_sentence, 1);
    layout->addWidget(m_accept);
    layout->addWidget(ignore);
    connect(ignore, &QPushButton::clicked, this, &QWidget::hide);
    connect(m_accept, &QPushButton::clicked, this, [this] {
        hide();
        Q_EMIT accepted();
    });
    hide();
}

void NoticeBar::ask(const QString &sentence, const QString &button, const QString &toolTip)
{
    m_sentence->setFullText(sentence);
    m_sentence->setToolTip(toolTip);
    m_accept->setText(button);
    show();
}

} // namespace syncpoint
