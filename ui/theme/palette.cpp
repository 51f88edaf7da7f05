#include "ui/theme/palette.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace syncpoint {

namespace {

struct RoleColors
{
    Theme::Role role;
    QRgb light;
    QRgb dark;
};

using Role = Theme::Role;
constexpr std::array kColors{
    RoleColors{Role::Window, 0xFFF2F3F5, 0xFF1D2025},
    RoleColors{Role::Surface, 0xFFFFFFFF, 0xFF15171B},
    RoleColors{Role::SurfaceRaised, 0xFFF8F9FA, 0xFF262A31},
    RoleColors{Role::Separator, 0xFFD9DDE3, 0xFF343942},
    RoleColors{Role::Text, 0xFF1A1E25, 0xFFE3E6EB},
    RoleColors{Role::TextMuted, 0xFF586170, 0xFF9CA5B3},
    RoleColors{Role::TextDisabled, 0xFF99A1AD, 0xFF5F6875},
    RoleColors{Role::Accent, 0xFF2B5FC7, 0xFF83A9F5},
    RoleColors{Role::AccentText, 0xFFFFFFFF, 0xFF10141B},
    RoleColors{Role::Selection, 0xFFD6E3FB, 0xFF2A3D62},
    RoleColors{Role::SelectionText, 0xFF14181F, 0xFFF2F5FA},
    RoleColors{Role::Ok, 0xFF0B706B, 0xFF52C2B6},
    RoleColors{Role::Warn, 0xFF875700, 0xFFE6B14C},
    RoleColors{Role::Bad, 0xFFB3114E, 0xFFFF7DA6},
    RoleColors{Role::NotCompared, 0xFF8B93A0, 0xFF737C8A},
    RoleColors{Role::Edge, 0xFFB0B7C2, 0xFF4C5460},
    RoleColors{Role::EdgeStrong, 0xFF586170, 0xFF9CA5B3},
    RoleColors{Role::Baseline, 0xFF2F6792, 0xFF7DB4E0},
    RoleColors{Role::Candidate, 0xFF7B4AA8, 0xFFC79CEB},
};

double linearChannel(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor &color)
{
    return 0.2126 * linearChannel(color.redF()) + 0.7152 * linearChannel(color.greenF()) +
           0.0722 * linearChannel(color.blueF());
}

QString styleTemplate()
{
    return QStringLiteral(R"(
QToolTip { color: @Text; background: @SurfaceRaised; border: 1px solid @Separator; padding: 4px; }
QMainWindow::separator { background: @Separator; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: @Accent; }
QSplitter::handle { background: @Separator; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QDockWidget { color: @TextMuted; titlebar-close-icon: none; titlebar-normal-icon: none; }
QDockWidget::title { background: @Window; padding: 6px 12px 5px 12px; text-align: left;
  border-bottom: 1px solid @Separator; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: @TextMuted; padding: 6px 12px 5px 12px;
  border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: @Text; }
QTabBar::tab:selected { color: @Text; border-bottom: 2px solid @Accent; }
QTabBar::tab:focus { color: @Accent; }
QTabWidget::pane { border: none; border-top: 1px solid @Separator; }
QHeaderView { background: @Window; border: none; }
QHeaderView::section { background: @Window; color: @TextMuted; padding: 4px 14px 4px 6px; border: none;
  border-bottom: 1px solid @Separator; border-right: 1px solid @Separator; }
QHeaderView::section:last { border-right: none; }
QTableView, QTreeView, QListView { border: none; background: @Surface;
  alternate-background-color: @SurfaceRaised; gridline-color: @Separator; }
QTreeView { show-decoration-selected: 1; }
QTableView::item, QTreeView::item, QListView::item { padding: 2px 6px; border: none; }
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected {
  background: @Selection; color: @SelectionText; }
QScrollArea { border: none; }
QLineEdit { background: @Surface; color: @Text; border: 1px solid @Separator;
  border-radius: 4px; padding: 3px 8px; min-height: 18px; }
QLineEdit:focus { border: 1px solid @Accent; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: none; padding: 0; min-height: 0;
  background: transparent; }
QPushButton { background: @SurfaceRaised; color: @Text; border: 1px solid @Separator;
  border-radius: 4px; padding: 4px 12px; min-height: 18px; }
QPushButton:hover { border-color: @EdgeStrong; }
QPushButton:focus { border-color: @Accent; }
QPushButton:disabled { color: @TextDisabled; }
QPushButton[primary="true"] { background: @Accent; color: @AccentText; border-color: @Accent; }
QPushButton[primary="true"]:disabled { background: @Separator; color: @TextDisabled;
  border-color: @Separator; }
QToolButton { border: 1px solid transparent; border-radius: 4px; padding: 3px; }
QToolButton:hover { background: @SurfaceRaised; border-color: @Separator; }
QToolButton:focus { border-color: @Accent; }
QToolButton:checked { background: @Selection; color: @SelectionText; }
QMenuBar { background: @Window; border-bottom: 1px solid @Separator; }
QMenuBar::item { padding: 4px 8px; background: transparent; }
QMenuBar::item:selected { background: @Selection; color: @SelectionText; }
QMenu { background: @SurfaceRaised; border: 1px solid @Separator; padding: 4px 0; }
QMenu::item { padding: 4px 24px 4px 24px; }
QMenu::item:selected { background: @Selection; color: @SelectionText; }
QMenu::item:disabled { color: @TextDisabled; }
QMenu::separator { height: 1px; background: @Separator; margin: 4px 0; }
#noticeBar { background: @Selection; }
#noticeBar QLabel { color: @SelectionText; }
QStatusBar { background: @Window; border-top: 1px solid @Separator; color: @TextMuted; }
QStatusBar::item { border: none; }
QProgressBar { border: none; background: @Separator; border-radius: 2px; max-height: 4px; }
QProgressBar::chunk { background: @Accent; border-radius: 2px; }
QFrame[separator="true"] { background: @Separator; border: none; }
*[muted="true"] { color: @TextMuted; }
QLabel[error="true"] { color: @Bad; }
QLabel[heading="true"] { font-weight: 600; }
)");
}

QString nameOf(Role role)
{
    switch (role) {
    case Role::Window:
        return QStringLiteral("@Window");
    case Role::Surface:
        return QStringLiteral("@Surface");
    case Role::SurfaceRaised:
        return QStringLiteral("@SurfaceRaised");
    case Role::Separator:
        return QStringLiteral("@Separator");
    case Role::Text:
        return QStringLiteral("@Text");
    case Role::TextMuted:
        return QStringLiteral("@TextMuted");
    case Role::TextDisabled:
        return QStringLiteral("@TextDisabled");
    case Role::Accent:
        return QStringLiteral("@Accent");
    case Role::AccentText:
        return QStringLiteral("@AccentText");
    case Role::Selection:
        return QStringLiteral("@Selection");
    case Role::SelectionText:
        return QStringLiteral("@SelectionText");
    case Role::EdgeStrong:
        return QStringLiteral("@EdgeStrong");
    case Role::Bad:
        return QStringLiteral("@Bad");
    default:
        return {};
    }
}

} // namespace

QColor paletteColor(Theme::Mode mode, Theme::Role role)
{
    const auto *found =
        std::find_if(kColors.begin(), kColors.end(),
                     [role](const RoleColors &entry) { return entry.role == role; });
    return QColor::fromRgb(mode == Theme::Mode::Light ? found->light : found->dark);
}

QPalette widgetPalette(Theme::Mode mode)
{
    const auto color = [mode](Role role) { return paletteColor(mode, role); };
    QPalette palette;
    palette.setColor(QPalette::Window, color(Role::Window));
    palette.setColor(QPalette::WindowText, color(Role::Text));
    palette.setColor(QPalette::Base, color(Role::Surface));
    palette.setColor(QPalette::AlternateBase, color(Role::SurfaceRaised));
    palette.setColor(QPalette::Text, color(Role::Text));
    palette.setColor(QPalette::Button, color(Role::SurfaceRaised));
    palette.setColor(QPalette::ButtonText, color(Role::Text));
    palette.setColor(QPalette::BrightText, color(Role::Bad));
    palette.setColor(QPalette::ToolTipBase, color(Role::SurfaceRaised));
    palette.setColor(QPalette::ToolTipText, color(Role::Text));
    palette.setColor(QPalette::PlaceholderText, color(Role::TextMuted));
    palette.setColor(QPalette::Highlight, color(Role::Selection));
    palette.setColor(QPalette::HighlightedText, color(Role::SelectionText));
    palette.setColor(QPalette::Link, color(Role::Accent));
    palette.setColor(QPalette::LinkVisited, color(Role::Accent));
    palette.setColor(QPalette::Light, color(Role::SurfaceRaised));
    palette.setColor(QPalette::Midlight, color(Role::Separator));
    palette.setColor(QPalette::Mid, color(Role::Separator));
    palette.setColor(QPalette::Dark, color(Role::Edge));
    palette.setColor(QPalette::Shadow, color(Role::EdgeStrong));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, color(Role::TextDisabled));
    }
    return palette;
}

QString widgetStyleSheet(Theme::Mode mode)
{
    QString sheet = styleTemplate();
    // Longest names first, so that @Text does not eat the start of @TextMuted.
    std::array<RoleColors, kColors.size()> entries = kColors;
    std::sort(entries.begin(), entries.end(), [](const RoleColors &a, const RoleColors &b) {
        return nameOf(a.role).size() > nameOf(b.role).size();
    });
    for (const RoleColors &entry : entries) {
        if (const QString name = nameOf(entry.role); !name.isEmpty()) {
            sheet.replace(name, paletteColor(mode, entry.role).name());
        }
    }
    return sheet;
}

double contrastRatio(const QColor &first, const QColor &second)
{
    const double a = luminance(first);
    const double b = luminance(second);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

} // namespace syncpoint
