#pragma once
#include "core/base/mapped_file.h"
#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace syncpoint::executorch {
struct BackendDelegate;
struct Program;
struct Tensor;
} // namespace syncpoint::executorch

namespace syncpoint {

/// Where the parts of a .pte file lie: the tables first, then segments of data.
struct PteLayout
{
    std::uint64_t programBytes = 0;
    std::uint64_t segmentBase = 0;

    /// From the extended header, which files without segments may lack. Fails when the file is cut
    /// off. Format: extended_header.h of the ExecuTorch project.
    static Result<PteLayout> of(std::span<const std::byte> file);
};

/// Data that a program refers to.
class PteData
{
public:
    /// `program` lies in `file`.
    PteData(std::shared_ptr<const MappedFile> file, const PteLayout &layout,
            const executorch::Program &program);

    /// The constant of this type and shape, a view of the file where its axes are stored in order;
    /// nothing for tensors that are computed. Fails when its data does not lie in the file.
    Result<std::optional<Tensor>> constant(const executorch::Tensor &tensor,
                                           const TensorInfo &info);
    /// Size of what was compiled for a backend, in bytes; 0 when unknown.
    std::uint64_t compiledBytes(const executorch::BackendDelegate &delegate) const;

private:
    Result<std::span<const std::byte>> segment(std::uint64_t index) const;
    Result<std::span<const std::byte>> dataFrom(const executorch::Tensor &tensor) const;

    std::shared_ptr<const MappedFile> m_file;
    PteLayout m_layout;
    const executorch::Program &m_program;
    std::uint64_t m_copiedBytes = 0; ///< of constants whose axes had to be put in order
};

} // namespace syncpoint
