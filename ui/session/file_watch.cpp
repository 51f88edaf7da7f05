#include "ui/session/file_watch.h"

#include <QDateTime>
#include <QFileInfo>

namespace syncpoint {

namespace {
constexpr int kRest = 700; ///< ms without news: exporters write large models in many pieces
} // namespace

FileWatch::FileWatch(QObject *parent) : QObject(parent)
{
    m_rest.setSingleShot(true);
    m_rest.setInterval(kRest);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, &m_rest, qOverload<>(&QTimer::start));
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, &m_rest,
            qOverload<>(&QTimer::start));
    connect(&m_rest, &QTimer::timeout, this, &FileWatch::check);
}

void FileWatch::watch(const SessionConfig &config)
{
    const QStringList old = m_watcher.files() + m_watcher.directories();
    if (!old.isEmpty()) {
        m_watcher.removePaths(old);
    }
    m_stamps.clear();
    m_rest.stop();
    for (const auto &path : {config.baseline.model, config.baseline.dump, config.candidate.model,
                             config.candidate.dump, config.inputs.file}) {
        if (path) {
            const QFileInfo info(QString::fromStdString(path->string()));
            m_stamps.insert(info.absoluteFilePath(), stampOf(info.absoluteFilePath()));
            m_watcher.addPath(info.absoluteFilePath());
            m_watcher.addPath(info.absolutePath()); // a file that is replaced is another one
        }
    }
}

FileWatch::Stamp FileWatch::stampOf(const QString &file)
{
    const QFileInfo info(file);
    return info.exists() ? Stamp{info.size(), info.lastModified().toMSecsSinceEpoch()} : Stamp{};
}

void FileWatch::check()
{
    QStringList files;
    for (auto file = m_stamps.begin(); file != m_stamps.end(); ++file) {
        const Stamp now = stampOf(file.key());
        if (now == Stamp{} || now == file.value()) {
            continue; // gone for now, or only its neighbours changed
        }
        file.value() = now;
        files.push_back(file.key());
        m_watcher.addPath(file.key());
    }
    if (!files.isEmpty()) {
        files.sort();
        Q_EMIT changed(files);
    }
}

} // namespace syncpoint
