#pragma once
#include "core/tensor/quantization.h"

#include <QImage>

namespace syncpoint {

class Theme;

/// The scales channel by channel as bars from zero; for per-channel quantization. `width` in
/// logical pixels.
QImage plotScales(const Quantization &quantization, const Theme &theme, int width, double ratio);

} // namespace syncpoint
