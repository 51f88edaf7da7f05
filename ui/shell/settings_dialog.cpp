#include "ui/shell/settings_dialog.h"

#include "ui/settings/settings.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFontComboBox>
#include <QFormLayout>

namespace syncpoint {

SettingsDialog::SettingsDialog(Settings &settings, Theme &theme, QWidget *parent)
    : QDialog(parent), m_settings(settings), m_theme(theme), m_mode(new QComboBox(this)),
      m_text(new QFontComboBox(this)), m_mono(new QFontComboBox(this)),
      m_size(new QDoubleSpinBox(this))
{
    setWindowTitle(QStringLiteral("Settings"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_mode->addItems({QStringLiteral("Light"), QStringLiteral("Dark")});
    m_mode->setCurrentIndex(theme.mode() == Theme::Mode::Dark ? 1 : 0);
    m_text->setCurrentFont(theme.textFont());
    m_mono->setFontFilters(QFontComboBox::MonospacedFonts);
    m_mono->setCurrentFont(theme.monoFont());
    m_size->setRange(6.0, 32.0);
    m_size->setSingleStep(0.5);
    m_size->setSuffix(QStringLiteral(" pt"));
    m_size->setValue(theme.textFont().pointSizeF());

    auto *form = new QFormLayout(this);
    form->setSpacing(2 * Theme::kGrid);
    form->addRow(QStringLiteral("&Theme"), m_mode);
    form->addRow(QStringLiteral("Text &font"), m_text);
    form->addRow(QStringLiteral("Font of names and &numbers"), m_mono);
    form->addRow(QStringLiteral("Font &size"), m_size);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    form->addRow(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    connect(m_mode, &QComboBox::currentIndexChanged, this, &SettingsDialog::store);
    connect(m_text, &QFontComboBox::currentFontChanged, this, &SettingsDialog::store);
    connect(m_mono, &QFontComboBox::currentFontChanged, this, &SettingsDialog::store);
    connect(m_size, &QDoubleSpinBox::valueChanged, this, &SettingsDialog::store);
}

void SettingsDialog::store()
{
    m_settings.setThemeMode(m_mode->currentIndex() == 1 ? Theme::Mode::Dark : Theme::Mode::Light);
    m_settings.setFonts(
        {m_text->currentFont().family(), m_mono->currentFont().family(), m_size->value()});
    applySettings(m_settings, m_theme);
}

} // namespace syncpoint
