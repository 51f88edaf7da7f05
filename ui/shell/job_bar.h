#pragma once
#include <QTimer>
#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace syncpoint {

class JobRunner;
class SessionController;
class Theme;

/// Stage, progress and a cancel button in the status bar; appears when work takes over 300 ms.
class JobBar : public QWidget
{
    Q_OBJECT
public:
    JobBar(SessionController &controller, const Theme &theme, QWidget *parent = nullptr);

private:
    void setBusy(bool busy);
    void poll();

    SessionController &m_controller;
    QLabel *m_stage;
    QProgressBar *m_progress;
    QToolButton *m_cancel;
    QTimer m_poll;
    QTimer m_delay;
};

} // namespace syncpoint
