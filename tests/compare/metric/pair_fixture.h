#pragma once
#include "compare/metric/measurement.h"
#include "compare/metric/tensor_pair.h"

#include <cstring>
#include <memory>
#include <random>
#include <span>
#include <vector>

namespace syncpoint::testing {

template <typename T>
Tensor tensorOf(DType dtype, Shape shape, const std::vector<T> &values,
                std::shared_ptr<const Quantization> quantization = nullptr)
{
    std::vector<std::byte> bytes(values.size() * sizeof(T));
    if (!bytes.empty()) {
        std::memcpy(bytes.data(), values.data(), bytes.size());
    }
    return Tensor::fromBytes({dtype, std::move(shape), std::move(quantization)}, std::move(bytes))
        .value();
}

inline Tensor floats(const std::vector<float> &values)
{
    return Tensor::fromFloats({static_cast<std::int64_t>(values.size())}, values);
}

inline std::shared_ptr<const Quantization> quantization(std::vector<double> scales,
                                                        std::vector<std::int64_t> zeroPoints = {},
                                                        std::optional<std::size_t> axis = {})
{
    return std::make_shared<const Quantization>(
        Quantization{std::move(scales), std::move(zeroPoints), axis, 0});
}

/// Two tensors in stores of their own, and the pair that refers to them.
class Pair
{
public:
    Pair(const Tensor &reference, const Tensor &candidate)
        : m_reference({{entryOf(reference), reference}}),
          m_candidate({{entryOf(candidate), candidate}})
    {
        pair.referenceStore = &m_reference;
        pair.reference = TensorId(0);
        pair.candidateStore = &m_candidate;
        pair.candidate = TensorId(0);
    }
    Measured measure(const MetricSettings &settings = {}) const
    {
        return measurePair(pair, settings, JobContext()).value();
    }
    Measurement evaluated(const MetricSettings &settings = {}) const
    {
        return evaluate(measure(settings).total, settings);
    }

    TensorPair pair;

private:
    static TensorEntry entryOf(const Tensor &tensor)
    {
        TensorEntry entry;
        entry.name = "t";
        entry.info = tensor.info();
        return entry;
    }
    MemoryTensorStore m_reference;
    MemoryTensorStore m_candidate;
};

inline Measurement scores(const std::vector<float> &r, const std::vector<float> &c,
                          const MetricSettings &settings = {})
{
    return Pair(floats(r), floats(c)).evaluated(settings);
}

/// Normally distributed numbers of this standard deviation.
inline std::vector<float> noise(std::size_t n, unsigned seed, float scale = 1.0F)
{
    std::mt19937 generator(seed);
    std::normal_distribution<float> distribution(0.0F, scale);
    std::vector<float> values(n);
    for (float &value : values) {
        value = distribution(generator);
    }
    return values;
}

} // namespace syncpoint::testing
