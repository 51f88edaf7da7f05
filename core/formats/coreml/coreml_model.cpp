#include "core/formats/coreml/coreml_model.h"

#include "core/formats/protobuf_cursor.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace syncpoint {

namespace {
constexpr std::size_t kLongestFact = 4096;
constexpr std::uint32_t kProgram = 502;
constexpr std::uint32_t kNetworks[]{500, 403, 303}; // plain, classifier, regressor

/// Calls `visit(cursor)` for every field; false when the message is damaged.
template <typename Visit>
bool forEachField(std::string_view message, Visit visit)
{
    ProtobufCursor cursor(message);
    bool isSound = true;
    while (isSound && cursor.next()) {
        isSound = visit(cursor);
    }
    return isSound && !cursor.failed();
}

DType dtypeOfArray(std::uint64_t number)
{
    constexpr std::uint64_t kFloat = 0x10000, kInteger = 0x20000; // and the width in bits
    switch (number) {
    case kFloat | 16U:
        return DType::Float16;
    case kFloat | 32U:
        return DType::Float32;
    case kFloat | 64U:
        return DType::Float64;
    case kInteger | 8U:
        return DType::Int8;
    case kInteger | 32U:
        return DType::Int32;
    default:
        return DType::Undefined;
    }
}

bool readArrayType(std::string_view message, MilType &type)
{
    std::vector<std::int64_t> shape;
    const bool isSound = forEachField(message, [&](ProtobufCursor &field) {
        if (field.field() == bytesField(1)) {
            field.packedVarints(shape);
        } else if (field.field() == varintField(1)) {
            shape.push_back(field.integer());
        } else if (field.field() == varintField(2)) {
            type.dtype = dtypeOfArray(field.varint());
        }
        return true;
    });
    type.shape = std::move(shape);
    return isSound;
}

bool readFeature(std::string_view message, MilNamedType &feature)
{
    constexpr std::uint32_t kMultiArray = 5;
    feature.type.shape.reset();
    return forEachField(message, [&](ProtobufCursor &field) {
        if (field.field() == bytesField(1)) {
            feature.name = field.bytes();
        } else if (field.field() == bytesField(3)) {
            return forEachField(field.bytes(), [&](ProtobufCursor &type) {
                return type.field() != bytesField(kMultiArray) ||
                       readArrayType(type.bytes(), feature.type);
            });
        }
        return true;
    });
}

void addFact(CoreMlModel &model, std::string_view key, std::string_view value)
{
    if (!value.empty()) {
        model.facts.emplace_back(key.substr(0, kLongestFact), value.substr(0, kLongestFact));
    }
}

bool readUserEntry(std::string_view message, CoreMlModel &model)
{
    std::string_view key, value;
    const bool isSound = forEachField(message, [&](ProtobufCursor &field) {
        if (field.field() == bytesField(1)) {
            key = field.bytes();
        } else if (field.field() == bytesField(2)) {
            value = field.bytes();
        }
        return true;
    });
    if (key == "com.github.apple.coremltools.version") {
        model.producer = fmt::format("coremltools {}", value.substr(0, kLongestFact));
    } else {
        addFact(model, key, value);
    }
    return isSound;
}

bool readMetadata(std::string_view message, CoreMlModel &model)
{
    return forEachField(message, [&](ProtobufCursor &field) {
        switch (field.field()) {
        case bytesField(1):
            addFact(model, "description", field.bytes());
            return true;
        case bytesField(2):
            addFact(model, "version", field.bytes());
            return true;
        case bytesField(3):
            addFact(model, "author", field.bytes());
            return true;
        case bytesField(4):
            addFact(model, "license", field.bytes());
            return true;
        case bytesField(100):
            return readUserEntry(field.bytes(), model);
        default:
            return true;
        }
    });
}

bool readDescription(std::string_view message, CoreMlModel &model)
{
    return forEachField(message, [&](ProtobufCursor &field) {
        switch (field.field()) {
        case bytesField(1):
            return readFeature(field.bytes(), model.inputs.emplace_back());
        case bytesField(10):
            return readFeature(field.bytes(), model.outputs.emplace_back());
        case bytesField(21):
            model.defaultFunction = field.bytes();
            return true;
        case bytesField(100):
            return readMetadata(field.bytes(), model);
        default:
            return true;
        }
    });
}
} // namespace

Result<CoreMlModel> parseCoreMlModel(std::string_view file)
{
    constexpr std::uint32_t kFirstKind = 200;
    CoreMlModel model;
    const bool isSound = forEachField(file, [&](ProtobufCursor &field) {
        const std::uint32_t number = field.field() >> 3U;
        if (field.field() == varintField(1)) {
            model.specification = field.integer();
        } else if (field.field() == bytesField(2)) {
            return readDescription(field.bytes(), model);
        } else if (field.field() == bytesField(kProgram)) {
            model.program = field.bytes();
        } else if (std::find(std::begin(kNetworks), std::end(kNetworks), number) !=
                       std::end(kNetworks) &&
                   field.field() == bytesField(number)) {
            model.neuralNetwork = field.bytes();
        } else if (number >= kFirstKind) {
            model.otherKind = number;
        }
        return true;
    });
    if (!isSound) {
        return Error{ErrorCode::BadFormat, "the model's description or an outer field is damaged"};
    }
    return model;
}

} // namespace syncpoint
