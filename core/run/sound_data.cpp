#include "core/run/sound_data.h"
#include "core/media/sound.h"
#include "core/run/number_encoding.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <utility>

namespace syncpoint {

namespace {
namespace fs = std::filesystem;

/// A stretch of one file that is one sample.
struct Stretch
{
    fs::path file;
    std::size_t first = 0;
    std::size_t frames = 0;   ///< that the sample has
    std::size_t channels = 1; ///< that the sample has
};

class SoundData final : public InputData
{
public:
    SoundData(std::vector<Stretch> stretches, std::size_t rank, bool isReal)
        : m_stretches(std::move(stretches)), m_rank(rank), m_isReal(isReal)
    {
    }

    std::size_t samples() const override { return m_stretches.size(); }

    Shape shape(std::size_t sample) const override
    {
        const Stretch &stretch = m_stretches[sample];
        Shape shape{static_cast<std::int64_t>(stretch.frames)};
        if (m_rank > 1) {
            shape.insert(shape.begin(), static_cast<std::int64_t>(stretch.channels));
        }
        if (m_rank > 2) {
            shape.insert(shape.begin(), 1);
        }
        return shape;
    }

    Result<Tensor> make(std::size_t sample) const override
    {
        const Stretch &stretch = m_stretches[sample];
        const auto format = soundFormat(stretch.file);
        const auto read = format ? readSound(stretch.file, stretch.first, stretch.frames)
                                 : Result<std::vector<float>>(format.error());
        if (!read) {
            return read.error();
        }
        const auto values = planes(*read, format->channels, stretch);
        if (m_isReal) {
            return Tensor::fromFloats(shape(sample), values);
        }
        std::vector<std::int64_t> integers(values.size());
        std::transform(values.begin(), values.end(), integers.begin(), [](float value) {
            return std::clamp<std::int64_t>(std::lround(value * 32768.0F), INT16_MIN, INT16_MAX);
        });
        return encodeIntegers(DType::Int16, shape(sample), integers);
    }

private:
    /// Channel after channel, silent where the file has ended.
    static std::vector<float> planes(const std::vector<float> &interleaved, std::size_t channels,
                                     const Stretch &stretch)
    {
        std::vector<float> values(stretch.frames * stretch.channels);
        for (std::size_t frame = 0; frame < interleaved.size() / channels; ++frame) {
            const float *given = &interleaved[frame * channels];
            if (stretch.channels == 1) {
                values[frame] =
                    std::accumulate(given, given + channels, 0.0F) / static_cast<float>(channels);
                continue;
            }
            for (std::size_t channel = 0; channel < channels; ++channel) {
                values[channel * stretch.frames + frame] = given[channel];
            }
        }
        return values;
    }

    std::vector<Stretch> m_stretches;
    std::size_t m_rank;
    bool m_isReal;
};

Error takesNoSound(const ModelPort &port, std::string_view why)
{
    return {ErrorCode::BadInput, fmt::format("sound was given for the model's input '{}' ({}){}",
                                             port.name, describe(port), why)};
}

/// What an input's axes mean; −1: the file's.
struct SoundAxes
{
    std::int64_t channels = 1;
    std::int64_t frames = -1;
};

Result<SoundAxes> axesOf(const ModelPort &port)
{
    const Shape &shape = port.shape;
    const bool isKnown = canEncodeReals(port.dtype) || port.dtype == DType::Int16;
    if (shape.empty() || shape.size() > 3 || !isKnown || shape.back() == 0) {
        return takesNoSound(port, ", which cannot take it");
    }
    if (shape.size() == 3 && shape.front() > 1) {
        return takesNoSound(port, fmt::format(", which takes {} at once", shape.front()));
    }
    SoundAxes axes;
    axes.frames = shape.back();
    if (shape.size() == 3 || (shape.size() == 2 && shape.front() >= 0)) {
        axes.channels = shape[shape.size() - 2];
    }
    return axes;
}
} // namespace

Result<std::shared_ptr<const InputData>> soundData(const std::vector<fs::path> &files,
                                                   const ModelPort &port, Diagnostics &notes)
{
    const auto axes = axesOf(port);
    if (!axes) {
        return axes.error();
    }
    std::vector<Stretch> stretches;
    for (const fs::path &file : files) {
        const auto format = soundFormat(file);
        if (!format) {
            return format.error();
        }
        const auto channels =
            axes->channels < 0 ? format->channels : static_cast<std::size_t>(axes->channels);
        if (channels != 1 && channels != format->channels) {
            return takesNoSound(
                port, fmt::format(", but {} has {} channels", file.string(), format->channels));
        }
        const auto length =
            axes->frames < 0 ? format->frames : static_cast<std::size_t>(axes->frames);
        if (format->frames / length >= kMostSamples) {
            return takesNoSound(port, fmt::format(", and {} has more than {} samples of it",
                                                  file.string(), kMostSamples));
        }
        for (std::size_t first = 0; first < format->frames; first += length) {
            stretches.push_back({file, first, length, channels});
        }
        const std::size_t rest = format->frames % length;
        notes.push_back({Diagnostic::Severity::Info, file.string(),
                         fmt::format("{} Hz, {} frames{}", format->rate, format->frames,
                                     rest == 0 ? std::string()
                                               : fmt::format("; {} frames of silence fill the last "
                                                             "piece",
                                                             length - rest))});
    }
    return std::shared_ptr<const InputData>(std::make_shared<SoundData>(
        std::move(stretches), port.shape.size(), canEncodeReals(port.dtype)));
}

} // namespace syncpoint
