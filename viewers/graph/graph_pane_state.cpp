// The part of GraphPane that session files keep.
#include "viewers/graph/graph_pane.h"
#include "viewers/graph/graph_toolbar.h"

#include <QComboBox>
#include <QJsonArray>
#include <QJsonObject>
#include <QToolButton>

namespace syncpoint {

QJsonObject GraphPane::saveState() const
{
    QJsonArray expanded;
    if (m_expanded) {
        for (const std::string &key : *m_expanded) {
            expanded.append(QString::fromStdString(key));
        }
    }
    QJsonObject state{{QStringLiteral("side"), m_side == Side::Baseline
                                                   ? QStringLiteral("baseline")
                                                   : QStringLiteral("candidate")},
                      {QStringLiteral("coloring"), m_tools->coloring->currentIndex()},
                      {QStringLiteral("foldQuantization"), m_foldQuantization},
                      {QStringLiteral("comparing"), m_area->isComparing()},
                      {QStringLiteral("locked"), m_area->isLocked()},
                      {QStringLiteral("swapped"), m_area->isSwapped()},
                      {QStringLiteral("hasExpanded"), m_expanded.has_value()},
                      {QStringLiteral("expanded"), expanded}};
    std::optional<Place> place = m_place;
    if (m_scenes.main) {
        const SceneView view = m_area->main().view();
        place = Place{view.scale, view.origin};
    }
    if (place) {
        state.insert(QStringLiteral("view"),
                     QJsonArray{place->scale, place->origin.x(), place->origin.y()});
    }
    return state;
}

void GraphPane::restoreState(const QJsonObject &state)
{
    m_side = state.value(QStringLiteral("side")).toString() == QStringLiteral("candidate")
                 ? Side::Candidate
                 : Side::Baseline;
    const int coloring = state.value(QStringLiteral("coloring")).toInt();
    setColoring(static_cast<Coloring>(std::clamp(coloring, 0, m_tools->coloring->count() - 1)));
    m_foldQuantization = state.value(QStringLiteral("foldQuantization")).toBool(true);
    m_tools->fold->setChecked(m_foldQuantization);
    m_area->setComparing(state.value(QStringLiteral("comparing")).toBool() &&
                         (!m_result || canCompare()));
    m_area->setLocked(state.value(QStringLiteral("locked")).toBool(true));
    if (state.value(QStringLiteral("swapped")).toBool() != m_area->isSwapped()) {
        m_area->swapPlaces();
    }
    if (state.value(QStringLiteral("hasExpanded")).toBool()) {
        m_expanded.emplace();
        for (const auto &key : state.value(QStringLiteral("expanded")).toArray()) {
            m_expanded->insert(key.toString().toStdString());
        }
        m_restoresView = true; // the next scene belongs to this state
    }
    const QJsonArray view = state.value(QStringLiteral("view")).toArray();
    m_place.reset();
    if (view.size() == 3) {
        m_place = Place{view[0].toDouble(), {view[1].toDouble(), view[2].toDouble()}};
    }
    if (graphOf(m_side) != nullptr) {
        rebuild({}, false);
    }
    updateTools();
}

} // namespace syncpoint
