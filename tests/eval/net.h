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

struct Op
{
    std::string type;
    std::vector<std::string> inputs;
    std::vector<std::string> outputs;
    std::map<std::string, std::vector<std::int64_t>> attributes; ///< one number: an integer
    std::string activation;                                      ///< of FusedConv; "" none
};

struct Weight
{
    Shape shape;
    std::vector<float> data;
};

/// A network that edits can change: ops in execution order, values by name.
struct Net
{
    std::vector<std::string> inputs;
    std::vector<std::string> outputs;
    std::vector<Op> ops;
    std::map<std::string, Weight> weights;
    std::map<std::string, Shape> shapes; ///< of computed values and inputs

    std::shared_ptr<const Graph> build() const;
    /// Positions of the ops that read a value.
    std::vector<std::size_t> readersOf(const std::string &value) const;
    bool isOutput(const std::string &value) const;
    std::string fresh(); ///< a name nobody has

private:
    int m_counter = 0;
};

/// Which candidate values are right for a baseline value. One that is missing has no counterpart.
using Truth = std::map<std::string, std::set<std::string>>;
Truth identityOf(const Net &net);

using Random = std::mt19937;

/// Networks with random weights, one per architecture.
struct NamedNet
{
    std::string name;
    Net net;
};
std::vector<NamedNet> baseNets(std::uint32_t seed);

/// One kind of change; edits the candidate and keeps the truth right.
struct Edit
{
    std::string name;
    void (*apply)(Net &net, Truth &truth, Random &random);
};
std::vector<Edit> edits();
/// Gives every value a random name.
void scramble(Net &net, Truth &truth, Random &random);

} // namespace syncpoint::eval
