#include "core/formats/coreml/mil_program.h"

#include <algorithm>
#include <array>

namespace syncpoint {

namespace {
struct KnownType
{
    std::int64_t number;
    std::string_view name;
    DType dtype;
};

constexpr std::array kTypes{
    KnownType{1, "bool", DType::Bool},
    KnownType{2, "string", DType::String},
    KnownType{10, "fp16", DType::Float16},
    KnownType{11, "fp32", DType::Float32},
    KnownType{12, "fp64", DType::Float64},
    KnownType{13, "bf16", DType::BFloat16},
    KnownType{21, "int8", DType::Int8},
    KnownType{22, "int16", DType::Int16},
    KnownType{23, "int32", DType::Int32},
    KnownType{24, "int64", DType::Int64},
    KnownType{25, "int4", DType::Int4},
    KnownType{31, "uint8", DType::UInt8},
    KnownType{32, "uint16", DType::UInt16},
    KnownType{33, "uint32", DType::UInt32},
    KnownType{34, "uint64", DType::UInt64},
    KnownType{35, "uint4", DType::UInt4},
    KnownType{36, "uint2", DType::UInt2},
    KnownType{37, "uint1", DType::UInt1},
    KnownType{38, "uint6", DType::UInt6},
    KnownType{39, "uint3", DType::UInt3},
    KnownType{40, "fp8e4m3fn", DType::Float8E4M3FN},
    KnownType{41, "fp8e5m2", DType::Float8E5M2},
};

template <typename Matches>
DType findType(Matches matches)
{
    const auto found = std::find_if(kTypes.begin(), kTypes.end(), matches);
    return found == kTypes.end() ? DType::Undefined : found->dtype;
}
} // namespace

DType dtypeOfMil(std::int64_t number)
{
    return findType([number](const KnownType &type) { return type.number == number; });
}

DType dtypeOfMil(std::string_view name)
{
    return findType([name](const KnownType &type) { return type.name == name; });
}

const MilValue *MilOperation::findAttribute(std::string_view name) const
{
    const auto found = std::find_if(attributes.begin(), attributes.end(),
                                    [name](const auto &entry) { return entry.first == name; });
    return found == attributes.end() ? nullptr : found->second.get();
}

std::vector<std::string> milTexts(const MilValue &value)
{
    if (const auto *texts = std::get_if<std::vector<std::string>>(&value.data)) {
        return *texts;
    }
    std::vector<std::string> all;
    if (const auto *parts = std::get_if<std::vector<MilValue>>(&value.data)) {
        for (const MilValue &part : *parts) {
            const auto texts = milTexts(part);
            all.insert(all.end(), texts.begin(), texts.end());
        }
    }
    return all;
}

} // namespace syncpoint
