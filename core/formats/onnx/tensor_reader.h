#pragma once
#include "core/base/diagnostic.h"
#include "core/formats/external_data.h"
#include "core/formats/onnx/onnx_proto.h"
#include "core/tensor/tensor.h"

#include <memory>
#include <optional>

namespace syncpoint {

/// Turns TensorProto messages into tensors. raw_data and external data stay views of the mapped
/// files; typed fields (float_data, int32_data, …) are decoded into own memory.
class OnnxTensorReader
{
public:
    /// `owner` keeps the messages alive, which are of the model or dump at `path`.
    OnnxTensorReader(const std::filesystem::path &path, std::shared_ptr<const void> owner,
                     Diagnostics &diagnostics);

    /// Nothing, and a diagnostic, when the data cannot be had though the file is sound: a missing
    /// data file, an unknown type. Fails when shape and data contradict each other, or external
    /// data leads out of the model's folder.
    Result<std::optional<Tensor>> read(const OnnxTensor &proto);
    /// The dense form when it is small, else nothing and a diagnostic.
    Result<std::optional<Tensor>> readSparse(const OnnxSparseTensor &proto);

    /// The data files beside the model.
    const ExternalDataFiles &files() const { return m_external; }

private:
    Result<std::optional<Tensor>> readExternal(const OnnxTensor &proto, TensorInfo info);
    std::optional<Tensor> notRead(const OnnxTensor &proto, std::string why);

    std::shared_ptr<const void> m_owner;
    ExternalDataFiles m_external;
    Diagnostics &m_diagnostics;
    std::uint64_t m_densifiedBytes = 0;
};

/// The typed data fields of `message`, as the bytes that raw_data would hold. Fails when there are
/// more or fewer elements than `info` says; nothing when no field has data.
Result<std::optional<std::vector<std::byte>>> decodeTypedData(std::string_view message,
                                                              const TensorInfo &info);

} // namespace syncpoint
