#include "ui/theme/palette.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QSignalSpy>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

using Role = Theme::Role;

TEST(ThemeTest, TextKeepsContrastAaOnEveryBackground)
{
    for (const auto mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
        for (const Role background : {Role::Window, Role::Surface, Role::SurfaceRaised}) {
            for (const Role text : {Role::Text, Role::TextMuted, Role::Accent, Role::Ok, Role::Warn,
                                    Role::Bad, Role::Baseline, Role::Candidate}) {
                EXPECT_GE(contrastRatio(paletteColor(mode, text), paletteColor(mode, background)),
                          4.5)
                    << "mode " << static_cast<int>(mode) << " text " << static_cast<int>(text)
                    << " on " << static_cast<int>(background);
            }
        }
        EXPECT_GE(contrastRatio(paletteColor(mode, Role::SelectionText),
                                paletteColor(mode, Role::Selection)),
                  4.5);
        EXPECT_GE(
            contrastRatio(paletteColor(mode, Role::AccentText), paletteColor(mode, Role::Accent)),
            4.5);
    }
}

TEST(ThemeTest, SwitchingTheModeRepaintsTheApplication)
{
    Theme theme(Theme::Mode::Light);
    QSignalSpy changed(&theme, &Theme::changed);
    const QColor light = QApplication::palette().color(QPalette::Base);
    theme.setMode(Theme::Mode::Dark);
    EXPECT_EQ(changed.count(), 1);
    EXPECT_NE(QApplication::palette().color(QPalette::Base), light);
    EXPECT_FALSE(qApp->styleSheet().contains(QLatin1Char('@'))) << "a colour name is unknown";
}

TEST(ThemeTest, EveryIconIsThereInTheTextColour)
{
    const Theme theme;
    for (const char *name : {"open", "save", "play", "stop", "search", "module", "op", "unmatched",
                             "problems", "theme", "folder-map", "report", "settings"}) {
        const QImage image = theme.icon(QLatin1String(name)).pixmap(16).toImage();
        ASSERT_FALSE(image.isNull()) << name;
        bool hasInk = false;
        for (int y = 0; y < image.height() && !hasInk; ++y) {
            for (int x = 0; x < image.width() && !hasInk; ++x) {
                hasInk = image.pixelColor(x, y).alpha() > 128;
            }
        }
        EXPECT_TRUE(hasInk) << name;
    }
    EXPECT_TRUE(theme.icon(QStringLiteral("nothing")).isNull());
}

TEST(ThemeTest, SeverityShapesDifferWithoutColour)
{
    const Theme theme;
    const auto ink = [&theme](Severity severity) {
        return theme.severityIcon(severity).pixmap(16).toImage().convertToFormat(
            QImage::Format_Alpha8);
    };
    EXPECT_NE(ink(Severity::Ok), ink(Severity::Warn));
    EXPECT_NE(ink(Severity::Warn), ink(Severity::Bad));
}

} // namespace
} // namespace syncpoint
