#include "ui/pairing/map_file.h"

#include "core/base/atomic_file.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace syncpoint {

namespace {

QJsonArray toArray(const std::vector<std::pair<std::string, std::string>> &pairs)
{
    QJsonArray array;
    for (const auto &[first, second] : pairs) {
        array.append(QJsonArray{QString::fromStdString(first), QString::fromStdString(second)});
    }
    return array;
}

} // namespace

Result<void> writeManualMap(const ManualMap &map, const QString &file)
{
    const QJsonObject object{{QStringLiteral("pairs"), toArray(map.pairs)},
                             {QStringLiteral("forbid"), toArray(map.forbidden)},
                             {QStringLiteral("rename"), toArray(map.renames)}};
    return writeFileAtomically(file.toStdU16String(), QJsonDocument(object).toJson().toStdString());
}

} // namespace syncpoint
