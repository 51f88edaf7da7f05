#pragma once
#include "compare/align/sync_point.h"
#include "core/graph/ids.h"

#include <QObject>
#include <cstdint>
#include <vector>

namespace syncpoint {

enum class Side : std::uint8_t { Baseline, Candidate };

/// What is selected: an op or value on one side and the sync point that speaks for it. The bus
/// between panes.
class Selection : public QObject
{
    Q_OBJECT
public:
    struct Item
    {
        Side side = Side::Baseline;
        NodeId node;       ///< invalid when only a module or nothing is selected
        ValueId value;     ///< the value shown by the tensor viewer; invalid: the point's
        ModuleId module;   ///< of the baseline graph; valid when a module is selected
        SyncPointId point; ///< effective sync point of the node; invalid when it has none
        bool operator==(const Item &) const = default;
    };
    using QObject::QObject;

    const Item &current() const { return m_current; }
    std::size_t sample() const { return m_sample; } ///< which sample the tensor panes show

    /// `origin` is the pane that made the choice, so that it does not scroll under the user's hand.
    void select(const Item &item, QObject *origin);
    void setSample(std::size_t sample, QObject *origin);
    void clear();
    void back(); ///< history, as in a browser
    void forward();
    bool canGoBack() const { return m_position > 0; }
    bool canGoForward() const { return m_position + 1 < m_history.size(); }

Q_SIGNALS:
    void changed(const syncpoint::Selection::Item &item, QObject *origin);
    void sampleChanged(std::size_t sample, QObject *origin);

private:
    Item m_current;
    std::size_t m_sample = 0;
    std::vector<Item> m_history;
    std::size_t m_position = 0;
};

} // namespace syncpoint
