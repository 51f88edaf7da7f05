#pragma once
#include "compare/session/comparison_result.h"
#include "ui/session/selection.h"

#include <QJsonObject>

namespace syncpoint {

/// The selection by names, for session files: ids change when a model is exported again.
QJsonObject selectionState(const ComparisonResult &result, const Selection &selection);

/// What of a saved selection still exists; nothing selected when none of it does.
Selection::Item selectionFromState(const ComparisonResult &result, const QJsonObject &state);
/// Within the samples of the result.
std::size_t sampleFromState(const ComparisonResult &result, const QJsonObject &state);

} // namespace syncpoint
