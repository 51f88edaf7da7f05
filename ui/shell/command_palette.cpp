#include "ui/shell/command_palette.h"

#include "ui/shell/action_texts.h"
#include "ui/theme/theme.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QRegularExpression>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTimer>
#include <QVBoxLayout>

namespace syncpoint {

namespace {
constexpr int kWidth = 560;
constexpr int kHeight = 360;
constexpr int kActionRole = Qt::UserRole;
} // namespace

CommandPalette::CommandPalette(const QList<QAction *> &actions, QWidget *parent)
    : QDialog(parent, Qt::Popup), m_edit(new QLineEdit(this)), m_view(new QListView(this)),
      m_model(new QStandardItemModel(this)), m_filter(new QSortFilterProxyModel(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setAccessibleName(QStringLiteral("Command palette"));
    for (QAction *action : actions) {
        if (!action->isEnabled() || action->isSeparator()) {
            continue;
        }
        const QString keys = shortcutText(*action);
        auto *item = new QStandardItem(
            action->icon(), keys.isEmpty()
                                ? qualifiedText(*action)
                                : QStringLiteral("%1    %2").arg(qualifiedText(*action), keys));
        item->setData(static_cast<int>(m_actions.size()), kActionRole);
        item->setEditable(false);
        m_model->appendRow(item);
        m_actions.push_back(action);
    }
    m_filter->setSourceModel(m_model);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_view->setModel(m_filter);
    m_view->setAccessibleName(QStringLiteral("Commands"));
    m_view->setUniformItemSizes(true);
    m_edit->setPlaceholderText(QStringLiteral("Type a command"));
    m_edit->setAccessibleName(QStringLiteral("Type a command"));
    m_edit->installEventFilter(this);
    connect(m_edit, &QLineEdit::textChanged, this, &CommandPalette::search);
    connect(m_edit, &QLineEdit::returnPressed, this, &CommandPalette::runCurrent);
    connect(m_view, &QListView::clicked, this, &CommandPalette::runCurrent);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * Theme::kGrid, 2 * Theme::kGrid, 2 * Theme::kGrid,
                               2 * Theme::kGrid);
    layout->setSpacing(2 * Theme::kGrid);
    layout->addWidget(m_edit);
    layout->addWidget(m_view, 1);
    resize(kWidth, kHeight);
    if (parent != nullptr) {
        const QPoint top = parent->mapToGlobal(QPoint((parent->width() - kWidth) / 2, 64));
        move(top);
    }
    search({});
    m_edit->setFocus();
}

void CommandPalette::search(const QString &text)
{
    QStringList pieces;
    for (const QString &word : text.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        pieces.push_back(QStringLiteral("(?=.*%1)").arg(QRegularExpression::escape(word)));
    }
    m_filter->setFilterRegularExpression(QRegularExpression(
        QLatin1Char('^') + pieces.join(QString()), QRegularExpression::CaseInsensitiveOption));
    m_view->setCurrentIndex(m_filter->index(0, 0));
}

void CommandPalette::runCurrent()
{
    const QVariant place = m_view->currentIndex().data(kActionRole);
    if (!place.isValid()) {
        return;
    }
    const QPointer<QAction> action = m_actions[place.toInt()];
    close();
    if (action) {
        // After the popup is gone, so that the action finds the window as it was.
        QTimer::singleShot(0, action.data(), &QAction::trigger);
    }
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_edit && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const int step = key->key() == Qt::Key_Down ? 1 : key->key() == Qt::Key_Up ? -1 : 0;
        if (step != 0) {
            const int rows = m_filter->rowCount();
            const int row = rows == 0 ? 0 : (m_view->currentIndex().row() + step + rows) % rows;
            m_view->setCurrentIndex(m_filter->index(row, 0));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace syncpoint
