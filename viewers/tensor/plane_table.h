#pragma once
#include "viewers/tensor/plane.h"
#include "viewers/tensor/plane_render.h"

#include <QAbstractTableModel>
#include <QPoint>
#include <QTableView>

namespace syncpoint {

class Theme;

/// The numbers of a plane, one cell each on the colour they have in the picture. A single row is
/// shown upright, with A, B and their difference beside one another.
class PlaneTableModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum class Shown { Baseline, Candidate, Difference };
    using QAbstractTableModel::QAbstractTableModel;

    /// Both outlive the next call; either may be empty or null.
    void setPlanes(const Plane *baseline, const Plane *candidate);
    void setShown(Shown shown);
    void setColors(const PlaneColors &baseline, const PlaneColors &candidate);
    bool isUpright() const;
    /// Cells of the plane (x column, y row) and of the table.
    QPoint planeCell(const QModelIndex &index) const;
    QModelIndex indexOf(QPoint cell) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const Plane *shape() const;
    std::optional<float> valueAt(Shown shown, QPoint cell) const;
    Shown shownIn(int column) const;

    const Plane *m_baseline = nullptr, *m_candidate = nullptr;
    PlaneColors m_baselineColors, m_candidateColors;
    Shown m_shown = Shown::Candidate;
};

/// The table with keyboard, range selection and copying as tab-separated text.
class PlaneTable : public QTableView
{
    Q_OBJECT
public:
    explicit PlaneTable(const Theme &theme, QWidget *parent = nullptr);

    PlaneTableModel &numbers() { return m_numbers; }
    void setPlanes(const Plane *baseline, const Plane *candidate);
    void setCell(std::optional<QPoint> cell); ///< the picked one; scrolls there
    QString selectedText() const;

Q_SIGNALS:
    void cellClicked(QPoint cell); ///< by mouse or keyboard

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;

private:
    PlaneTableModel m_numbers;
    bool m_isFollowing = false;
};

} // namespace syncpoint
