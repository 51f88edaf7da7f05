#include "net_writer.h"

#include <cmath>

namespace syncpoint::eval {

std::string NetWriter::input(const std::string &name, Shape shape)
{
    m_net.inputs.push_back(name);
    m_net.shapes[name] = std::move(shape);
    return name;
}

std::string NetWriter::output(const std::string &x)
{
    m_net.outputs.push_back(x);
    return x;
}

std::string NetWriter::weight(Shape shape, float center, float spread)
{
    std::normal_distribution<float> normal(center, spread);
    Weight made{shape, std::vector<float>(elementCount(shape).value_or(0))};
    for (float &value : made.data) {
        value = normal(m_random);
    }
    const std::string name = "w" + std::to_string(m_net.weights.size());
    m_net.weights.emplace(name, std::move(made));
    return name;
}

std::string NetWriter::scalar(float value)
{
    const std::string name = "w" + std::to_string(m_net.weights.size());
    m_net.weights.emplace(name, Weight{{1}, {value}});
    return name;
}

std::string NetWriter::numbers(const std::vector<std::int64_t> &values)
{
    const std::string name = "w" + std::to_string(m_net.weights.size());
    m_net.weights.emplace(name, Weight{{static_cast<std::int64_t>(values.size())},
                                       std::vector<float>(values.begin(), values.end()),
                                       DType::Int64});
    return name;
}

std::string NetWriter::op(const std::string &type, std::vector<std::string> inputs, Shape shape,
                          Attributes attributes)
{
    const std::string name = "v" + std::to_string(m_net.ops.size());
    m_net.ops.push_back({type, std::move(inputs), {name}, std::move(attributes)});
    m_net.shapes[name] = std::move(shape);
    return name;
}

std::string NetWriter::same(const std::string &type, std::vector<std::string> inputs,
                            Attributes attributes)
{
    Shape shape = m_net.shapes.at(inputs.front());
    return op(type, std::move(inputs), std::move(shape), std::move(attributes));
}

std::vector<std::string> NetWriter::split(const std::string &x, std::int64_t axis,
                                          std::size_t count)
{
    Shape part = shape(x);
    part[static_cast<std::size_t>(axis)] /= static_cast<std::int64_t>(count);
    std::vector<std::string> made{op("Split", {x}, part, {{"axis", {axis}}})};
    while (made.size() < count) {
        made.push_back(made.front() + "_" + std::to_string(made.size()));
        m_net.ops.back().outputs.push_back(made.back());
        m_net.shapes[made.back()] = part;
    }
    return made;
}

std::string NetWriter::conv(const std::string &x, std::int64_t channels, std::int64_t kernel,
                            std::int64_t stride, std::int64_t group)
{
    Shape out = shape(x);
    Shape filter{channels, out[1] / group};
    out[1] = channels;
    for (std::size_t axis = 2; axis < out.size(); ++axis) {
        filter.push_back(kernel);
        out[axis] /= stride;
    }
    const auto w = weight(filter);
    const auto b = weight({channels});
    return op("Conv", {x, w, b}, out,
              {{"group", {group}},
               {"strides", std::vector<std::int64_t>(out.size() - 2, stride)},
               {"pads", std::vector<std::int64_t>(2 * (out.size() - 2), kernel / 2)}});
}

std::string NetWriter::batchNorm(const std::string &x)
{
    const std::int64_t c = shape(x)[1];
    return same("BatchNormalization",
                {x, weight({c}, 1.0F, 0.3F), weight({c}), weight({c}), weight({c}, 1.0F, 0.05F)});
}

std::string NetWriter::linear(const std::string &x, std::int64_t width)
{
    Shape out = shape(x);
    const auto w = weight({out.back(), width});
    out.back() = width;
    const auto product = op("MatMul", {x, w}, out);
    return op("Add", {product, weight({width})}, out);
}

std::string NetWriter::layerNorm(const std::string &x)
{
    const std::int64_t c = shape(x).back();
    return same("LayerNormalization", {x, weight({c}, 1.0F), weight({c})});
}

std::string NetWriter::silu(const std::string &x)
{
    return same("Mul", {x, same("Sigmoid", {x})});
}

std::string NetWriter::rmsNorm(const std::string &x)
{
    Shape row = shape(x);
    const std::int64_t width = row.back();
    row.back() = 1;
    const auto mean = op("ReduceMean", {same("Pow", {x, scalar(2.0F)})}, row);
    const auto root = same("Sqrt", {same("Add", {mean, scalar(1e-6F)})});
    return same("Mul", {same("Div", {x, root}), weight({width}, 1.0F)});
}

std::string NetWriter::writtenLayerNorm(const std::string &x)
{
    Shape row = shape(x);
    const std::int64_t width = row.back();
    row.back() = 1;
    const Attributes lastAxis{{"axes", {-1}}};
    const auto centered = same("Sub", {x, op("ReduceMean", {x}, row, lastAxis)});
    const auto square = same("Pow", {centered, scalar(2.0F)});
    const auto variance =
        op("Add", {op("ReduceMean", {square}, row, lastAxis), scalar(1e-5F)}, row);
    const auto normal = same("Div", {centered, same("Sqrt", {variance})});
    return same("Add", {same("Mul", {normal, weight({width}, 1.0F)}), weight({width})});
}

std::string NetWriter::writtenGelu(const std::string &x)
{
    const auto erf = same("Erf", {same("Div", {x, scalar(std::sqrt(2.0F))})});
    const auto product = same("Mul", {x, same("Add", {erf, scalar(1.0F)})});
    return same("Mul", {product, scalar(0.5F)});
}

std::string NetWriter::heads(const std::string &x, std::int64_t count, bool isKey)
{
    const Shape s = shape(x);
    const std::int64_t width = s.back() / count;
    const auto split =
        op("Reshape", {x, numbers({s[0], s[1], count, width})}, {s[0], s[1], count, width});
    return isKey ? op("Transpose", {split}, {s[0], count, width, s[1]}, {{"perm", {0, 2, 3, 1}}})
                 : op("Transpose", {split}, {s[0], count, s[1], width}, {{"perm", {0, 2, 1, 3}}});
}

std::string NetWriter::attention(const std::string &x, const std::string &context,
                                 std::int64_t count, const std::string &mask)
{
    const Shape s = shape(x);
    const std::int64_t length = shape(context)[1];
    const auto q = heads(linear(x, s[2]), count, false);
    const auto k = heads(linear(context, s[2]), count, true);
    const auto v = heads(linear(context, s[2]), count, false);
    auto a = op("MatMul", {q, k}, {s[0], count, s[1], length});
    a = same("Mul", {a, scalar(0.25F)});
    a = mask.empty() ? a : same("Add", {a, mask});
    a = same("Softmax", {a}, {{"axis", {-1}}});
    a = op("MatMul", {a, v}, {s[0], count, s[1], s[2] / count});
    a = op("Transpose", {a}, {s[0], s[1], count, s[2] / count}, {{"perm", {0, 2, 1, 3}}});
    return linear(op("Reshape", {a, numbers({s[0], s[1], s[2]})}, s), s[2]);
}

} // namespace syncpoint::eval
