#pragma once
#include "viewers/source/qscintilla.h"

#include <QString>

#include <cstdint>
#include <vector>

namespace syncpoint {

class Theme;

/// A read-only Python editor with a heat margin and a text margin.
class CodeView : public QsciScintilla
{
    Q_OBJECT
public:
    struct Mark
    {
        std::uint32_t line = 0; ///< from 1
        double heat = 0.0;      ///< 0 none … 1 the hottest
        QString text;           ///< "27.7 dB"; shown in the margin
        bool isBad = false;
    };

    explicit CodeView(const Theme &theme, QWidget *parent = nullptr);
    void setSource(const QString &text);
    void setMarks(const std::vector<Mark> &marks);
    void showLine(std::uint32_t line);

Q_SIGNALS:
    void lineClicked(std::uint32_t line); ///< in the text or in a margin

protected:
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void restyle();

    const Theme &m_theme;
    std::vector<Mark> m_marks;
    std::uint32_t m_line = 0;
};

} // namespace syncpoint
