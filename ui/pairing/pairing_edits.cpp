#include "ui/pairing/pairing_edits.h"

#include "ui/pairing/counterpart_dialog.h"
#include "ui/pairing/manual_pairing.h"
#include "ui/session/session_controller.h"

#include <QFontMetrics>
#include <QWidget>

namespace syncpoint {

namespace {

QString brief(const std::string &name)
{
    constexpr qsizetype kLongest = 40;
    QString text = QString::fromStdString(name);
    text.replace(QLatin1Char('&'), QStringLiteral("&&")); // no mnemonics in names
    return text.size() <= kLongest ? text : QChar(0x2026) + text.right(kLongest - 1);
}

} // namespace

std::vector<PairingEdit> pairingEdits(SessionController &controller, Selection &selection,
                                      const Selection::Item &item, QWidget *parent)
{
    const auto result = controller.result();
    if (!result) {
        return {};
    }
    ManualPairing &pairing = controller.pairing();
    const PairingState state = pairingState(*result, controller.config().map, item);
    std::vector<PairingEdit> edits;
    edits.push_back({QStringLiteral("pair"), QStringLiteral("&Pair with…"), !state.isEmpty(),
                     [&pairing, result, item, parent] {
                         auto *dialog = new CounterpartDialog(result, item, parent);
                         QObject::connect(dialog, &CounterpartDialog::chosen, &pairing,
                                          &ManualPairing::pair);
                         dialog->open();
                     }});
    const Selection::Item other = selection.current();
    const ValueId otherValue = other.side == item.side || !other.node.isValid()
                                   ? ValueId{}
                                   : pairedValueOf(*result, other);
    if (otherValue.isValid() && !state.isEmpty() && other.point != item.point) {
        const bool isBaseline = item.side == Side::Baseline;
        const auto &graph = isBaseline ? result->candidate.graph : result->baseline.graph;
        const std::string name = graph->qualifiedName(otherValue);
        const NamePair pair = isBaseline ? NamePair{state.names.baseline, name}
                                         : NamePair{name, state.names.candidate};
        edits.push_back({QStringLiteral("pairSelected"),
                         QStringLiteral("Pair with the selected %1").arg(brief(name)), true,
                         [&pairing, pair] { pairing.pair(pair); }});
    }
    edits.push_back({QStringLiteral("unpair"), QStringLiteral("&Unpair (back to the rules)"),
                     state.isPinned, [&pairing, names = state.names] { pairing.unpair(names); }});
    edits.push_back({QStringLiteral("forbid"), QStringLiteral("&Never pair these two"),
                     state.isPaired(), [&pairing, names = state.names] { pairing.forbid(names); }});
    for (std::size_t i = 0; i < state.forbidden.size(); ++i) {
        const NamePair &ban = state.forbidden[i];
        edits.push_back(
            {QStringLiteral("allow%1").arg(i),
             QStringLiteral("Allow %1 again")
                 .arg(brief(item.side == Side::Baseline ? ban.candidate : ban.baseline)),
             true, [&pairing, ban] { pairing.allow(ban); }});
    }
    return edits;
}

} // namespace syncpoint
