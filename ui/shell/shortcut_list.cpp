#include "ui/shell/shortcut_list.h"

#include "ui/shell/action_texts.h"
#include "ui/shell/key_bindings.h"
#include "ui/theme/theme.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTreeView>
#include <QVBoxLayout>

namespace syncpoint {

namespace {
constexpr int kPlaceRole = Qt::UserRole; ///< of the action in the bindings
enum Column { NameColumn, KeyColumn, ColumnCount };
} // namespace

ShortcutList::ShortcutList(KeyBindings &bindings, const Theme &theme, QWidget *parent)
    : QDialog(parent), m_bindings(bindings), m_theme(theme),
      m_model(new QStandardItemModel(0, ColumnCount, this)),
      m_filter(new QSortFilterProxyModel(this)), m_view(new QTreeView(this)),
      m_key(new QKeySequenceEdit(this)), m_conflict(new QLabel(this)),
      m_bind(new QPushButton(QStringLiteral("&Set key"), this)),
      m_reset(new QPushButton(QStringLiteral("&Reset"), this))
{
    constexpr QSize kSize(620, 560);
    setWindowTitle(QStringLiteral("All keys"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_model->setHorizontalHeaderLabels({QStringLiteral("Action"), QStringLiteral("Keys")});
    for (int i = 0; i < bindings.actions().size(); ++i) {
        auto *name = new QStandardItem(qualifiedText(*bindings.actions()[i]));
        auto *keys = new QStandardItem;
        name->setData(i, kPlaceRole);
        name->setEditable(false);
        keys->setEditable(false);
        m_model->appendRow({name, keys});
    }
    fillKeys();
    m_filter->setSourceModel(m_model);
    m_filter->setFilterKeyColumn(-1);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);

    auto *search = new QLineEdit(this);
    search->setPlaceholderText(QStringLiteral("Search actions and keys"));
    search->setAccessibleName(search->placeholderText());
    search->setClearButtonEnabled(true);
    connect(search, &QLineEdit::textChanged, m_filter,
            &QSortFilterProxyModel::setFilterFixedString);
    m_view->setModel(m_filter);
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->header()->setStretchLastSection(false);
    m_view->header()->setSectionResizeMode(NameColumn, QHeaderView::Stretch);
    m_view->header()->setSectionResizeMode(KeyColumn, QHeaderView::ResizeToContents);
    m_view->setAccessibleName(QStringLiteral("Actions and keys"));
    m_key->setAccessibleName(QStringLiteral("New key of the selected action"));
    m_conflict->setProperty("muted", true);
    m_conflict->setWordWrap(true);
    auto *resetAll = new QPushButton(QStringLiteral("Reset &all"), this);

    auto *row = new QHBoxLayout;
    row->setSpacing(2 * Theme::kGrid);
    row->addWidget(m_key, 1);
    row->addWidget(m_bind);
    row->addWidget(m_reset);
    row->addWidget(resetAll);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(2 * Theme::kGrid);
    layout->addWidget(search);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_conflict);
    layout->addLayout(row);
    resize(kSize);
    for (QPushButton *button : {m_bind, m_reset, resetAll}) {
        button->setAutoDefault(false); // Enter is a key like others here
    }
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &ShortcutList::showCurrent);
    connect(m_key, &QKeySequenceEdit::keySequenceChanged, this, &ShortcutList::showConflict);
    connect(m_bind, &QPushButton::clicked, this, &ShortcutList::bind);
    connect(m_reset, &QPushButton::clicked, this, [this] {
        m_bindings.reset(current());
        fillKeys();
        showCurrent();
    });
    connect(resetAll, &QPushButton::clicked, this, [this] {
        m_bindings.resetAll();
        fillKeys();
        showCurrent();
    });
    showCurrent();
}

QAction *ShortcutList::current() const
{
    const QVariant place = m_view->currentIndex().siblingAtColumn(NameColumn).data(kPlaceRole);
    return place.isValid() ? m_bindings.actions()[place.toInt()] : nullptr;
}

void ShortcutList::fillKeys()
{
    for (int i = 0; i < m_model->rowCount(); ++i) {
        const QAction *action = m_bindings.actions()[i];
        QFont font = m_theme.monoFont();
        font.setBold(m_bindings.isChanged(action));
        m_model->item(i, KeyColumn)->setText(shortcutText(*action));
        m_model->item(i, KeyColumn)->setFont(font);
    }
}

void ShortcutList::showCurrent()
{
    const QAction *action = current();
    m_key->setEnabled(action != nullptr);
    m_key->setKeySequence(action == nullptr ? QKeySequence() : action->shortcut());
    m_reset->setEnabled(action != nullptr && m_bindings.isChanged(action));
    showConflict();
}

void ShortcutList::showConflict()
{
    const QAction *action = current();
    const QKeySequence key = m_key->keySequence();
    const QAction *owner =
        action == nullptr || key.isEmpty() ? nullptr : m_bindings.owner(key, action);
    m_bind->setEnabled(action != nullptr && key != action->shortcut());
    m_conflict->setText(
        action == nullptr  ? QStringLiteral("Select an action, then press its new key.")
        : owner != nullptr ? QStringLiteral("%1 is the key of %2 and would be taken from it.")
                                 .arg(key.toString(QKeySequence::NativeText), qualifiedText(*owner))
        : key.isEmpty() ? QStringLiteral("No key: the palette still finds the action.")
                        : QString());
}

void ShortcutList::bind()
{
    if (QAction *action = current()) {
        m_bindings.bind(action, m_key->keySequence());
        fillKeys();
        showCurrent();
    }
}

} // namespace syncpoint
