#pragma once
#include "core/base/result.h"
#include "core/graph/graph.h"
#include "core/tensor/tensor_store.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace syncpoint::raw {

/// The converter's description of a QNN model.
struct QnnNet
{
    std::shared_ptr<const Graph> graph;
    std::map<std::string, TensorEntry> tensors; ///< by the name of their files, see fileNameOf()
};

/// A tensor's name in file names: signs other than letters, digits and "_" become "_", a leading
/// digit gets one in front.
std::string fileNameOf(std::string_view tensor);

/// Reads a *_net.json. Types that are not known are Undefined.
Result<QnnNet> readQnnNet(const std::filesystem::path &path);

} // namespace syncpoint::raw
