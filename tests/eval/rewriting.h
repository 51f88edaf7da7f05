#pragma once
#include "net.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace syncpoint::eval {

/// Convolutions and matrix products.
bool isLinear(const Op &op);
bool isConstant(const Net &net, const std::string &value);
/// Position of the op that makes a value; nothing for inputs and constants.
std::optional<std::size_t> producerOf(const Net &net, const std::string &value);
/// The op that makes a value, if it is of that type; null otherwise.
const Op *madeBy(const Net &net, const std::string &value, const std::string &type);
/// The only op that reads a value which is no output; null otherwise.
const Op *onlyReader(const Net &net, const std::string &value);

void replaceReads(Net &net, const std::string &from, const std::string &to, std::size_t first = 0);
void dropFromTruth(Truth &truth, const std::string &value);
/// `added` holds the same numbers as `known`.
void alsoRight(Truth &truth, const std::string &known, const std::string &added);
/// Takes values out of the truth that neither are inputs nor made by an op.
void dropMissing(const Net &net, Truth &truth);
/// Takes away ops and constants that no output needs.
void dropUnused(Net &net, Truth &truth);
/// Puts a chain of ops between every value and its readers.
void wrapValues(Net &net, Truth &truth, const std::vector<std::string> &types);

/// Collects the new ops of a network; makes names, constants and shapes on the way.
class OpWriter
{
public:
    explicit OpWriter(Net &net) : m_net(net) {}

    std::string step(const std::string &type, std::vector<std::string> inputs, Shape shape,
                     Attributes attributes = {});
    /// The same with several outputs of one shape.
    std::vector<std::string> steps(const std::string &type, std::vector<std::string> inputs,
                                   std::size_t count, const Shape &shape,
                                   Attributes attributes = {});
    void add(Op op) { m_ops.push_back(std::move(op)); }
    std::string fresh(Shape shape); ///< a name for a value of that shape
    std::string scalar(float value);
    std::string constant(Shape shape, std::vector<float> data, DType dtype = DType::Float32);
    std::string numbers(const std::vector<std::int64_t> &values); ///< 1-D, int64
    const Shape &shape(const std::string &value) const { return m_net.shapes[value]; }
    const Net &net() const { return m_net; }
    std::vector<Op> take() { return std::move(m_ops); }

private:
    Net &m_net;
    std::vector<Op> m_ops;
};

/// Calls `rewrite` for every op; where it returns false, the op stays as it is.
void rewriteOps(Net &net, const std::function<bool(const Op &, OpWriter &)> &rewrite);

} // namespace syncpoint::eval
