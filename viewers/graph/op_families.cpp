#include "viewers/graph/op_families.h"

#include <QLatin1String>
#include <algorithm>
#include <array>

namespace syncpoint {
namespace {

struct Family
{
    const char *name;
    Theme::Role role;
    std::array<const char *, 8> types; ///< parts of op types, lower case
};

// First match wins; the last family takes the rest.
constexpr std::array kFamilies{
    Family{
        "matrix", Theme::Role::Accent, {"conv", "gemm", "matmul", "linear", "dense", "attention"}},
    Family{"norm, softmax", Theme::Role::Candidate, {"norm", "softmax"}},
    Family{"recurrent, control", Theme::Role::Bad, {"lstm", "gru", "rnn", "loop", "scan"}},
    Family{"activation",
           Theme::Role::Warn,
           {"relu", "sigmoid", "tanh", "gelu", "swish", "clip", "elu", "erf"}},
    Family{"pooling, reduction", Theme::Role::Ok, {"pool", "reduce", "resize", "upsample"}},
    Family{"arithmetic", Theme::Role::Baseline, {"add", "mul", "sub", "div", "pow", "sqrt", "neg"}},
    Family{"layout and other", Theme::Role::NotCompared, {""}},
};

} // namespace

std::uint8_t opFamilyOf(const QString &opType)
{
    for (std::size_t f = 0; f < kFamilies.size(); ++f) {
        for (const char *part : kFamilies[f].types) {
            if (part != nullptr && opType.contains(QLatin1String(part), Qt::CaseInsensitive)) {
                return static_cast<std::uint8_t>(f);
            }
        }
    }
    return static_cast<std::uint8_t>(kFamilies.size() - 1);
}

std::size_t opFamilyCount()
{
    return kFamilies.size();
}

QString opFamilyName(std::size_t family)
{
    return QString::fromLatin1(kFamilies[std::min(family, kFamilies.size() - 1)].name);
}

Theme::Role opFamilyRole(std::size_t family)
{
    return kFamilies[std::min(family, kFamilies.size() - 1)].role;
}

} // namespace syncpoint
