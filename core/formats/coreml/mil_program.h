#pragma once
#include "core/tensor/dtype.h"
#include "core/tensor/shape.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// A Core ML program (MIL) as written: what the protobuf and the text of a model have in common.
/// Raw data are views of the mapped file. Source: MIL.proto of coremltools.
namespace syncpoint {

struct MilType
{
    enum class Kind { Tensor, List, Tuple, Dictionary };
    Kind kind = Kind::Tensor;
    DType dtype = DType::Undefined;
    /// −1 for an unknown extent; nothing when the rank is unknown. A state has that of its tensor.
    std::optional<Shape> shape = Shape{};
};

/// Data in a weight file; `offset` is that of the blob's description, not of its data.
struct MilBlob
{
    std::string file; ///< "@model_path/weights/weight.bin"
    std::uint64_t offset = 0;
};

/// Elements as they lie in memory, little-endian.
struct MilRawData
{
    std::string_view bytes;
};

struct MilValue
{
    MilType type;
    std::variant<std::monostate, MilBlob, MilRawData, std::vector<std::int64_t>,
                 std::vector<double>, std::vector<std::string>, std::vector<MilValue>>
        data;
};

/// The texts in a value, of its parts as well.
std::vector<std::string> milTexts(const MilValue &value);

struct MilNamedType
{
    std::string name;
    MilType type;
};

/// What a parameter of an op is given: the name of a value, or a value.
struct MilBinding
{
    std::string name;
    std::shared_ptr<const MilValue> value; ///< null: `name` counts
};

struct MilArgument
{
    std::string parameter; ///< "x", "weight", "strides"
    std::vector<MilBinding> bindings;
};

struct MilBlock;

struct MilOperation
{
    std::string type;
    std::vector<MilArgument> inputs;
    std::vector<MilNamedType> outputs;
    std::vector<std::pair<std::string, std::shared_ptr<const MilValue>>> attributes;
    std::vector<MilBlock> blocks;

    const MilValue *findAttribute(std::string_view name) const;
};

struct MilBlock
{
    std::vector<MilNamedType> inputs;
    std::vector<std::string> outputs;
    std::vector<MilOperation> operations;
};

struct MilFunction
{
    std::string name;
    std::string opset; ///< "CoreML5" … as the protobuf names them
    std::vector<MilNamedType> inputs;
    MilBlock block;
};

struct MilProgram
{
    std::vector<MilFunction> functions;
};

/// Element types by the number MIL.proto gives them and by the name the text uses; Undefined for
/// others.
DType dtypeOfMil(std::int64_t number);
DType dtypeOfMil(std::string_view name);

} // namespace syncpoint
