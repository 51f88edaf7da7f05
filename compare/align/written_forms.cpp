#include "compare/align/written_forms.h"

#include <algorithm>
#include <array>

namespace syncpoint {
namespace {

constexpr auto kForms = std::to_array<WrittenForm>({
    {"gelu", "erf tanh sigmoid, mul", "div mul pow"},
    {"silu", "sigmoid, mul", "sigmoid mul"},
    {"mish", "tanh, mul", "softplus exp mul"},
    {"hard_swish", "hard_sigmoid clip relu, mul", "hard_sigmoid add mul"},
    {"hard_sigmoid", "clip relu min", "add mul"},
    {"softplus", "exp, log", "exp"},
    {"sigmoid", "exp, div reciprocal", "neg"},
    {"softmax", "exp, div mul", "exp sub reduce_max div"},
    {"log_softmax", "log softmax", "softmax"},
    {"prelu", "relu", "relu neg"},
    {"leaky_relu", "max where", "mul max where compare"},
    {"div", "reciprocal rsqrt div, mul", "mul", true},
    {"concat", "concat", "concat", true, true},
    {"add", "add", "add", true, true},
    {"batch_norm", "mul, add", "mul sub"},
    {"layer_norm", "sqrt rsqrt pow, reduce_mean", "reduce_mean sub"},
    {"rms_norm", "sqrt rsqrt pow, reduce_mean", "pow mul div"},
    {"skip_layer_norm", "add, layer_norm rms_norm sqrt rsqrt pow", "add"},
    {"instance_norm", "sqrt rsqrt pow, reduce_mean", "reduce_mean sub"},
    {"group_norm", "instance_norm sqrt rsqrt pow", "instance_norm reduce_mean sub"},
    {"l2_norm", "reduce_l2 sqrt, div mul", "reduce_l2 mul pow div"},
    {"reduce_l2", "sqrt", "mul pow"},
    {"rsqrt", "sqrt, div reciprocal", "sqrt"},
    {"fused_matmul", "matmul", "matmul"},
    {"gemm", "matmul fused_matmul", "matmul fused_matmul"},
    {"einsum", "matmul", "matmul"},
    {"attention", "softmax", "matmul mul"},
    {"lstm", "tanh, sigmoid", "embedding split slice matmul gemm"},
    {"gru", "tanh, sigmoid", "embedding split slice matmul gemm"},
    {"rnn", "tanh relu", "embedding split slice matmul gemm"},
    {"conv", "conv", "conv split slice"}, // in parts, or with its activation or residual sum
});

} // namespace

const WrittenForm *writtenFormOf(std::string_view family)
{
    const auto found = std::find_if(kForms.begin(), kForms.end(),
                                    [&](const WrittenForm &form) { return form.family == family; });
    return found == kForms.end() ? nullptr : &*found;
}

const WrittenForm *writtenFormOf(const OpFamily *family)
{
    return family != nullptr ? writtenFormOf(family->name) : nullptr;
}

bool listHas(std::string_view list, std::string_view word)
{
    for (std::size_t at = list.find(word); at != std::string_view::npos;
         at = list.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const auto isBoundary = [](char c) { return c == ' ' || c == ','; };
        if ((at == 0 || isBoundary(list[at - 1])) &&
            (end == list.size() || isBoundary(list[end]))) {
            return true;
        }
    }
    return false;
}

} // namespace syncpoint
