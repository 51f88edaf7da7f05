#pragma once
#include "compare/session/comparison_result.h"
#include "ui/models/result_index.h"

#include <QString>
#include <optional>
#include <vector>

namespace syncpoint {

/// One fact. Two values when both sides have one; `candidate` empty means it concerns both.
struct InspectorRow
{
    QString label;
    QString baseline;
    std::optional<QString> candidate;
    QString toolTip;
    bool differs = false;
    SyncPointId link;                    ///< valid: the first value leads there
    bool isText = false;                 ///< a sentence over the whole width instead of a value
    std::optional<std::size_t> weight{}; ///< slot of the weight that the row leads to
};

struct InspectorSection
{
    QString id; ///< stable, for folding
    QString title;
    std::vector<InspectorRow> rows;
};

/// What the inspector shows of one selection.
struct InspectorContent
{
    QString title;
    QString subtitle;
    QString description;     ///< what the op does, first paragraph; empty when unknown
    QString fullDescription; ///< for the tooltip
    std::optional<Severity> severity;
    QString score;
    std::vector<InspectorSection> sections;
    struct Edit
    {
        QString id, text; ///< of PairingEdit
    };
    std::vector<Edit> edits;                          ///< offered at the end of the section "match"
    std::shared_ptr<const Quantization> quantization; ///< for the plot of scales; may be null
};

InspectorContent describeSelection(const ComparisonResult &result, const ResultIndex &index,
                                   const Selection::Item &item);

} // namespace syncpoint
