#pragma once
#include <QColor>
#include <QString>
#include <QWidget>
#include <optional>
#include <vector>

namespace syncpoint {

class Theme;

/// Values over their index as lines, with the extent of both axes in numbers. Reads no data of its
/// own.
class LinePlot : public QWidget
{
    Q_OBJECT
public:
    struct Line
    {
        QString name;
        std::vector<float> values;
        bool isCandidate = false; ///< chooses the colour
    };
    LinePlot(const Theme &theme, const QString &name, QWidget *parent = nullptr);

    void setLines(std::vector<Line> lines);
    void setAxes(const QString &horizontal, const QString &vertical);
    void setEmptyText(const QString &text);
    void setMark(std::optional<std::size_t> index); ///< a thin upright line
    QSize sizeHint() const override { return {280, 160}; }

Q_SIGNALS:
    void indexClicked(std::size_t index);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;

private:
    QRectF plot() const;
    std::size_t longest() const;
    double toX(double index) const;
    void paintLine(QPainter &painter, const Line &line, double low, double high) const;

    const Theme &m_theme;
    std::vector<Line> m_lines;
    QString m_horizontal, m_vertical, m_emptyText;
    std::optional<std::size_t> m_mark;
};

} // namespace syncpoint
