#include "ui/pairing/edit_menu.h"

#include "ui/pairing/manual_pairing.h"
#include "ui/pairing/map_file.h"
#include "ui/pairing/pairing_edits.h"
#include "ui/session/session_controller.h"

#include <QFileDialog>
#include <algorithm>

namespace syncpoint {

namespace {
const QString kPrefix = QStringLiteral("edit.");
} // namespace

EditMenu::EditMenu(const ViewerContext &context, QWidget *parent)
    : QMenu(QStringLiteral("&Edit"), parent), m_context(context)
{
    QUndoStack &history = context.controller.pairing().history();
    QAction *undo = history.createUndoAction(this, QStringLiteral("&Undo"));
    QAction *redo = history.createRedoAction(this, QStringLiteral("&Redo"));
    undo->setObjectName(kPrefix + QStringLiteral("undo"));
    redo->setObjectName(kPrefix + QStringLiteral("redo"));
    undo->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Z));
    redo->setShortcuts(
        {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), QKeySequence(Qt::CTRL | Qt::Key_Y)});
    m_actions = {undo, redo};
    addActions(m_actions);
    addSeparator();
    addEdit(QStringLiteral("pair"), QStringLiteral("&Pair with…"), {QKeySequence(Qt::Key_P)});
    addEdit(QStringLiteral("unpair"), QStringLiteral("&Unpair (back to the rules)"), {});
    addEdit(QStringLiteral("forbid"), QStringLiteral("&Never pair these two"), {});
    addEdit(QStringLiteral("allow0"), QStringLiteral("&Allow the forbidden pair again"), {});
    addSeparator();
    m_export =
        addAction(QStringLiteral("&Export pairs as a map file…"), this, &EditMenu::askExport);
    m_export->setObjectName(kPrefix + QStringLiteral("exportMap"));
    m_actions.push_back(m_export);
    connect(&context.selection, &Selection::changed, this, &EditMenu::update);
    connect(&context.controller, &SessionController::resultChanged, this, &EditMenu::update);
    connect(&context.controller, &SessionController::configChanged, this, &EditMenu::update);
    update();
}

void EditMenu::addEdit(const QString &id, const QString &text, const QList<QKeySequence> &keys)
{
    QAction *action = addAction(text, this, [this, id] {
        for (const PairingEdit &edit :
             pairingEdits(m_context.controller, m_context.selection, m_context.selection.current(),
                          parentWidget())) {
            if (edit.id == id && edit.isEnabled) {
                edit.run();
                return;
            }
        }
    });
    action->setObjectName(kPrefix + id);
    action->setShortcuts(keys);
    m_actions.push_back(action);
    m_edits.push_back(action);
}

void EditMenu::update()
{
    const auto edits = pairingEdits(m_context.controller, m_context.selection,
                                    m_context.selection.current(), parentWidget());
    for (QAction *action : m_edits) {
        const auto edit =
            std::find_if(edits.begin(), edits.end(), [action](const PairingEdit &candidate) {
                return kPrefix + candidate.id == action->objectName();
            });
        action->setEnabled(edit != edits.end() && edit->isEnabled);
    }
    m_export->setEnabled(!m_context.controller.config().map.empty());
}

Result<void> EditMenu::exportMap(const QString &file)
{
    return writeManualMap(m_context.controller.config().map, file);
}

void EditMenu::askExport()
{
    auto *dialog = new QFileDialog(parentWidget(), QStringLiteral("Export pairs"), {},
                                   QStringLiteral("Map files (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("json"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &file) {
        if (const auto written = exportMap(file); !written) {
            Q_EMIT failed(QString::fromStdString(written.error().message));
        }
    });
    dialog->open();
}

} // namespace syncpoint
