#include "ui/settings/settings.h"

#include <algorithm>

namespace syncpoint {

namespace {
constexpr qsizetype kRecentLimit = 10;
constexpr double kSmallestFont = 6.0;
constexpr double kLargestFont = 32.0;
const QString kRecent = QStringLiteral("recent");
} // namespace

Theme::Mode Settings::themeMode() const
{
    return m_store.value(QStringLiteral("theme")).toString() == QStringLiteral("dark")
               ? Theme::Mode::Dark
               : Theme::Mode::Light;
}

void Settings::setThemeMode(Theme::Mode mode)
{
    m_store.setValue(QStringLiteral("theme"),
                     mode == Theme::Mode::Dark ? QStringLiteral("dark") : QStringLiteral("light"));
}

Settings::Fonts Settings::fonts() const
{
    return {m_store.value(QStringLiteral("fonts/text")).toString(),
            m_store.value(QStringLiteral("fonts/mono")).toString(),
            m_store.value(QStringLiteral("fonts/size")).toDouble()};
}

void Settings::setFonts(const Fonts &fonts)
{
    m_store.setValue(QStringLiteral("fonts/text"), fonts.text);
    m_store.setValue(QStringLiteral("fonts/mono"), fonts.mono);
    m_store.setValue(QStringLiteral("fonts/size"), fonts.size);
}

QList<RecentSession> Settings::recentSessions() const
{
    QList<RecentSession> sessions;
    const int count = m_store.beginReadArray(kRecent);
    for (int i = 0; i < count && i < kRecentLimit; ++i) {
        m_store.setArrayIndex(i);
        sessions.push_back({m_store.value(QStringLiteral("session")).toString(),
                            m_store.value(QStringLiteral("baseline")).toString(),
                            m_store.value(QStringLiteral("candidate")).toString(),
                            m_store.value(QStringLiteral("inputs")).toString()});
    }
    m_store.endArray();
    return sessions;
}

void Settings::addRecentSession(const RecentSession &session)
{
    QList<RecentSession> sessions = recentSessions();
    sessions.removeAll(session);
    sessions.prepend(session);
    sessions.resize(std::min(sessions.size(), kRecentLimit));
    m_store.beginWriteArray(kRecent, static_cast<int>(sessions.size()));
    for (qsizetype i = 0; i < sessions.size(); ++i) {
        m_store.setArrayIndex(static_cast<int>(i));
        m_store.setValue(QStringLiteral("session"), sessions[i].session);
        m_store.setValue(QStringLiteral("baseline"), sessions[i].baseline);
        m_store.setValue(QStringLiteral("candidate"), sessions[i].candidate);
        m_store.setValue(QStringLiteral("inputs"), sessions[i].inputs);
    }
    m_store.endArray();
}

std::optional<QList<QKeySequence>> Settings::keys(const QString &action) const
{
    const QString key = QStringLiteral("keys/") + action;
    if (!m_store.contains(key)) {
        return std::nullopt;
    }
    return QKeySequence::listFromString(m_store.value(key).toString(), QKeySequence::PortableText);
}

void Settings::setKeys(const QString &action, const std::optional<QList<QKeySequence>> &keys)
{
    const QString key = QStringLiteral("keys/") + action;
    if (keys) {
        m_store.setValue(key, QKeySequence::listToString(*keys, QKeySequence::PortableText));
    } else {
        m_store.remove(key);
    }
}

QByteArray Settings::geometry() const
{
    return m_store.value(QStringLiteral("window/geometry")).toByteArray();
}

void Settings::setGeometry(const QByteArray &geometry)
{
    m_store.setValue(QStringLiteral("window/geometry"), geometry);
}

QByteArray Settings::windowState() const
{
    return m_store.value(QStringLiteral("window/state")).toByteArray();
}

void Settings::setWindowState(const QByteArray &state)
{
    m_store.setValue(QStringLiteral("window/state"), state);
}

void applySettings(const Settings &settings, Theme &theme)
{
    theme.setMode(settings.themeMode());
    const Settings::Fonts fonts = settings.fonts();
    const bool isCustom = !fonts.text.isEmpty() || !fonts.mono.isEmpty() || fonts.size > 0.0;
    if (isCustom) {
        theme.setFonts(fonts.text.isEmpty() ? theme.textFont().family() : fonts.text,
                       fonts.mono.isEmpty() ? theme.monoFont().family() : fonts.mono,
                       fonts.size > 0.0 ? std::clamp(fonts.size, kSmallestFont, kLargestFont)
                                        : theme.textFont().pointSizeF());
    }
}

} // namespace syncpoint
