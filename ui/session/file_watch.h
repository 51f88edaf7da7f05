#pragma once
#include "compare/session/session_config.h"

#include <QFileSystemWatcher>
#include <QHash>
#include <QObject>
#include <QStringList>
#include <QTimer>

namespace syncpoint {

/// Tells when a file of a comparison was written again: its models, dumps and inputs.
class FileWatch : public QObject
{
    Q_OBJECT
public:
    explicit FileWatch(QObject *parent = nullptr);
    void watch(const SessionConfig &config); ///< the files as they are now; forgets all others

Q_SIGNALS:
    /// Once writing has come to rest; the files are there and differ in size or time.
    void changed(const QStringList &files);

private:
    struct Stamp
    {
        qint64 size = 0, time = 0; ///< bytes; ms since the epoch
        bool operator==(const Stamp &) const = default;
    };
    static Stamp stampOf(const QString &file);
    void check();

    QFileSystemWatcher m_watcher;
    QHash<QString, Stamp> m_stamps;
    QTimer m_rest;
};

} // namespace syncpoint
