#pragma once
#include "compare/session/session_config.h"
#include "ui/session/job_runner.h"

#include <QWidget>

class QComboBox;
class QLabel;

namespace syncpoint {

class PathField;
class Theme;

/// One side on the start page: its model or dump, how to get tensors, and what the file holds.
class SideCard : public QWidget
{
    Q_OBJECT
public:
    SideCard(const Theme &theme, const QString &title, QWidget *parent = nullptr);

    SideConfig side() const;
    void setSide(const SideConfig &side);
    bool isEmpty() const;
    void setFile(const QString &file);

Q_SIGNALS:
    void changed();

private:
    void inspect(); ///< looks into the file in the background
    void updateRows();

    PathField *m_file;
    QComboBox *m_tensors;
    PathField *m_dump;
    QComboBox *m_optimize;
    QLabel *m_optimizeLabel;
    QLabel *m_found;
    bool m_isDump = false;
    JobRunner m_jobs;
};

} // namespace syncpoint
