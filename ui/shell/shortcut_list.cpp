#include "ui/shell/shortcut_list.h"

#include "ui/shell/action_texts.h"
#include "ui/theme/theme.h"

#include <QAction>
#include <QHeaderView>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTreeView>
#include <QVBoxLayout>

namespace syncpoint {

ShortcutList::ShortcutList(const QList<QAction *> &actions, const Theme &theme, QWidget *parent)
    : QDialog(parent)
{
    constexpr QSize kSize(560, 520);
    setWindowTitle(QStringLiteral("All keys"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto *model = new QStandardItemModel(0, 2, this);
    model->setHorizontalHeaderLabels({QStringLiteral("Action"), QStringLiteral("Keys")});
    for (const QAction *action : actions) {
        if (action->isSeparator()) {
            continue;
        }
        auto *name = new QStandardItem(qualifiedText(*action));
        auto *keys = new QStandardItem(shortcutText(*action));
        keys->setFont(theme.monoFont());
        name->setEditable(false);
        keys->setEditable(false);
        model->appendRow({name, keys});
    }
    auto *filter = new QSortFilterProxyModel(this);
    filter->setSourceModel(model);
    filter->setFilterKeyColumn(-1);
    filter->setFilterCaseSensitivity(Qt::CaseInsensitive);

    auto *search = new QLineEdit(this);
    search->setPlaceholderText(QStringLiteral("Search actions and keys"));
    search->setAccessibleName(search->placeholderText());
    connect(search, &QLineEdit::textChanged, filter, &QSortFilterProxyModel::setFilterFixedString);
    auto *view = new QTreeView(this);
    view->setModel(filter);
    view->setRootIsDecorated(false);
    view->setUniformRowHeights(true);
    view->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    view->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    view->setAccessibleName(QStringLiteral("Actions and keys"));

    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(2 * Theme::kGrid);
    layout->addWidget(search);
    layout->addWidget(view, 1);
    resize(kSize);
}

} // namespace syncpoint
