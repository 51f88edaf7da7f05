#pragma once
#include "ui/viewer/viewer.h"

#include <QMenu>

namespace syncpoint {

/// The Edit menu: undo and redo of manual pairing, the edits of the selected op, the map's export.
/// Other menus and the palette take its actions.
class EditMenu : public QMenu
{
    Q_OBJECT
public:
    EditMenu(const ViewerContext &context, QWidget *parent);
    const QList<QAction *> &keyActions() const { return m_actions; }
    Result<void> exportMap(const QString &file);

Q_SIGNALS:
    void failed(const QString &sentence);

private:
    void addEdit(const QString &id, const QString &text, const QList<QKeySequence> &keys);
    void update();
    void askExport();

    ViewerContext m_context;
    QList<QAction *> m_actions;
    QList<QAction *> m_edits; ///< objectName "edit.<PairingEdit::id>"
    QAction *m_export;
};

} // namespace syncpoint
