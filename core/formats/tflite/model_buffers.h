#pragma once
#include "core/base/mapped_file.h"
#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace syncpoint::tflite {
struct Model;
struct Tensor;
} // namespace syncpoint::tflite

namespace syncpoint {

/// The numbered buffers of a model that hold the data of constants and metadata.
class TfliteBuffers
{
public:
    /// `model` lies in `file`.
    TfliteBuffers(std::shared_ptr<const MappedFile> file, const tflite::Model &model);

    /// The bytes of a buffer, wherever in the file they are; empty for those of activations. Fails
    /// when there is no such buffer or it leads out of the file.
    Result<std::span<const std::byte>> bytes(std::uint64_t index) const;

    /// The constant of this shape, a view of the file but for strings. Fails when `data` (from
    /// bytes()) does not fit.
    Result<Tensor> constant(const TensorInfo &info, std::span<const std::byte> data) const;

private:
    std::shared_ptr<const MappedFile> m_file;
    const tflite::Model &m_model;
};

} // namespace syncpoint
