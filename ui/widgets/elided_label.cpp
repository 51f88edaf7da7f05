#include "ui/widgets/elided_label.h"

#include <QEvent>
#include <QFontMetrics>
#include <QTextLayout>

namespace syncpoint {

void ElidedLabel::setFullText(const QString &text)
{
    m_text = text;
    setToolTip(text);
    setAccessibleName(text);
    updateGeometry();
    elide();
}

void ElidedLabel::setMostLines(int lines)
{
    m_mostLines = lines;
    setWordWrap(lines > 1); // or QLabel says that its height does not depend on its width
    elide();
}

QSize ElidedLabel::minimumSizeHint() const
{
    const QSize text(fontMetrics().horizontalAdvance(QStringLiteral("xxx…xxx")),
                     fontMetrics().height());
    return text.grownBy(contentsMargins());
}

QSize ElidedLabel::sizeHint() const
{
    const QSize text(fontMetrics().horizontalAdvance(m_text) + 2, fontMetrics().height());
    return text.grownBy(contentsMargins());
}

void ElidedLabel::resizeEvent(QResizeEvent *event)
{
    QLabel::resizeEvent(event);
    elide();
}

void ElidedLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        elide();
    }
}

int ElidedLabel::heightForWidth(int width) const
{
    const QMargins margins = contentsMargins();
    return heightOf(linesFor(width - margins.left() - margins.right()));
}

int ElidedLabel::heightOf(const QStringList &lines) const
{
    const QMargins margins = contentsMargins();
    return fontMetrics().lineSpacing() * static_cast<int>(lines.size()) + margins.top() +
           margins.bottom();
}

QStringList ElidedLabel::linesFor(int width) const
{
    if (m_mostLines == 1) {
        return {fontMetrics().elidedText(m_text, m_mode, width)};
    }
    QStringList lines;
    QTextLayout layout(m_text, font());
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        const bool isLast = lines.size() + 1 == m_mostLines;
        const QString rest = m_text.mid(line.textStart());
        lines.push_back(isLast ? fontMetrics().elidedText(rest, Qt::ElideRight, width)
                               : rest.left(line.textLength()).trimmed());
        if (isLast) {
            break;
        }
    }
    layout.endLayout();
    return lines.isEmpty() ? QStringList{QString()} : lines;
}

void ElidedLabel::elide()
{
    const QStringList lines = linesFor(contentsRect().width());
    setText(lines.join(QLatin1Char('\n')));
    if (m_mostLines > 1) { // panes that do not ask for a height by width would cut the last line
        setMinimumHeight(heightOf(lines));
    }
}

} // namespace syncpoint
