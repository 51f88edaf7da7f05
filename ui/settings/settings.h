#pragma once
#include "ui/theme/theme.h"

#include <QByteArray>
#include <QKeySequence>
#include <QList>
#include <QSettings>
#include <QString>
#include <optional>

namespace syncpoint {

/// A comparison that can be opened again: a session file, or two files.
struct RecentSession
{
    QString session; ///< *.syncpoint; empty for an unsaved comparison
    QString baseline;
    QString candidate;
    QString inputs; ///< empty: random
    bool operator==(const RecentSession &) const = default;
};

/// The user's own settings, in the platform's usual place.
class Settings
{
public:
    Theme::Mode themeMode() const;
    void setThemeMode(Theme::Mode mode);

    struct Fonts
    {
        QString text; ///< empty: the system's
        QString mono;
        double size = 0.0; ///< points; 0: the system's
    };
    Fonts fonts() const;
    void setFonts(const Fonts &fonts);

    QList<RecentSession> recentSessions() const; ///< newest first
    void addRecentSession(const RecentSession &session);

    /// The user's own keys of an action; nothing: the built-in ones.
    std::optional<QList<QKeySequence>> keys(const QString &action) const;
    void setKeys(const QString &action, const std::optional<QList<QKeySequence>> &keys);

    QByteArray geometry() const;
    void setGeometry(const QByteArray &geometry);
    QByteArray windowState() const;
    void setWindowState(const QByteArray &state);

private:
    mutable QSettings m_store;
};

/// Puts the theme and the fonts of `settings` in force.
void applySettings(const Settings &settings, Theme &theme);

} // namespace syncpoint
