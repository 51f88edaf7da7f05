#pragma once
#include "ui/session/selection.h"

#include <QString>
#include <functional>
#include <vector>

class QWidget;

namespace syncpoint {

class SessionController;

/// Something the user may do by hand with the selected op or value.
struct PairingEdit
{
    QString id;   ///< "pair", "unpair", "forbid", "allow0", "allow1" …
    QString text; ///< for menus
    bool isEnabled = true;
    std::function<void()> run;
};

/// The same list for the Edit menu, the graph's context menu and the inspector; empty without a
/// comparison. `parent` carries the dialog of "pair". Run the edits at once: they refer to the
/// controller.
std::vector<PairingEdit> pairingEdits(SessionController &controller, Selection &selection,
                                      const Selection::Item &item, QWidget *parent);

} // namespace syncpoint
