#pragma once
#include "ui/session/file_watch.h"
#include "ui/shell/notice_bar.h"

namespace syncpoint {

class SessionController;

/// Watches the files of the comparison on screen and offers to compare again when one changes.
class ReloadOffer : public NoticeBar
{
    Q_OBJECT
public:
    explicit ReloadOffer(SessionController &controller, QWidget *parent = nullptr);

private:
    void offer(const QStringList &files);

    FileWatch m_watch;
};

} // namespace syncpoint
