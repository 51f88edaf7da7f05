#include "core/formats/openvino/ir_quantization.h"

#include "core/tensor/decode.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace syncpoint {

namespace {
constexpr std::uint64_t kMostScales = 4U << 20U; // of all constants: they are copied as doubles
constexpr std::int64_t kMostLevels = 65'536;

/// Numbers that are broadcast to a tensor, NumPy's way.
struct Broadcast
{
    Shape shape;
    std::vector<double> numbers;
};

/// `shape` with as many extents as `rank`, ones in front.
Shape padded(Shape shape, std::size_t rank)
{
    shape.insert(shape.begin(), rank - std::min(rank, shape.size()), 1);
    return shape;
}

/// The one axis along which parameters of shape `given` differ or repeat, as Quantization says it;
/// nothing when they need more than that.
std::optional<Quantization> layoutOf(const Shape &given, const Shape &tensor)
{
    if (given.size() > tensor.size()) {
        return std::nullopt;
    }
    const Shape shape = padded(given, tensor.size());
    std::vector<std::size_t> own;    // one parameter per index
    std::vector<std::size_t> shared; // one for the whole axis
    for (std::size_t i = 0; i < tensor.size(); ++i) {
        if (tensor[i] > 1) {
            (shape[i] == 1 ? shared : own).push_back(i);
        }
        if (shape[i] != 1 && shape[i] != tensor[i]) {
            return std::nullopt;
        }
    }
    Quantization layout;
    if (own.size() == 1) {
        layout.axis = own.front();
    } else if (own.size() > 1 && shared.size() == 1) { // one block as long as the axis
        layout.axis = shared.front();
        layout.blockSize = static_cast<std::uint64_t>(tensor[shared.front()]);
    } else if (own.size() > 1) {
        return std::nullopt;
    }
    return layout;
}

class IrQuantizer
{
public:
    explicit IrQuantizer(GraphBuilder &builder) : m_builder(builder)
    {
        for (const Node &node : builder.nodes()) {
            for (const ValueId output : node.outputs) {
                m_producers.emplace(output, &node);
            }
        }
    }

    void run()
    {
        for (std::size_t i = 0; i < m_builder.nodes().size(); ++i) {
            const Node &node = m_builder.nodes()[i];
            if (node.opType == "Multiply" && node.inputs.size() == 2) {
                readChain(node);
            } else if (node.opType == "FakeQuantize" && node.inputs.size() == 5 &&
                       node.outputs.size() == 1) {
                readFakeQuantize(node);
            }
        }
        if (m_unreadable > 0) {
            m_builder.addDiagnostic(
                {Diagnostic::Severity::Info, "",
                 fmt::format("{} tensors have scales of a form that is not read as quantization",
                             m_unreadable)});
        }
    }

private:
    const Value &value(ValueId id) const { return m_builder.values()[id.index()]; }

    /// The op of that type that makes the value.
    const Node *maker(ValueId id, std::string_view opType) const
    {
        const auto found = id.isValid() ? m_producers.find(id) : m_producers.end();
        return found != m_producers.end() && found->second->opType == opType &&
                       !found->second->inputs.empty()
                   ? found->second
                   : nullptr;
    }

    ValueId beforeConvert(ValueId id) const
    {
        const Node *convert = maker(id, "Convert");
        return convert != nullptr ? convert->inputs.front() : id;
    }

    /// A constant, also behind a Convert.
    std::optional<Broadcast> numbersOf(ValueId id)
    {
        const ValueId source = beforeConvert(id);
        if (!source.isValid() || !value(source).constant) {
            return std::nullopt;
        }
        const Tensor &tensor = *value(source).constant;
        m_scales += tensor.elements();
        if (!isNumeric(tensor.info().dtype) || tensor.elements() == 0 || m_scales > kMostScales) {
            return std::nullopt;
        }
        Broadcast result{tensor.info().shape, std::vector<double>(tensor.elements())};
        decode(tensor.view(), 0, std::span<double>(result.numbers));
        return result;
    }

    /// What a Multiply scales: a constant of few bits behind a Convert, perhaps less a zero point.
    struct Chain
    {
        ValueId codes;
        ValueId zeroPoint; ///< invalid: none
    };
    std::optional<Chain> chainBehind(ValueId id) const
    {
        Chain chain;
        if (const Node *subtract = maker(id, "Subtract");
            subtract && subtract->inputs.size() == 2) {
            chain.zeroPoint = subtract->inputs[1];
            id = subtract->inputs[0];
        }
        const Node *convert = maker(id, "Convert");
        if (convert == nullptr || !convert->inputs.front().isValid()) {
            return std::nullopt;
        }
        chain.codes = convert->inputs.front();
        const auto &constant = value(chain.codes).constant;
        return constant && isNumeric(constant->info().dtype) &&
                       bitWidth(constant->info().dtype) <= 8
                   ? std::optional(chain)
                   : std::nullopt;
    }

