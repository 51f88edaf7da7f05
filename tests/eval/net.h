#pragma once
#include "core/graph/graph.h"

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace syncpoint::eval {

using Attributes = std::map<std::string, std::vector<std::int64_t>>; ///< one number: an integer

struct Net;

struct Op
{
    std::string type;
    std::vector<std::string> inputs; ///< "" where an optional one is absent
    std::vector<std::string> outputs;
    Attributes attributes = {};
    std::string activation = {};  ///< of FusedConv; "" none
    std::vector<Net> bodies = {}; ///< then_branch and else_branch of If
    bool operator==(const Op &) const = default;
};

struct Weight
{
    Shape shape;
    std::vector<float> data;
    DType dtype = DType::Float32;    ///< or an integer type or Bool
    std::vector<double> scales = {}; ///< of the integers of a weight, one per index of `axis`
    std::size_t axis = 0;
    bool hasData = true; ///< false: as if kept in a file that is missing
    bool operator==(const Weight &) const = default;
};

/// A network that edits can change: ops in execution order, values by name.
struct Net
{
    std::vector<std::string> inputs;
    std::vector<std::string> outputs;
    std::vector<Op> ops;
    std::map<std::string, Weight> weights;
    std::map<std::string, Shape> shapes;            ///< of computed values and inputs
    std::map<std::string, std::int64_t> zeroPoints; ///< of uint8 values
    int names = 0;                                  ///< given out by fresh()

    std::shared_ptr<const Graph> build() const;
    /// Positions of the ops that read a value.
    std::vector<std::size_t> readersOf(const std::string &value) const;
    bool isOutput(const std::string &value) const;
    std::string fresh(); ///< a name nobody has
    bool operator==(const Net &) const = default;
};

/// Which candidate values are right for a baseline value, by qualified name. One that is missing
/// has no counterpart.
using Truth = std::map<std::string, std::set<std::string>>;
Truth identityOf(const Net &net);

using Random = std::mt19937;

} // namespace syncpoint::eval
