#include "core/run/ort_tensor.h"

#include <array>
#include <fmt/format.h>
#include <utility>

namespace syncpoint {

namespace {
constexpr std::array<std::pair<ONNXTensorElementDataType, DType>, 22> kTypes{{
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, DType::Float32},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8, DType::UInt8},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8, DType::Int8},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16, DType::UInt16},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16, DType::Int16},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32, DType::Int32},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64, DType::Int64},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING, DType::String},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL, DType::Bool},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16, DType::Float16},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE, DType::Float64},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32, DType::UInt32},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64, DType::UInt64},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_COMPLEX64, DType::Complex64},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_COMPLEX128, DType::Complex128},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16, DType::BFloat16},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E4M3FN, DType::Float8E4M3FN},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E4M3FNUZ, DType::Float8E4M3FNUZ},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E5M2, DType::Float8E5M2},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E5M2FNUZ, DType::Float8E5M2FNUZ},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT4, DType::UInt4},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_INT4, DType::Int4},
}};

Result<Tensor> textTensor(const Ort::Value &value, TensorInfo info, std::size_t count)
{
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i < count; ++i) {
        // Our text ends at its first NUL, as it does in every dump format.
        const std::string text = value.GetStringTensorElement(i).c_str();
        const auto *first = reinterpret_cast<const std::byte *>(text.c_str());
        bytes.insert(bytes.end(), first, first + text.size() + 1);
    }
    return Tensor::fromBytes(std::move(info), std::move(bytes));
}
} // namespace

DType dtypeFromOrt(ONNXTensorElementDataType type)
{
    for (const auto &[ort, dtype] : kTypes) {
        if (ort == type) {
            return dtype;
        }
    }
    return DType::Undefined;
}

ONNXTensorElementDataType ortFromDType(DType dtype)
{
    for (const auto &[ort, known] : kTypes) {
        if (known == dtype) {
            return ort;
        }
    }
    return ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
}

Result<Tensor> tensorFromOrt(std::shared_ptr<Ort::Value> value)
{
    if (!*value || !value->HasValue() || !value->IsTensor()) {
        return Error{ErrorCode::Unsupported, "it is not a tensor"};
    }
    const auto shape = value->GetTensorTypeAndShapeInfo();
    TensorInfo info{dtypeFromOrt(shape.GetElementType()), shape.GetShape(), nullptr};
    const std::size_t count = shape.GetElementCount();
    if (info.dtype == DType::String) {
        return textTensor(*value, std::move(info), count);
    }
    const auto size = storageBytes(info.dtype, count);
    if (info.dtype == DType::Undefined || !size) {
        return Error{ErrorCode::Unsupported, "its element type is not known"};
    }
    const auto *data = static_cast<const std::byte *>(value->GetTensorRawData());
    return Tensor::wrap(std::move(info), {data, *size}, std::move(value));
}

Result<Ort::Value> ortFromTensor(const Tensor &tensor)
{
    const TensorInfo &info = tensor.info();
    const ONNXTensorElementDataType type = ortFromDType(info.dtype);
    if (type == ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("ONNX Runtime takes no {}", dtypeName(info.dtype))};
    }
    if (info.dtype == DType::String) {
        Ort::AllocatorWithDefaultOptions allocator;
        Ort::Value value =
            Ort::Value::CreateTensor(allocator, info.shape.data(), info.shape.size(), type);
        const auto texts = tensor.strings();
        for (std::size_t i = 0; i < texts.size(); ++i) {
            value.FillStringTensorElement(texts[i].c_str(), i);
        }
        return value;
    }
    // The runtime does not write to inputs, its interface only cannot say so.
    auto *data = const_cast<std::byte *>(tensor.bytes().data());
    const auto memory = Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeDefault);
    return Ort::Value::CreateTensor(memory, data, tensor.bytes().size(), info.shape.data(),
                                    info.shape.size(), type);
}

} // namespace syncpoint
