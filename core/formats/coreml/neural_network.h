#pragma once
#include "core/base/mapped_file.h"
#include "core/formats/coreml/coreml_model.h"
#include "core/graph/graph_builder.h"

#include <memory>

namespace syncpoint {

/// Translates the layers of a neural network, a classifier or a regressor: one op per layer, its
/// weights as constant inputs. Layers that write a value again (copy) write a value of their own,
/// "x#2". The networks inside of branches and loops become bodies. The error names the layer.
Result<void> translateNeuralNetwork(const CoreMlModel &model,
                                    const std::shared_ptr<const MappedFile> &file,
                                    GraphBuilder &builder, const JobContext &job);

} // namespace syncpoint
