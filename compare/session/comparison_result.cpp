#include "compare/session/comparison_result.h"

namespace syncpoint {

std::string_view pointStatusName(PointStatus status)
{
    switch (status) {
    case PointStatus::Compared:
        return "compared";
    case PointStatus::NoTensor:
        return "no_tensor";
    case PointStatus::ShapeAmbiguous:
        return "shape_ambiguous";
    case PointStatus::RawQuantized:
        return "raw_quantized";
    case PointStatus::Unreadable:
        return "unreadable";
    }
    return "";
}

} // namespace syncpoint
