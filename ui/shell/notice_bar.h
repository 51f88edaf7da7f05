#pragma once
#include <QWidget>

class QPushButton;

namespace syncpoint {

class ElidedLabel;

/// One sentence above the panes with one thing to do about it; hidden while there is nothing.
class NoticeBar : public QWidget
{
    Q_OBJECT
public:
    explicit NoticeBar(QWidget *parent = nullptr);
    void ask(const QString &sentence, const QString &button, const QString &toolTip = {});

Q_SIGNALS:
    void accepted();

private:
    ElidedLabel *m_sentence;
    QPushButton *m_accept;
};

} // namespace syncpoint