    void readChain(const Node &multiply)
    {
        for (const std::size_t side : {0U, 1U}) {
            const auto chain = chainBehind(multiply.inputs[side]);
            const ValueId scale = multiply.inputs[1 - side];
            if (!chain || value(chain->codes).quantization || chainBehind(scale)) {
                continue;
            }
            const auto scales = numbersOf(scale);
            if (!scales) {
                return; // two factors that are computed: no quantization
            }
            std::optional<Broadcast> zeroPoints;
            if (chain->zeroPoint.isValid()) {
                zeroPoints = numbersOf(chain->zeroPoint);
                if (!zeroPoints) {
                    return;
                }
            }
            set(chain->codes, parametersOf(*scales, zeroPoints, value(chain->codes)));
            return;
        }
    }

    static std::optional<Quantization> parametersOf(const Broadcast &scales,
                                                    const std::optional<Broadcast> &zeroPoints,
                                                    const Value &tensor)
    {
        const Shape &shape = tensor.constant->info().shape;
        // The finer of both says how parameters are laid out; the other must be that or one number.
        const bool areZerosFiner = zeroPoints && zeroPoints->numbers.size() > scales.numbers.size();
        auto result = layoutOf(areZerosFiner ? zeroPoints->shape : scales.shape, shape);
        const std::size_t count =
            areZerosFiner ? zeroPoints->numbers.size() : scales.numbers.size();
        const auto fits = [count](const Broadcast &each) {
            return each.numbers.size() == count || each.numbers.size() == 1;
        };
        if (!result || !fits(scales) || (zeroPoints && !fits(*zeroPoints))) {
            return std::nullopt;
        }
        result->scales = scales.numbers;
        result->scales.resize(count, scales.numbers.front());
        if (zeroPoints) {
            std::vector<double> zeros = zeroPoints->numbers;
            zeros.resize(count, zeros.front());
            if (!setZeroPoints(zeros, *result)) {
                return std::nullopt;
            }
        }
        return result;
    }

    /// Fails when one is no integer: then real numbers are not scale · (q − zero point).
    static bool setZeroPoints(const std::vector<double> &zeros, Quantization &parameters)
    {
        constexpr double kLargest = 1 << 20;
        for (const double zero : zeros) {
            if (!(std::abs(zero) <= kLargest) || std::abs(zero - std::round(zero)) > 1e-3) {
                return false;
            }
            parameters.zeroPoints.push_back(std::llround(zero));
        }
        if (std::all_of(zeros.begin(), zeros.end(), [](double zero) { return zero == 0.0; })) {
            parameters.zeroPoints.clear();
        }
        return true;
    }

    /// Rounds to `levels` values from a low to a high end; source: OpenVINO's FakeQuantize-1.
    void readFakeQuantize(const Node &node)
    {
        const Attribute *attribute = node.findAttribute("levels");
        const auto *levels = attribute ? std::get_if<std::int64_t>(&attribute->data) : nullptr;
        const auto inLow = numbersOf(node.inputs[1]);
        const auto inHigh = numbersOf(node.inputs[2]);
        const auto low = numbersOf(node.inputs[3]);
        const auto high = numbersOf(node.inputs[4]);
        if (levels == nullptr || *levels < 2 || *levels > kMostLevels || !inLow || !inHigh ||
            !low || !high || low->shape != high->shape || !value(node.outputs[0]).shape) {
            return;
        }
        const auto isSame = [](const Broadcast &a, const Broadcast &b) {
            return std::equal(a.numbers.begin(), a.numbers.end(), b.numbers.begin(),
                              b.numbers.end(), [](double x, double y) {
                                  return std::abs(x - y) <= 1e-5 * std::max(std::abs(x), 1e-30);
                              });
        };
        if (!isSame(*inLow, *low) || !isSame(*inHigh, *high)) {
            return; // it also scales: no mere rounding
        }
        auto parameters = layoutOf(low->shape, *value(node.outputs[0]).shape);
        std::vector<double> zeros;
        for (std::size_t i = 0; parameters && i < low->numbers.size(); ++i) {
            const double scale =
                (high->numbers[i] - low->numbers[i]) / static_cast<double>(*levels - 1);
            parameters->scales.push_back(scale);
            zeros.push_back(scale > 0.0 ? -low->numbers[i] / scale : 0.5);
        }
        if (parameters && !setZeroPoints(zeros, *parameters)) {
            parameters.reset();
        }
        set(node.outputs[0], std::move(parameters));
    }

    void set(ValueId id, std::optional<Quantization> parameters)
    {
        Value &tensor = m_builder.edit(id);
        if (!parameters || !parameters->isValid()) {
            ++m_unreadable;
            return;
        }
        const auto shared = std::make_shared<const Quantization>(*std::move(parameters));
        if (tensor.constant) {
            auto quantized = tensor.constant->withQuantization(shared);
            if (!quantized) {
                ++m_unreadable;
                return;
            }
            tensor.constant = *std::move(quantized);
        }
        tensor.quantization = shared;
    }

    GraphBuilder &m_builder;
    std::unordered_map<ValueId, const Node *> m_producers;
    std::uint64_t m_scales = 0;
    std::size_t m_unreadable = 0;
};
} // namespace

void applyIrQuantization(GraphBuilder &builder)
{
    IrQuantizer(builder).run();
}

} // namespace syncpoint
