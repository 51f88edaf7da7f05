#pragma once
#include <QWidget>

class QLabel;
class QPushButton;

namespace syncpoint {

class Theme;

/// What an empty pane shows: what would be here, how to get it, and at most one button that does.
class EmptyState : public QWidget
{
    Q_OBJECT
public:
    EmptyState(const Theme &theme, const QString &icon, QWidget *parent = nullptr);
    void setText(const QString &title, const QString &explanation);
    void setButton(const QString &text); ///< empty hides it
    QString title() const;

Q_SIGNALS:
    void buttonClicked();

private:
    QLabel *m_icon;
    QLabel *m_title;
    QLabel *m_explanation;
    QPushButton *m_button;
};

} // namespace syncpoint
