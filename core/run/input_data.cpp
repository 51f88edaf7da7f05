#include "core/run/input_data.h"

#include <utility>

namespace syncpoint {

namespace {
class ArrayData final : public InputData
{
public:
    explicit ArrayData(std::vector<Tensor> arrays) : m_arrays(std::move(arrays)) {}
    std::size_t samples() const override { return m_arrays.size(); }
    Shape shape(std::size_t sample) const override { return m_arrays[sample].info().shape; }
    Result<Tensor> make(std::size_t sample) const override { return m_arrays[sample]; }

private:
    std::vector<Tensor> m_arrays;
};

class FilledData final : public InputData
{
public:
    FilledData(const InputFill &fill, DType dtype, Shape shape, FillPlace place)
        : m_fill(fill), m_dtype(dtype), m_shape(std::move(shape)), m_place(place)
    {
    }
    std::size_t samples() const override { return 0; }
    Shape shape(std::size_t /*sample*/) const override { return m_shape; }
    Result<Tensor> make(std::size_t sample) const override
    {
        return fillTensor(m_fill, m_dtype, m_shape, {m_place.seed, m_place.input, sample});
    }

private:
    InputFill m_fill;
    DType m_dtype;
    Shape m_shape;
    FillPlace m_place;
};
} // namespace

std::shared_ptr<const InputData> arrayData(std::vector<Tensor> arrays)
{
    return std::make_shared<ArrayData>(std::move(arrays));
}

std::shared_ptr<const InputData> filledData(const InputFill &fill, DType dtype, Shape shape,
                                            FillPlace place)
{
    return std::make_shared<FilledData>(fill, dtype, std::move(shape), place);
}

} // namespace syncpoint
