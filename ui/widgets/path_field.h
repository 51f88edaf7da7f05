#pragma once
#include <QString>
#include <QWidget>
#include <filesystem>
#include <optional>

class QLineEdit;
class QToolButton;

namespace syncpoint {

class Theme;

/// A file by typing, by a file dialog or by dropping it.
class PathField : public QWidget
{
    Q_OBJECT
public:
    /// `caption` names the field for screen readers and the dialog; `filter` is for the dialog.
    PathField(const Theme &theme, const QString &caption, const QString &filter,
              QWidget *parent = nullptr);

    std::optional<std::filesystem::path> path() const; ///< nothing when empty
    void setPath(const std::optional<std::filesystem::path> &path);
    void setPlaceholder(const QString &text);
    void browse();

Q_SIGNALS:
    void changed();

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    QString m_caption;
    QString m_filter;
    QLineEdit *m_edit;
    QToolButton *m_button;
};

std::filesystem::path toPath(const QString &text);
QString pathText(const std::filesystem::path &path);

} // namespace syncpoint
