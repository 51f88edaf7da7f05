#pragma once
#include <QString>
#include <QStringList>
#include <functional>
#include <optional>
#include <vector>

namespace syncpoint {

/// What the search language may ask of a row. Absent numbers match no comparison.
struct RowFacts
{
    QString names; ///< all names of the row, separated by line breaks
    QString op, module, status, placement, dtype, severity, rule;
    std::function<std::optional<double>(const QString &id)> number;
};

/// The navigator's search: words are ANDed, "quoted text" is matched exactly (with its case),
/// `op:Conv`, `module:decoder`, `status:unmatched`, `on:CPU`, `dtype:int8`, `severity:bad`,
/// `rule:weights` ask one column, and `psnr<30`, `delta>=0.01`, `time>100` compare a number.
class SyncPointQuery
{
public:
    /// `isNumber` says which names may be compared (metric ids, "delta", "time").
    static SyncPointQuery parse(const QString &text,
                                const std::function<bool(const QString &)> &isNumber);

    bool matches(const RowFacts &row) const;
    bool isEmpty() const { return m_words.isEmpty() && m_filters.empty() && m_limits.empty(); }
    bool asksFor(const QString &key, const QString &text) const;
    /// Why part of the text was ignored; empty when all was understood.
    const QString &problem() const { return m_problem; }

private:
    struct Word
    {
        QString text;
        bool exact = false;
    };
    struct Filter
    {
        QString key;
        Word word;
    };
    struct Limit
    {
        QString id;
        QString comparison;
        double bound = 0.0;
    };
    void add(const QString &token, bool quoted,
             const std::function<bool(const QString &)> &isNumber);

    QList<Word> m_words;
    std::vector<Filter> m_filters;
    std::vector<Limit> m_limits;
    QString m_problem;
};

} // namespace syncpoint
