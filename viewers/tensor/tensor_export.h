#pragma once
#include "core/base/result.h"

#include <QImage>
#include <QString>
#include <vector>

namespace syncpoint {

class PlanePictures;
class TensorPane;

/// What of a tensor can be written to a file.
struct TensorExport
{
    QString filter; ///< of the file dialog: "Baseline, real values (*.npy)"
    QString suffix; ///< ".npy"
    Result<std::string> (*bytes)(const TensorPane &pane);
};
const std::vector<TensorExport> &tensorExports();

/// The pictures as they are on screen, each with its colours and their ends in numbers below.
QImage pictureWithBars(const PlanePictures &pictures);

/// Asks for a file and writes it; returns the sentence to show, empty when the user gave up.
QString askAndExport(TensorPane &pane);

} // namespace syncpoint
