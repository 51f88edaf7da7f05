#pragma once
#include "core/launch/run_request.h"
#include "core/media/picture.h"

#include <vector>

namespace syncpoint {

/// One channel of a picture at another size: `levels` has from.height rows of from.width. Every
/// target pixel is the mean of the source around its place, weighted by a triangle that reaches to
/// its neighbours' places, or, when enlarging, to the source's: bilinear filtering that also takes
/// in all of a picture that shrinks (as Pillow's, without its rounding in between). `Crop` keeps
/// the proportions and cuts the longer side equally at both ends.
std::vector<float> scaled(const std::vector<float> &levels, PictureSize from, PictureSize to,
                          PictureSettings::Fit fit);

} // namespace syncpoint
