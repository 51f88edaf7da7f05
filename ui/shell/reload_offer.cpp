#include "ui/shell/reload_offer.h"

#include "ui/session/session_controller.h"

#include <QFileInfo>

namespace syncpoint {

ReloadOffer::ReloadOffer(SessionController &controller, QWidget *parent) : NoticeBar(parent)
{
    connect(&controller, &SessionController::resultChanged, this, [this, &controller] {
        hide();
        m_watch.watch(controller.result()->config);
    });
    connect(&m_watch, &FileWatch::changed, this, &ReloadOffer::offer);
    connect(this, &NoticeBar::accepted, &controller, &SessionController::compare);
}

void ReloadOffer::offer(const QStringList &files)
{
    QStringList names;
    for (const QString &file : files) {
        names.push_back(QFileInfo(file).fileName());
    }
    ask(names.size() == 1
            ? QStringLiteral("%1 changed on disk; the window still shows the old one.")
                  .arg(names.front())
            : QStringLiteral("%1 changed on disk; the window still shows the old ones.")
                  .arg(names.join(QStringLiteral(", "))),
        QStringLiteral("&Compare again"), files.join(QLatin1Char('\n')));
}

} // namespace syncpoint
