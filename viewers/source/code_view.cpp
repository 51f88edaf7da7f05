#include "viewers/source/code_view.h"

#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <algorithm>
#include <cmath>

namespace syncpoint {

namespace {

constexpr int kNumberMargin = 0;
constexpr int kHeatMargin = 1;
constexpr int kScoreMargin = 2;
constexpr int kHeatLevels = 8; // markers 0–7
constexpr int kCurrentLineMarker = 8;
constexpr int kHeatWidth = 8;

QsciLexerPython *makeLexer(QObject *parent, const Theme &theme)
{
    auto *lexer = new QsciLexerPython(parent);
    const QColor text = theme.color(Theme::Role::Text);
    lexer->setDefaultFont(theme.monoFont());
    lexer->setDefaultColor(text);
    lexer->setDefaultPaper(theme.color(Theme::Role::Surface));
    lexer->setFont(theme.monoFont());
    lexer->setPaper(theme.color(Theme::Role::Surface));
    lexer->setColor(text);
    const QColor muted = theme.color(Theme::Role::TextMuted);
    for (const int style : {QsciLexerPython::Comment, QsciLexerPython::CommentBlock}) {
        lexer->setColor(muted, style);
    }
    for (const int style :
         {QsciLexerPython::DoubleQuotedString, QsciLexerPython::SingleQuotedString,
          QsciLexerPython::TripleDoubleQuotedString, QsciLexerPython::TripleSingleQuotedString,
          QsciLexerPython::DoubleQuotedFString, QsciLexerPython::SingleQuotedFString}) {
        lexer->setColor(theme.color(Theme::Role::Ok), style);
    }
    lexer->setColor(theme.color(Theme::Role::Accent), QsciLexerPython::Keyword);
    for (const int style : {QsciLexerPython::ClassName, QsciLexerPython::FunctionMethodName}) {
        lexer->setColor(theme.color(Theme::Role::Candidate), style);
    }
    return lexer;
}

} // namespace

CodeView::CodeView(const Theme &theme, QWidget *parent) : QsciScintilla(parent), m_theme(theme)
{
    setReadOnly(true);
    setUtf8(true);
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(QStringLiteral("Source code"));
    setMarginType(kNumberMargin, QsciScintilla::NumberMargin);
    setMarginType(kHeatMargin, QsciScintilla::SymbolMargin);
    setMarginType(kScoreMargin, QsciScintilla::TextMarginRightJustified);
    setMarginWidth(kHeatMargin, kHeatWidth);
    setMarginMarkerMask(kHeatMargin, (1 << kHeatLevels) - 1);
    for (const int margin : {kNumberMargin, kHeatMargin, kScoreMargin}) {
        setMarginSensitivity(margin, true);
    }
    for (int level = 0; level < kHeatLevels; ++level) {
        markerDefine(QsciScintilla::FullRectangle, level);
    }
    markerDefine(QsciScintilla::Background, kCurrentLineMarker);
    setCaretWidth(0);
    connect(this, &QsciScintilla::marginClicked, this, [this](int, int line, auto) {
        Q_EMIT lineClicked(static_cast<std::uint32_t>(line) + 1);
    });
    connect(&theme, &Theme::changed, this, &CodeView::restyle);
    restyle();
}

void CodeView::restyle()
{
    QsciLexer *old = lexer();
    setLexer(makeLexer(this, m_theme));
    delete old;
    setMarginsBackgroundColor(m_theme.color(Theme::Role::Window));
    setMarginsForegroundColor(m_theme.color(Theme::Role::TextMuted));
    setMarginsFont(m_theme.monoFont());
    setSelectionBackgroundColor(m_theme.color(Theme::Role::Selection));
    setSelectionForegroundColor(m_theme.color(Theme::Role::SelectionText));
    for (int level = 0; level < kHeatLevels; ++level) {
        const double heat = static_cast<double>(level) / (kHeatLevels - 1);
        setMarkerBackgroundColor(m_theme.scoreColor(1.0 - heat), level);
    }
    setMarkerBackgroundColor(m_theme.color(Theme::Role::Selection), kCurrentLineMarker);
    setMarks(m_marks);
}

void CodeView::setSource(const QString &source)
{
    m_line = 0;
    setText(source);
    setMarginWidth(kNumberMargin, QStringLiteral(" %1").arg(std::max(lines(), 100)));
}

void CodeView::setMarks(const std::vector<Mark> &marks)
{
    m_marks = marks;
    clearMarginText();
    for (int level = 0; level < kHeatLevels; ++level) {
        markerDeleteAll(level);
    }
    QString widest;
    const QsciStyle plain(-1, QStringLiteral("score"), m_theme.color(Theme::Role::TextMuted),
                          m_theme.color(Theme::Role::Window), m_theme.monoFont());
    const QsciStyle bad(-1, QStringLiteral("bad score"), m_theme.color(Theme::Role::Bad),
                        m_theme.color(Theme::Role::Window), m_theme.monoFont());
    for (const Mark &mark : m_marks) {
        const int line = static_cast<int>(mark.line) - 1;
        if (line < 0 || line >= lines()) {
            continue; // another version of the file
        }
        const double heat = std::clamp(mark.heat, 0.0, 1.0);
        markerAdd(line, static_cast<int>(std::lround(heat * (kHeatLevels - 1))));
        setMarginText(line, mark.text, mark.isBad ? bad : plain);
        widest = mark.text.size() > widest.size() ? mark.text : widest;
    }
    setMarginWidth(kScoreMargin, widest.isEmpty() ? QString() : QStringLiteral(" %1 ").arg(widest));
}

void CodeView::showLine(std::uint32_t line)
{
    markerDeleteAll(kCurrentLineMarker);
    const int row = static_cast<int>(line) - 1;
    if (row < 0 || row >= lines()) {
        return;
    }
    m_line = line;
    markerAdd(row, kCurrentLineMarker);
    setCursorPosition(row, 0);
    ensureLineVisible(row);
    const auto visible = static_cast<int>(SendScintilla(SCI_LINESONSCREEN));
    setFirstVisibleLine(std::max(0, row - visible / 2));
}

void CodeView::mouseReleaseEvent(QMouseEvent *event)
{
    QsciScintilla::mouseReleaseEvent(event);
    if (event->button() == Qt::LeftButton && !hasSelectedText()) {
        int line = 0;
        int column = 0;
        getCursorPosition(&line, &column);
        Q_EMIT lineClicked(static_cast<std::uint32_t>(line) + 1);
    }
}

void CodeView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        int line = 0;
        int column = 0;
        getCursorPosition(&line, &column);
        Q_EMIT lineClicked(static_cast<std::uint32_t>(line) + 1);
        return;
    }
    if (event->key() == Qt::Key_Tab || event->key() == Qt::Key_Backtab) {
        focusNextPrevChild(event->key() == Qt::Key_Tab); // read-only text needs no tabs
        return;
    }
    QsciScintilla::keyPressEvent(event);
}

} // namespace syncpoint
