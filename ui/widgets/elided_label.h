#pragma once
#include <QLabel>

namespace syncpoint {

/// A label that elides what does not fit: in the middle of its one line unless told otherwise, or
/// at the end of several lines. The tooltip holds the full text.
class ElidedLabel : public QLabel
{
    Q_OBJECT
public:
    using QLabel::QLabel;
    void setFullText(const QString &text);
    void setElideMode(Qt::TextElideMode mode) { m_mode = mode; }
    /// Wraps over at most that many lines and elides at the end of the last.
    void setMostLines(int lines);
    QString fullText() const { return m_text; }
    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;
    int heightForWidth(int width) const override;

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void elide();
    QStringList linesFor(int width) const;
    int heightOf(const QStringList &lines) const;
    QString m_text;
    Qt::TextElideMode m_mode = Qt::ElideMiddle;
    int m_mostLines = 1;
};

} // namespace syncpoint
