#include "ui/pairing/manual_pairing.h"

#include "ui/session/session_controller.h"

namespace syncpoint {

namespace {

QString lastPart(const std::string &name)
{
    constexpr qsizetype kLongest = 40;
    const QString text = QString::fromStdString(name);
    return text.size() <= kLongest ? text : QChar(0x2026) + text.right(kLongest - 1);
}

QString pairText(const NamePair &pair)
{
    return QStringLiteral("%1 and %2").arg(lastPart(pair.baseline), lastPart(pair.candidate));
}

} // namespace

class ManualPairing::Edit final : public QUndoCommand
{
public:
    Edit(ManualPairing &pairing, const QString &text, ManualMap before, ManualMap after)
        : QUndoCommand(text), m_pairing(pairing), m_before(std::move(before)),
          m_after(std::move(after))
    {
    }
    void undo() override { m_pairing.apply(m_before); }
    void redo() override { m_pairing.apply(m_after); }

private:
    ManualPairing &m_pairing;
    ManualMap m_before, m_after;
};

ManualPairing::ManualPairing(SessionController &controller)
    : m_controller(controller), m_map(controller.config().map)
{
    connect(&controller, &SessionController::configChanged, this, &ManualPairing::followConfig);
}

void ManualPairing::pair(const NamePair &pair)
{
    push(QStringLiteral("pair %1").arg(pairText(pair)), withPair(m_map, pair));
}

void ManualPairing::unpair(const NamePair &pair)
{
    push(QStringLiteral("unpair %1").arg(pairText(pair)), withoutPair(m_map, pair));
}

void ManualPairing::forbid(const NamePair &pair)
{
    push(QStringLiteral("keep %1 apart").arg(pairText(pair)), withBan(m_map, pair));
}

void ManualPairing::allow(const NamePair &pair)
{
    push(QStringLiteral("allow %1").arg(pairText(pair)), withoutBan(m_map, pair));
}

void ManualPairing::push(const QString &text, ManualMap map)
{
    if (!(map == m_map)) {
        m_history.push(new Edit(*this, text, m_map, std::move(map)));
    }
}

void ManualPairing::apply(const ManualMap &map)
{
    m_map = map;
    SessionConfig config = m_controller.config();
    config.map = map;
    m_controller.setConfig(std::move(config));
    m_controller.compareAgain();
}

void ManualPairing::followConfig()
{
    if (!(m_controller.config().map == m_map)) {
        m_map = m_controller.config().map;
        m_history.clear();
    }
}

} // namespace syncpoint
