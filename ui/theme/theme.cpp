#include "ui/theme/theme.h"

#include "ui/theme/icon_painter.h"
#include "ui/theme/palette.h"

#include <QApplication>
#include <QFontDatabase>
#include <QStyleFactory>
#include <algorithm>
#include <array>

// Resources of a static library are dropped by the linker unless asked for, outside any namespace.
static void loadIconResources()
{
    Q_INIT_RESOURCE(icons);
}

namespace syncpoint {

namespace {

QColor mix(const QColor &from, const QColor &to, double position)
{
    const auto blend = [position](float a, float b) {
        return static_cast<float>(double{a} + (double{b} - double{a}) * position);
    };
    return QColor::fromRgbF(blend(from.redF(), to.redF()), blend(from.greenF(), to.greenF()),
                            blend(from.blueF(), to.blueF()));
}

} // namespace

Theme::Theme(Mode mode, QObject *parent)
    : QObject(parent), m_mode(mode), m_textFont(QApplication::font()),
      m_monoFont(QFontDatabase::systemFont(QFontDatabase::FixedFont))
{
    loadIconResources();
    m_monoFont.setPointSizeF(m_textFont.pointSizeF());
    apply();
}

void Theme::setMode(Mode mode)
{
    if (mode == m_mode) {
        return;
    }
    m_mode = mode;
    apply();
    Q_EMIT changed();
}

void Theme::setFonts(const QString &textFamily, const QString &monoFamily, double size)
{
    m_textFont.setFamily(textFamily);
    m_monoFont.setFamily(monoFamily);
    m_textFont.setPointSizeF(size);
    m_monoFont.setPointSizeF(size);
    apply();
    Q_EMIT changed();
}

QColor Theme::color(Role role) const
{
    return paletteColor(m_mode, role);
}

QColor Theme::severityColor(Severity severity) const
{
    switch (severity) {
    case Severity::Ok:
        return color(Role::Ok);
    case Severity::Warn:
        return color(Role::Warn);
    case Severity::Bad:
        return color(Role::Bad);
    }
    return color(Role::NotCompared);
}

QColor Theme::scoreColor(double position) const
{
    // Fills, not text: brighter than the severity colours, and even in lightness steps so that the
    // order survives in grey.
    static const std::array light{QColor(0xC2, 0x2A, 0x66), QColor(0xEB, 0xB1, 0x4E),
                                  QColor(0x7A, 0xCB, 0xC1)};
    static const std::array dark{QColor(0xD8, 0x3F, 0x7B), QColor(0xC2, 0x8D, 0x2E),
                                 QColor(0x2B, 0x7F, 0x78)};
    const auto &stops = m_mode == Mode::Light ? light : dark;
    const double place = std::clamp(position, 0.0, 1.0);
    return place < 0.5 ? mix(stops[0], stops[1], place * 2.0)
                       : mix(stops[1], stops[2], place * 2.0 - 1.0);
}

QIcon Theme::icon(const QString &name) const
{
    auto found = m_icons.constFind(name);
    if (found == m_icons.constEnd()) {
        found =
            m_icons.insert(name, strokeIcon(name, color(Role::Text), color(Role::TextDisabled)));
    }
    return *found;
}

QIcon Theme::severityIcon(Severity severity) const
{
    const QString key = QStringLiteral("severity/%1").arg(static_cast<int>(severity));
    auto found = m_icons.constFind(key);
    if (found == m_icons.constEnd()) {
        found = m_icons.insert(key, severityShape(severity, severityColor(severity)));
    }
    return *found;
}

void Theme::apply()
{
    m_icons.clear();
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QApplication::setPalette(widgetPalette(m_mode));
    QApplication::setFont(m_textFont);
    qApp->setStyleSheet(widgetStyleSheet(m_mode));
}

} // namespace syncpoint
