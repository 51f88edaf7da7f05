#pragma once
#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <string_view>

namespace syncpoint {

/// Field numbers of onnx.proto.
namespace onnx_field {
using Tag = protozero::pbf_tag_type;
constexpr Tag kModelGraph = 7;
constexpr Tag kGraphNode = 1, kGraphOutput = 12;
constexpr Tag kNodeInput = 1, kNodeOutput = 2, kNodeName = 3, kNodeType = 4, kNodeAttribute = 5,
              kNodeDomain = 7, kNodeMetadata = 9;
constexpr Tag kAttributeName = 1, kAttributeTensor = 5, kAttributeGraph = 6, kAttributeInts = 8,
              kAttributeType = 20;
constexpr Tag kValueInfoName = 1;
constexpr Tag kEntryKey = 1, kEntryValue = 2;
constexpr Tag kTensorDims = 1, kTensorType = 2, kTensorRawData = 9;
} // namespace onnx_field

/// Copies the field the reader stands on. May throw protozero::exception, as all below.
void copyField(protozero::pbf_reader &from, protozero::pbf_writer &to);

/// The name of an op's first result, "" when it has none.
std::string firstOutput(std::string_view node);

} // namespace syncpoint
