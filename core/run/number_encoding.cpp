#include "core/run/number_encoding.h"
#include "core/tensor/decode.h"

#include <fmt/format.h>
#include <vector>

namespace syncpoint {

bool isConvertible(DType from, DType to)
{
    // uint64 is left out as a source: its upper half has no signed equivalent to check against.
    return from == to || (isFloat(from) && canEncodeReals(to)) ||
           (canEncodeIntegers(from) && from != DType::UInt64 && canEncodeIntegers(to));
}

Result<Tensor> converted(const Tensor &tensor, DType dtype)
{
    const DType from = tensor.info().dtype;
    if (from == dtype) {
        return tensor;
    }
    if (!isConvertible(from, dtype)) {
        return Error{ErrorCode::BadInput,
                     fmt::format("{} cannot be turned into {}", dtypeName(from), dtypeName(dtype))};
    }
    TensorView view = tensor.view();
    view.quantization = nullptr; // an input is what the file stores, not what it stands for
    if (isFloat(from)) {
        std::vector<double> values(tensor.elements());
        decode(view, 0, std::span<double>(values));
        return encodeReals(dtype, tensor.info().shape, values);
    }
    std::vector<std::int64_t> values(tensor.elements());
    decodeRaw(view, 0, values);
    return encodeIntegers(dtype, tensor.info().shape, values);
}

} // namespace syncpoint
