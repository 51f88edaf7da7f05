#pragma once
#include "ui/pairing/map_edits.h"

#include <QObject>
#include <QUndoStack>

namespace syncpoint {

class SessionController;

/// Edits the session's map step by step, each step undoable, and compares again in the background
/// after each. Other models, or a map that came from elsewhere, end the history.
class ManualPairing : public QObject
{
    Q_OBJECT
public:
    explicit ManualPairing(SessionController &controller);

    void pair(const NamePair &pair);
    void unpair(const NamePair &pair); ///< takes a pin back: the rules decide again
    void forbid(const NamePair &pair);
    void allow(const NamePair &pair); ///< takes a ban back
    QUndoStack &history() { return m_history; }

private:
    class Edit;
    void push(const QString &text, ManualMap map);
    void apply(const ManualMap &map);
    void followConfig();

    SessionController &m_controller;
    ManualMap m_map; ///< as this object last saw or set it
    QUndoStack m_history;
};

} // namespace syncpoint
