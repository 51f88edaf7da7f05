#pragma once
#include "compare/metric/severity.h"

#include <QColor>
#include <QFont>
#include <QHash>
#include <QIcon>
#include <QObject>
#include <QPalette>
#include <QString>

namespace syncpoint {

/// Colours, fonts and icons of the light and the dark look. Every colour in the program comes from
/// here.
class Theme : public QObject
{
    Q_OBJECT
public:
    enum class Mode { Light, Dark };
    enum class Role {
        Window,
        Surface,
        SurfaceRaised,
        Separator,
        Text,
        TextMuted,
        TextDisabled,
        Accent,
        AccentText,
        Selection,
        SelectionText,
        Ok,
        Warn,
        Bad,
        NotCompared,
        Edge,
        EdgeStrong,
        Baseline,
        Candidate,
    };
    explicit Theme(Mode mode = Mode::Light, QObject *parent = nullptr);

    Mode mode() const { return m_mode; }
    void setMode(Mode mode); ///< applies palette and style sheet to the application

    QColor color(Role role) const;
    QColor severityColor(Severity severity) const;
    /// Position 0 (worst) … 1 (best) on the colour-blind-safe score ramp: magenta-red, amber, teal.
    QColor scoreColor(double position) const;
    QFont textFont() const { return m_textFont; }
    QFont monoFont() const { return m_monoFont; } ///< tabular figures: names, shapes, numbers
    /// The user's own choice; `size` is in points.
    void setFonts(const QString &textFamily, const QString &monoFamily, double size);
    /// A stroke icon of resources/icons, recoloured for the mode.
    QIcon icon(const QString &name) const;
    /// Dot, triangle or square: severity is never told by colour alone.
    QIcon severityIcon(Severity severity) const;

    static constexpr int kGrid =
        4; ///< all margins and sizes are multiples of it, in logical pixels

Q_SIGNALS:
    void changed();

private:
    void apply();
    Mode m_mode;
    QFont m_textFont;
    QFont m_monoFont;
    mutable QHash<QString, QIcon> m_icons; ///< drawn once per mode
};

} // namespace syncpoint
