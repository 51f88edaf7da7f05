#include "core/run/sample_split.h"

#include <fmt/format.h>
#include <memory>

namespace syncpoint {

std::string describe(const ModelPort &port)
{
    std::string text(dtypeName(port.dtype));
    if (port.anyShape) {
        return text + " of any shape";
    }
    if (port.shape.empty()) {
        return text + " scalar";
    }
    for (std::size_t axis = 0; axis < port.shape.size(); ++axis) {
        text += axis == 0 ? " " : "×";
        text += port.shape[axis] < 0 ? std::string("?") : std::to_string(port.shape[axis]);
    }
    return text;
}

std::string describe(const TensorInfo &info)
{
    return fmt::format("{} {}", dtypeName(info.dtype), toText(info.shape));
}

std::optional<std::size_t> sampleCount(const Shape &array, const ModelPort &port,
                                       bool rowsAreSamples)
{
    if (port.anyShape) {
        return 1;
    }
    if (array.size() != port.shape.size()) {
        return std::nullopt;
    }
    for (std::size_t axis = 1; axis < array.size(); ++axis) {
        if (port.shape[axis] >= 0 && port.shape[axis] != array[axis]) {
            return std::nullopt;
        }
    }
    if (array.empty() || port.shape[0] == array[0]) {
        return 1;
    }
    if (port.shape[0] < 0) {
        return rowsAreSamples && array[0] > 0 ? static_cast<std::size_t>(array[0]) : 1;
    }
    if (port.shape[0] == 0 || array[0] == 0 || array[0] % port.shape[0] != 0) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(array[0] / port.shape[0]);
}

Result<std::vector<Tensor>> splitSamples(const Tensor &array, std::size_t count)
{
    if (count == 1) {
        return std::vector<Tensor>{array};
    }
    const std::size_t bits = bitWidth(array.info().dtype);
    const std::size_t part = array.bytes().size() / count;
    if (bits == 0 || array.elements() / count * bits != part * 8) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("an array of {} cannot be cut into {} samples",
                                 describe(array.info()), count)};
    }
    TensorInfo info = array.info();
    info.shape[0] /= static_cast<std::int64_t>(count);
    const auto owner = std::make_shared<Tensor>(array);
    std::vector<Tensor> parts;
    for (std::size_t i = 0; i < count; ++i) {
        auto sample = Tensor::wrap(info, array.bytes().subspan(i * part, part), owner);
        if (!sample) {
            return sample.error();
        }
        parts.push_back(*std::move(sample));
    }
    return parts;
}

} // namespace syncpoint
