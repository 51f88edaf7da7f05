#pragma once
#include <QDialog>

class QComboBox;
class QDoubleSpinBox;
class QFontComboBox;

namespace syncpoint {

class Settings;
class Theme;

/// Theme and fonts; every change is in force at once.
class SettingsDialog : public QDialog
{
    Q_OBJECT
public:
    SettingsDialog(Settings &settings, Theme &theme, QWidget *parent);

private:
    void store();

    Settings &m_settings;
    Theme &m_theme;
    QComboBox *m_mode;
    QFontComboBox *m_text;
    QFontComboBox *m_mono;
    QDoubleSpinBox *m_size;
};

} // namespace syncpoint
