#pragma once
#include <QLabel>

namespace syncpoint {

/// A one-line label that elides, in the middle unless told otherwise; the tooltip holds the full
/// text.
class ElidedLabel : public QLabel
{
    Q_OBJECT
public:
    using QLabel::QLabel;
    void setFullText(const QString &text);
    void setElideMode(Qt::TextElideMode mode) { m_mode = mode; }
    QString fullText() const { return m_text; }
    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void elide();
    QString m_text;
    Qt::TextElideMode m_mode = Qt::ElideMiddle;
};

} // namespace syncpoint
