#include "core/formats/pytorch/torch_globals.h"

#include <algorithm>
#include <array>

namespace syncpoint::pytorch {
namespace {

struct Global
{
    std::string_view name;
    DType dtype = DType::Undefined; ///< of storages and dtypes
};

// Sources: torch/_utils.py, torch/serialization.py, torch/storage.py.
constexpr auto kGlobals = std::to_array<Global>({
    // Containers and plain values. Protocol 2 writes bytes as text that _codecs.encode turns back.
    {"collections.OrderedDict"},
    {"collections.defaultdict"},
    {"builtins.set"},
    {"__builtin__.set"},
    {"_codecs.encode"},
    {"torch.Size"},
    {"torch.device"},
    {"torch.serialization._get_layout"},
    {"torch.strided"},
    // Ways to say "a tensor".
    {"torch._utils._rebuild_tensor"},
    {"torch._utils._rebuild_tensor_v2"},
    {"torch._utils._rebuild_tensor_v3"},
    {"torch._utils._rebuild_qtensor"},
    {"torch._utils._rebuild_parameter"},
    {"torch._utils._rebuild_parameter_with_state"},
    {"torch._tensor._rebuild_from_type_v2"},
    {"torch.Tensor"},
    {"torch.nn.parameter.Parameter"},
    {"torch.nn.parameter.Buffer"},
    {"torch.per_tensor_affine"},
    {"torch.per_channel_affine"},
    {"torch.per_tensor_symmetric"},
    {"torch.per_channel_symmetric"},
    // Storages.
    {"torch.storage.UntypedStorage", DType::UInt8},
    {"torch.UntypedStorage", DType::UInt8},
    {"torch.DoubleStorage", DType::Float64},
    {"torch.FloatStorage", DType::Float32},
    {"torch.HalfStorage", DType::Float16},
    {"torch.BFloat16Storage", DType::BFloat16},
    {"torch.LongStorage", DType::Int64},
    {"torch.IntStorage", DType::Int32},
    {"torch.ShortStorage", DType::Int16},
    {"torch.CharStorage", DType::Int8},
    {"torch.ByteStorage", DType::UInt8},
    {"torch.BoolStorage", DType::Bool},
    {"torch.ComplexFloatStorage", DType::Complex64},
    {"torch.ComplexDoubleStorage", DType::Complex128},
    {"torch.QInt8Storage", DType::Int8},
    {"torch.QUInt8Storage", DType::UInt8},
    {"torch.QInt32Storage", DType::Int32},
    // Element types.
    {"torch.float64", DType::Float64},
    {"torch.float32", DType::Float32},
    {"torch.float16", DType::Float16},
    {"torch.bfloat16", DType::BFloat16},
    {"torch.float8_e4m3fn", DType::Float8E4M3FN},
    {"torch.float8_e4m3fnuz", DType::Float8E4M3FNUZ},
    {"torch.float8_e5m2", DType::Float8E5M2},
    {"torch.float8_e5m2fnuz", DType::Float8E5M2FNUZ},
    {"torch.float8_e8m0fnu", DType::Float8E8M0},
    {"torch.int64", DType::Int64},
    {"torch.int32", DType::Int32},
    {"torch.int16", DType::Int16},
    {"torch.int8", DType::Int8},
    {"torch.uint64", DType::UInt64},
    {"torch.uint32", DType::UInt32},
    {"torch.uint16", DType::UInt16},
    {"torch.uint8", DType::UInt8},
    {"torch.bool", DType::Bool},
    {"torch.complex64", DType::Complex64},
    {"torch.complex128", DType::Complex128},
    {"torch.qint8", DType::Int8},
    {"torch.quint8", DType::UInt8},
    {"torch.qint32", DType::Int32},
});

/// Whether `whole` is "module.name".
bool isJoined(std::string_view whole, std::string_view module, std::string_view name)
{
    return whole.size() == module.size() + 1 + name.size() && whole.starts_with(module) &&
           whole[module.size()] == '.' && whole.ends_with(name);
}

} // namespace

std::optional<std::string_view> allowedGlobal(std::string_view module, std::string_view name)
{
    const auto found = std::find_if(kGlobals.begin(), kGlobals.end(), [&](const Global &global) {
        return isJoined(global.name, module, name);
    });
    return found == kGlobals.end() ? std::nullopt : std::optional(found->name);
}

std::optional<DType> dtypeOfGlobal(std::string_view global)
{
    const auto found = std::find_if(kGlobals.begin(), kGlobals.end(),
                                    [&](const Global &each) { return each.name == global; });
    return found == kGlobals.end() || found->dtype == DType::Undefined
               ? std::nullopt
               : std::optional(found->dtype);
}

DType dtypeOfScalarType(std::int64_t number)
{
    // torch/_export/serde/schema.py, ScalarType: one more than ATen's numbers.
    switch (number) {
    case 1:
        return DType::UInt8;
    case 2:
        return DType::Int8;
    case 3:
        return DType::Int16;
    case 4:
        return DType::Int32;
    case 5:
        return DType::Int64;
    case 6:
        return DType::Float16;
    case 7:
        return DType::Float32;
    case 8:
        return DType::Float64;
    case 10:
        return DType::Complex64;
    case 11:
        return DType::Complex128;
    case 12:
        return DType::Bool;
    case 13:
        return DType::BFloat16;
    case 28:
        return DType::UInt16;
    case 29:
        return DType::Float8E4M3FN;
    case 30:
        return DType::Float8E5M2;
    case 31:
        return DType::Float8E4M3FNUZ;
    case 32:
        return DType::Float8E5M2FNUZ;
    default:
        return DType::Undefined;
    }
}

} // namespace syncpoint::pytorch
