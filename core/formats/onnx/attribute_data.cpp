#include "core/formats/onnx/attribute_data.h"

#include <cstddef>
#include <span>

namespace syncpoint {

namespace {
Result<std::optional<Tensor>> tensorOf(const OnnxAttribute &proto, OnnxTensorReader &tensors)
{
    if (proto.type == OnnxAttribute::Type::Tensor && !proto.tensors.empty()) {
        return tensors.read(proto.tensors.front());
    }
    if (!proto.sparse.empty()) {
        return tensors.readSparse(proto.sparse.front());
    }
    if (proto.tensors.empty()) {
        return Error{ErrorCode::BadFormat, "the tensor is missing"};
    }
    return std::optional<Tensor>();
}

std::optional<Tensor> integerTensor(std::span<const std::int64_t> values, Shape shape)
{
    const auto bytes = std::as_bytes(values);
    auto made = Tensor::fromBytes({DType::Int64, std::move(shape), nullptr},
                                  std::vector<std::byte>(bytes.begin(), bytes.end()));
    return made ? std::optional(*std::move(made)) : std::nullopt;
}
} // namespace

Result<Attribute::Data> attributeData(const OnnxAttribute &proto, OnnxTensorReader &tensors)
{
    using Type = OnnxAttribute::Type;
    switch (proto.type) {
    case Type::Float:
        return Attribute::Data(proto.f);
    case Type::Int:
        return Attribute::Data(proto.i);
    case Type::String:
        return Attribute::Data(std::string(proto.s));
    case Type::Floats:
        return Attribute::Data(proto.floats);
    case Type::Ints:
        return Attribute::Data(proto.ints);
    case Type::Strings:
        return Attribute::Data(
            std::vector<std::string>(proto.strings.begin(), proto.strings.end()));
    case Type::Tensor:
    case Type::SparseTensor: {
        auto tensor = tensorOf(proto, tensors);
        if (!tensor) {
            return tensor.error();
        }
        return *tensor ? Attribute::Data(std::move(**tensor)) : Attribute::Data();
    }
    default:
        return Attribute::Data();
    }
}

std::optional<Tensor> constantFrom(const Attribute::Data &data)
{
    if (const auto *tensor = std::get_if<Tensor>(&data)) {
        return *tensor;
    }
    if (const auto *value = std::get_if<std::int64_t>(&data)) {
        return integerTensor({value, 1}, {});
    }
    if (const auto *values = std::get_if<std::vector<std::int64_t>>(&data)) {
        return integerTensor(*values, {static_cast<std::int64_t>(values->size())});
    }
    if (const auto *real = std::get_if<double>(&data)) {
        const auto single = static_cast<float>(*real);
        return Tensor::fromFloats({}, {&single, 1});
    }
    if (const auto *reals = std::get_if<std::vector<double>>(&data)) {
        const std::vector<float> singles(reals->begin(), reals->end());
        return Tensor::fromFloats({static_cast<std::int64_t>(singles.size())}, singles);
    }
    return std::nullopt;
}

} // namespace syncpoint
