#pragma once
#include "core/graph/source_location.h"

#include <QAbstractListModel>
#include <vector>

namespace syncpoint {

class Theme;

/// The stack of one op, innermost first: user frames, then one row that opens the framework's.
class FrameModel : public QAbstractListModel
{
    Q_OBJECT
public:
    explicit FrameModel(const Theme &theme, QObject *parent = nullptr);
    void setFrames(std::vector<SourceFrame> frames);
    /// Null for the row that shows or hides framework frames.
    const SourceFrame *frameAt(int row) const;
    void toggleFramework();
    int rowOf(const SourceFrame &frame) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    int userCount() const { return static_cast<int>(m_user.size()); }

    const Theme &m_theme;
    std::vector<SourceFrame> m_user;
    std::vector<SourceFrame> m_framework;
    bool m_showsFramework = false;
};

} // namespace syncpoint
