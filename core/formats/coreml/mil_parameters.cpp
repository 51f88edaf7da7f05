#include "core/formats/coreml/mil_parameters.h"

#include "core/tensor/decode.h"

#include <algorithm>
#include <array>

namespace syncpoint {

namespace {
struct Operand
{
    std::string_view name;
    bool isAlways = true;
};

/// Source: the operation reference of coremltools (iOS 15 to iOS 18).
constexpr std::array kOperands{
    Operand{"x"},
    Operand{"input"},
    Operand{"data"},
    Operand{"quantized_data"},
    Operand{"nonzero_data"},
    Operand{"indices_nonzero_data"},
    Operand{"source_val"},
    Operand{"values"},
    Operand{"query"},
    Operand{"key"},
    Operand{"state"},
    Operand{"value"},
    Operand{"cond"},
    Operand{"pred"},
    Operand{"loop_vars"},
    Operand{"y"},
    Operand{"a"},
    Operand{"b"},
    Operand{"indices"},
    Operand{"updates"},
    Operand{"initial_h"},
    Operand{"initial_c"},
    Operand{"weight"},
    Operand{"weight_ih"},
    Operand{"weight_hh"},
    Operand{"gamma", false},
    Operand{"beta", false}, // of clip and hard_sigmoid it is a number
    Operand{"bias"},
    Operand{"mean", false},
    Operand{"variance", false},
    Operand{"attn_mask"},
    Operand{"scale"},
    Operand{"zero_point"},
    Operand{"offset"},
    Operand{"lut"},
    Operand{"mask"},
    Operand{"indices_mask"},
    Operand{"data_mask"},
};

const Operand *findOperand(std::string_view parameter)
{
    const auto *found = std::find_if(kOperands.begin(), kOperands.end(),
                                     [&](const Operand &known) { return known.name == parameter; });
    return found == kOperands.end() ? nullptr : found;
}

template <typename Number>
Attribute::Data numbersOf(const std::vector<Number> &numbers, bool isScalar)
{
    return isScalar && numbers.size() == 1 ? Attribute::Data(numbers.front())
                                           : Attribute::Data(numbers);
}
} // namespace

std::size_t operandRank(std::string_view parameter)
{
    const Operand *known = findOperand(parameter);
    return known == nullptr ? kOperands.size() : static_cast<std::size_t>(known - kOperands.data());
}

bool isAlwaysOperand(std::string_view parameter)
{
    const Operand *known = findOperand(parameter);
    return known != nullptr && known->isAlways;
}

Attribute attributeOf(std::string_view name, const MilValue &value,
                      const std::optional<Tensor> &tensor)
{
    constexpr std::uint64_t kMost = 64; // elements that are shown as numbers
    Attribute attribute{std::string(name), {}};
    if (!tensor) {
        if (auto texts = milTexts(value); !texts.empty()) {
            attribute.data = std::move(texts);
        }
        return attribute;
    }
    const TensorInfo &info = tensor->info();
    const bool isScalar = info.shape.empty();
    const std::uint64_t elements = tensor->elements();
    if (info.dtype == DType::String) {
        auto texts = tensor->strings();
        attribute.data = isScalar && texts.size() == 1 ? Attribute::Data(std::move(texts.front()))
                                                       : Attribute::Data(std::move(texts));
    } else if (elements > kMost || !isNumeric(info.dtype)) {
        attribute.data = *tensor;
    } else if (isFloat(info.dtype)) {
        std::vector<double> numbers(elements);
        decode(tensor->view(), 0, std::span<double>(numbers));
        attribute.data = numbersOf(numbers, isScalar);
    } else {
        std::vector<std::int64_t> numbers(elements);
        decodeRaw(tensor->view(), 0, numbers);
        attribute.data = numbersOf(numbers, isScalar);
    }
    return attribute;
}

} // namespace syncpoint
