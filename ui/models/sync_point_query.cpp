#include "ui/models/sync_point_query.h"

#include <QRegularExpression>
#include <algorithm>

namespace syncpoint {

namespace {

const QStringList kKeys{QStringLiteral("op"),        QStringLiteral("module"),
                        QStringLiteral("status"),    QStringLiteral("on"),
                        QStringLiteral("placement"), QStringLiteral("dtype"),
                        QStringLiteral("severity"),  QStringLiteral("rule")};

QString column(const RowFacts &row, const QString &key)
{
    if (key == QStringLiteral("op")) {
        return row.op;
    }
    if (key == QStringLiteral("module")) {
        return row.module;
    }
    if (key == QStringLiteral("status")) {
        return row.status;
    }
    if (key == QStringLiteral("dtype")) {
        return row.dtype;
    }
    if (key == QStringLiteral("severity")) {
        return row.severity;
    }
    return key == QStringLiteral("rule") ? row.rule : row.placement;
}

bool holds(double value, const QString &comparison, double bound)
{
    if (comparison == QStringLiteral("<")) {
        return value < bound;
    }
    if (comparison == QStringLiteral("<=")) {
        return value <= bound;
    }
    if (comparison == QStringLiteral(">")) {
        return value > bound;
    }
    return comparison == QStringLiteral(">=") ? value >= bound : value == bound;
}

} // namespace

SyncPointQuery SyncPointQuery::parse(const QString &text,
                                     const std::function<bool(const QString &)> &isNumber)
{
    SyncPointQuery query;
    QString token;
    bool inQuotes = false;
    bool wasQuoted = false;
    const auto flush = [&] {
        if (!token.isEmpty()) {
            query.add(token, wasQuoted, isNumber);
        }
        token.clear();
        wasQuoted = false;
    };
    for (const QChar character : text) {
        if (character == QLatin1Char('"')) {
            inQuotes = !inQuotes;
            wasQuoted = true;
        } else if (character.isSpace() && !inQuotes) {
            flush();
        } else {
            token += character;
        }
    }
    flush();
    return query;
}

void SyncPointQuery::add(const QString &token, bool quoted,
                         const std::function<bool(const QString &)> &isNumber)
{
    static const QRegularExpression limitPattern(
        QStringLiteral("^([A-Za-z][A-Za-z0-9_]*)(<=|>=|<|>|=)(.*)$"));
    const qsizetype colon = token.indexOf(QLatin1Char(':'));
    if (colon > 0 && kKeys.contains(token.left(colon).toLower())) {
        if (colon + 1 < token.size()) { // "op:" alone is still being typed
            m_filters.push_back({token.left(colon).toLower(), {token.mid(colon + 1), quoted}});
        }
        return;
    }
    const auto limit = quoted ? QRegularExpressionMatch() : limitPattern.match(token);
    if (!limit.hasMatch()) {
        m_words.push_back({token, quoted});
        return;
    }
    bool isValid = false;
    const double bound = limit.captured(3).toDouble(&isValid);
    const QString id = limit.captured(1).toLower();
    if (!isNumber(id)) {
        m_problem = QStringLiteral("“%1” is not a number that can be compared").arg(id);
    } else if (isValid) {
        m_limits.push_back({id, limit.captured(2), bound});
    } else if (!limit.captured(3).isEmpty()) {
        m_problem = QStringLiteral("“%1” is not a number").arg(limit.captured(3));
    }
}

bool SyncPointQuery::matches(const RowFacts &row) const
{
    const auto contains = [](const QString &text, const Word &word) {
        return text.contains(word.text, word.exact ? Qt::CaseSensitive : Qt::CaseInsensitive);
    };
    const bool words = std::all_of(m_words.begin(), m_words.end(), [&](const Word &word) {
        return contains(row.names, word) || contains(row.op, word) || contains(row.module, word);
    });
    const bool filters = std::all_of(m_filters.begin(), m_filters.end(), [&](const Filter &filter) {
        const QString text = column(row, filter.key);
        return filter.word.exact ? text == filter.word.text : contains(text, filter.word);
    });
    return words && filters &&
           std::all_of(m_limits.begin(), m_limits.end(), [&](const Limit &limit) {
               const auto value = row.number(limit.id);
               return value && holds(*value, limit.comparison, limit.bound);
           });
}

bool SyncPointQuery::asksFor(const QString &key, const QString &text) const
{
    return std::any_of(m_filters.begin(), m_filters.end(), [&](const Filter &filter) {
        return filter.key == key && text.startsWith(filter.word.text, Qt::CaseInsensitive);
    });
}

} // namespace syncpoint
