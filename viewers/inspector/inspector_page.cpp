#include "viewers/inspector/inspector_page.h"

#include "ui/theme/theme.h"

namespace syncpoint {

namespace {

QString escaped(const QString &text)
{
    // Names have no spaces, so they may only wrap where the path does.
    QString html = text.toHtmlEscaped();
    html.replace(QLatin1Char('/'), QStringLiteral("/&#8203;"));
    html.replace(QLatin1Char('.'), QStringLiteral(".&#8203;"));
    return html;
}

/// Our own labels stay on one line; long keys from files may wrap.
QString labelText(const QString &label)
{
    constexpr qsizetype kShort = 16;
    return label.size() > kShort
               ? escaped(label)
               : label.toHtmlEscaped().replace(QLatin1Char(' '), QStringLiteral("&nbsp;"));
}

class Page
{
public:
    explicit Page(const Theme &theme)
        : m_mono(theme.monoFont().family().toHtmlEscaped()),
          m_muted(theme.color(Theme::Role::TextMuted).name()),
          m_line(theme.color(Theme::Role::Separator).name()),
          m_warn(theme.color(Theme::Role::Warn).name()),
          m_text(theme.color(Theme::Role::Text).name()),
          m_accent(theme.color(Theme::Role::Accent).name())
    {
    }

    void addHeader(const InspectorContent &content)
    {
        m_html += QStringLiteral("<p style='margin:0 0 2px 0; font-family:\"%1\"; font-weight:600'>"
                                 "%2</p>")
                      .arg(m_mono, escaped(content.title));
        QString line = content.subtitle.toHtmlEscaped();
        if (!content.score.isEmpty()) {
            const QString shape =
                content.severity ? QStringLiteral("<img src='severity' width='14' height='14'> ")
                                 : QString();
            line += QStringLiteral(" &nbsp;·&nbsp; %1<b>%2</b>")
                        .arg(shape, content.score.toHtmlEscaped());
        }
        m_html += QStringLiteral("<p style='margin:0 0 8px 0; color:%1'>%2</p>").arg(m_muted, line);
        if (!content.description.isEmpty()) {
            m_html +=
                QStringLiteral("<p style='margin:0 0 8px 0'>%1</p>")
                    .arg(tipped(content.description.toHtmlEscaped(), content.fullDescription));
        }
    }

    void addSection(const InspectorSection &section, const InspectorContent &content, bool isFolded)
    {
        m_html += QStringLiteral("<hr style='background-color:%1; margin:0' height='1'>"
                                 "<p style='margin:6px 0 4px 0'><a href='fold:%2' "
                                 "style='color:%3; text-decoration:none; font-weight:600'>%4 %5</a>"
                                 "</p>")
                      .arg(m_line, section.id, m_text,
                           isFolded ? QStringLiteral("▸") : QStringLiteral("▾"),
                           section.title.toHtmlEscaped());
        if (isFolded) {
            return;
        }
        m_html += QStringLiteral("<table width='100%' cellspacing='0' cellpadding='2' "
                                 "style='margin-bottom:6px'>");
        for (const InspectorRow &row : section.rows) {
            addRow(row);
        }
        m_html += QStringLiteral("</table>");
        if (section.id == QStringLiteral("match")) {
            addEdits(content);
        }
        if (section.id == QStringLiteral("quantization") && content.quantization &&
            content.quantization->scales.size() > 1) {
            m_html += QStringLiteral("<p style='margin:0 0 8px 0'><img src='scales'></p>");
        }
    }

    QString html() const { return m_html; }

private:
    void addRow(const InspectorRow &row)
    {
        if (row.isText) {
            m_html += QStringLiteral("<tr><td colspan='3'>%1</td></tr>")
                          .arg(row.baseline.toHtmlEscaped());
            return;
        }
        QString name = tipped(labelText(row.label), row.toolTip);
        if (row.weight) {
            name = linked(QStringLiteral("weight:%1").arg(*row.weight), name);
        }
        const QString label =
            QStringLiteral("<td width='34%' style='color:%1'>%2%3</td>")
                .arg(m_muted,
                     row.differs ? QStringLiteral("<span style='color:%1'>≠ </span>").arg(m_warn)
                                 : QString(),
                     name);
        QString first = tipped(escaped(row.baseline), row.toolTip);
        if (row.link.isValid()) {
            first = linked(QStringLiteral("point:%1").arg(row.link.index()), first);
        }
        const QString mono = QStringLiteral("font-family:\"%1\"").arg(m_mono);
        if (!row.candidate) {
            m_html += QStringLiteral("<tr>%1<td colspan='2' style='%2'>%3</td></tr>")
                          .arg(label, mono, first);
        } else if (*row.candidate == row.baseline) {
            m_html += QStringLiteral("<tr>%1<td colspan='2' style='%2'>%3</td></tr>")
                          .arg(label, mono, first);
        } else {
            m_html += QStringLiteral("<tr>%1<td width='33%' style='%2'>%3</td>"
                                     "<td width='33%' style='%2'>%4</td></tr>")
                          .arg(label, mono, first, tipped(escaped(*row.candidate), row.toolTip));
        }
    }

    void addEdits(const InspectorContent &content)
    {
        QStringList links;
        for (const InspectorContent::Edit &edit : content.edits) {
            links.push_back(linked(QStringLiteral("edit:") + edit.id, edit.text.toHtmlEscaped()));
        }
        if (!links.isEmpty()) {
            m_html += QStringLiteral("<p style='margin:0 0 8px 0'>%1</p>")
                          .arg(links.join(QStringLiteral(" &nbsp;·&nbsp; ")));
        }
    }

    QString linked(const QString &target, const QString &html) const
    {
        return QStringLiteral("<a href='%1' style='color:%2; text-decoration:none'>%3</a>")
            .arg(target, m_accent, html);
    }

    static QString tipped(const QString &html, const QString &toolTip)
    {
        return toolTip.isEmpty() ? html
                                 : QStringLiteral("<span title='%1'>%2</span>")
                                       .arg(toolTip.toHtmlEscaped().replace(
                                                QLatin1Char('\''), QStringLiteral("&#39;")),
                                            html);
    }

    QString m_mono, m_muted, m_line, m_warn, m_text, m_accent;
    QString m_html;
};

} // namespace

QString inspectorPage(const InspectorContent &content, const QSet<QString> &folded,
                      const Theme &theme)
{
    Page page(theme);
    page.addHeader(content);
    for (const InspectorSection &section : content.sections) {
        page.addSection(section, content, folded.contains(section.id));
    }
    return page.html();
}

} // namespace syncpoint
