#pragma once
#include "core/base/diagnostic.h"
#include "core/base/mapped_file.h"
#include "core/formats/coreml/mil_program.h"
#include "core/formats/external_data.h"
#include "core/tensor/tensor.h"

#include <memory>
#include <optional>
#include <set>
#include <string>

namespace syncpoint {

/// Makes tensors of the values of a program. Blobs and raw data stay where they are mapped.
class MilTensors
{
public:
    MilTensors(std::shared_ptr<const MappedFile> model, Diagnostics &diagnostics)
        : m_model(std::move(model)), m_files(m_model->path()), m_diagnostics(diagnostics)
    {
    }

    /// Nothing for values that are no tensor or whose data cannot be had: a missing file is noted.
    /// Fails when data and type contradict each other.
    Result<std::optional<Tensor>> read(const MilValue &value);

private:
    Result<std::optional<Tensor>> readBlob(const MilBlob &blob, TensorInfo info);

    std::shared_ptr<const MappedFile> m_model;
    ExternalDataFiles m_files;
    Diagnostics &m_diagnostics;
    std::set<std::string> m_missing;
};

} // namespace syncpoint
