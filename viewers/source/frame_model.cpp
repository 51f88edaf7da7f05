#include "viewers/source/frame_model.h"

#include "ui/theme/theme.h"

#include <algorithm>

namespace syncpoint {

FrameModel::FrameModel(const Theme &theme, QObject *parent)
    : QAbstractListModel(parent), m_theme(theme)
{
}

void FrameModel::setFrames(std::vector<SourceFrame> frames)
{
    beginResetModel();
    m_user.clear();
    m_framework.clear();
    for (SourceFrame &frame : frames) {
        (isUserFrame(frame) ? m_user : m_framework).push_back(std::move(frame));
    }
    m_showsFramework = m_user.empty();
    endResetModel();
}

const SourceFrame *FrameModel::frameAt(int row) const
{
    if (row < 0 || row == userCount()) {
        return nullptr;
    }
    return row < userCount() ? &m_user[static_cast<std::size_t>(row)]
                             : &m_framework[static_cast<std::size_t>(row - userCount() - 1)];
}

void FrameModel::toggleFramework()
{
    beginResetModel();
    m_showsFramework = !m_showsFramework;
    endResetModel();
}

int FrameModel::rowOf(const SourceFrame &frame) const
{
    for (int row = 0; row < rowCount(); ++row) {
        const SourceFrame *candidate = frameAt(row);
        if (candidate != nullptr && *candidate == frame) {
            return row;
        }
    }
    return -1;
}

int FrameModel::rowCount(const QModelIndex &parent) const
{
    if (parent.isValid()) {
        return 0;
    }
    const int toggle = m_framework.empty() ? 0 : 1;
    return userCount() + toggle + (m_showsFramework ? static_cast<int>(m_framework.size()) : 0);
}

QVariant FrameModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    const SourceFrame *frame = frameAt(index.row());
    if (role == Qt::FontRole) {
        return frame != nullptr ? m_theme.monoFont() : m_theme.textFont();
    }
    if (role == Qt::ForegroundRole && index.row() >= userCount()) {
        return m_theme.color(Theme::Role::TextMuted);
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) {
        return {};
    }
    if (frame == nullptr) {
        return QStringLiteral("%1 %2 framework frames")
            .arg(m_showsFramework ? QStringLiteral("▾") : QStringLiteral("▸"))
            .arg(m_framework.size());
    }
    const QString file = QString::fromStdString(frame->file);
    return QStringLiteral("%1:%2  %3")
        .arg(role == Qt::ToolTipRole ? file : file.section(QLatin1Char('/'), -1))
        .arg(frame->line)
        .arg(QString::fromStdString(frame->function));
}

} // namespace syncpoint
