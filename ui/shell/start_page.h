#pragma once
#include "compare/session/session_config.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QListWidget;
class QPushButton;
class QToolButton;

namespace syncpoint {

class PathField;
class RunSettings;
class SideCard;
class Settings;
class Theme;
struct RecentSession;

/// Where a comparison is set up: two sides, inputs, thresholds; recent ones; the example.
class StartPage : public QWidget
{
    Q_OBJECT
public:
    StartPage(const Theme &theme, const Settings &settings, QWidget *parent = nullptr);

    /// The config on screen; fields that the page does not show come from the last setConfig().
    /// Fails (BadInput) on text in the run settings that is not of the documented form.
    Result<SessionConfig> config() const;
    void request(); ///< as the button does: asks for a comparison or says what is wrong
    void setConfig(const SessionConfig &config);
    /// One file goes to the first empty side, two are baseline and candidate.
    void setFiles(const QStringList &files);
    bool hasBaseline() const;
    void setBusy(bool busy);
    void showError(const QString &sentence); ///< until the next comparison starts
    void showRecent();

Q_SIGNALS:
    void compareRequested(const syncpoint::SessionConfig &config);
    void exampleRequested();
    void recentRequested(const syncpoint::RecentSession &session);

private:
    QWidget *makeInputRow();
    QWidget *makeRecentColumn(const Theme &theme);
    void updateButton();

    const Settings &m_settings;
    SessionConfig m_base;
    SideCard *m_baseline;
    SideCard *m_candidate;
    QComboBox *m_inputs;
    PathField *m_inputFile;
    QComboBox *m_profile;
    QToolButton *m_more;
    RunSettings *m_settingsForm;
    QPushButton *m_compare;
    QLabel *m_hint;
    QLabel *m_error;
    QListWidget *m_recent;
    bool m_isBusy = false;
};

} // namespace syncpoint
