#include "core/run/picture_data.h"
#include "core/media/picture.h"
#include "core/run/number_encoding.h"
#include "core/run/picture_scaling.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <utility>

namespace syncpoint {

namespace {
namespace fs = std::filesystem;

bool isChannelCount(std::int64_t extent)
{
    return extent == 1 || extent == 3 || extent == 4;
}

/// What an input's axes mean.
struct PictureAxes
{
    std::size_t perSample = 1; ///< pictures
    std::size_t channels = 3;
    bool channelsLast = false;
    bool hasBatch = true;
    std::int64_t height = -1; ///< −1: the picture's
    std::int64_t width = -1;
};

Error takesNoPicture(const ModelPort &port, std::string_view why)
{
    return {ErrorCode::BadInput,
            fmt::format("pictures were given for the model's input '{}' ({}){}", port.name,
                        describe(port), why)};
}

Result<PictureAxes> axesOf(const ModelPort &port, PictureSettings::Layout layout)
{
    const Shape &shape = port.shape;
    const bool isKnown = canEncodeReals(port.dtype) || isConvertible(DType::UInt8, port.dtype);
    if ((shape.size() != 3 && shape.size() != 4) || !isKnown) {
        return takesNoPicture(port, ", which cannot take them");
    }
    PictureAxes axes;
    axes.hasBatch = shape.size() == 4;
    const std::size_t first = axes.hasBatch ? 1 : 0;
    const std::size_t last = shape.size() - 1;
    const bool maybeFirst = isChannelCount(shape[first]);
    const bool maybeLast = isChannelCount(shape[last]);
    if (layout == PictureSettings::Layout::Auto && maybeFirst == maybeLast) {
        return takesNoPicture(port, ", whose shape does not tell which axis is the channels': "
                                    "give --layout nchw or nhwc");
    }
    axes.channelsLast = layout == PictureSettings::Layout::Auto
                            ? maybeLast
                            : layout == PictureSettings::Layout::Nhwc;
    const std::int64_t channels = shape[axes.channelsLast ? last : first];
    if (channels >= 0 && !isChannelCount(channels)) {
        return takesNoPicture(port, fmt::format(", which has {} channels", channels));
    }
    axes.channels = channels < 0 ? axes.channels : static_cast<std::size_t>(channels);
    axes.height = shape[axes.channelsLast ? first : first + 1];
    axes.width = shape[axes.channelsLast ? first + 1 : last];
    const std::int64_t batch = axes.hasBatch ? shape.front() : 1;
    axes.perSample = batch < 0 ? 1 : static_cast<std::size_t>(batch);
    return axes.perSample > 0 ? Result<PictureAxes>(axes)
                              : takesNoPicture(port, ", which is empty");
}

/// One channel of a picture as levels, 0 to 255.
std::vector<float> levelsOf(const Picture &picture, std::size_t channel, bool isGray)
{
    constexpr std::size_t kStored = 4;
    std::vector<float> levels(picture.size.width * picture.size.height);
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const std::uint8_t *pixel = &picture.rgba[i * kStored];
        levels[i] = isGray ? 0.299F * static_cast<float>(pixel[0]) +
                                 0.587F * static_cast<float>(pixel[1]) +
                                 0.114F * static_cast<float>(pixel[2])
                           : static_cast<float>(pixel[channel]);
    }
    return levels;
}

class PictureData final : public InputData
{
public:
    PictureData(std::vector<fs::path> files, std::vector<PictureSize> sizes, const ModelPort &port,
                PictureAxes axes, PictureSettings settings)
        : m_files(std::move(files)), m_sizes(std::move(sizes)),
          m_isReal(canEncodeReals(port.dtype)), m_axes(axes), m_settings(std::move(settings))
    {
    }

    std::size_t samples() const override { return m_files.size() / m_axes.perSample; }

    Shape shape(std::size_t sample) const override
    {
        const PictureSize size = targetSize(sample);
        const auto height = static_cast<std::int64_t>(size.height);
        const auto width = static_cast<std::int64_t>(size.width);
        const auto channels = static_cast<std::int64_t>(m_axes.channels);
        Shape shape =
            m_axes.channelsLast ? Shape{height, width, channels} : Shape{channels, height, width};
        if (m_axes.hasBatch) {
            shape.insert(shape.begin(), static_cast<std::int64_t>(m_axes.perSample));
        }
        return shape;
    }

    Result<Tensor> make(std::size_t sample) const override
    {
        const PictureSize size = targetSize(sample);
        const std::size_t perPicture = size.width * size.height * m_axes.channels;
        std::vector<float> values(perPicture * m_axes.perSample);
        for (std::size_t i = 0; i < m_axes.perSample; ++i) {
            const auto picture = readPicture(m_files[sample * m_axes.perSample + i]);
            if (!picture) {
                return picture.error();
            }
            place(*picture, size, &values[i * perPicture]);
        }
        if (m_isReal) {
            return Tensor::fromFloats(shape(sample), values);
        }
        std::vector<std::byte> bytes(values.size());
        std::transform(values.begin(), values.end(), bytes.begin(), [](float level) {
            return static_cast<std::byte>(std::lround(std::clamp(level, 0.0F, 255.0F)));
        });
        return Tensor::fromBytes({DType::UInt8, shape(sample), nullptr}, std::move(bytes));
    }

private:
    PictureSize targetSize(std::size_t sample) const
    {
        const PictureSize &own = m_sizes[sample * m_axes.perSample];
        return {m_axes.width < 0 ? own.width : static_cast<std::size_t>(m_axes.width),
                m_axes.height < 0 ? own.height : static_cast<std::size_t>(m_axes.height)};
    }

    void place(const Picture &picture, PictureSize size, float *out) const
    {
        const std::size_t pixels = size.width * size.height;
        for (std::size_t channel = 0; channel < m_axes.channels; ++channel) {
            const auto levels = scaled(levelsOf(picture, channel, m_axes.channels == 1),
                                       picture.size, size, m_settings.fit);
            const float mean = valueAt(m_settings.mean, channel, 0.0F);
            const float std = valueAt(m_settings.std, channel, 1.0F);
            for (std::size_t i = 0; i < pixels; ++i) {
                float &target =
                    out[m_axes.channelsLast ? i * m_axes.channels + channel : channel * pixels + i];
                target = m_isReal ? (levels[i] / 255.0F - mean) / std : levels[i];
            }
        }
    }

    static float valueAt(const std::vector<double> &values, std::size_t channel, float otherwise)
    {
        return values.empty() ? otherwise
                              : static_cast<float>(values[values.size() == 1 ? 0 : channel]);
    }

    std::vector<fs::path> m_files;
    std::vector<PictureSize> m_sizes; ///< of each file
    bool m_isReal;
    PictureAxes m_axes;
    PictureSettings m_settings;
};

Result<void> checkScale(const std::vector<double> &values, std::string_view what,
                        const PictureAxes &axes, const ModelPort &port)
{
    if (!values.empty() && !canEncodeReals(port.dtype)) {
        return Error{ErrorCode::BadInput,
                     fmt::format("a {} was given, but the model's input '{}' takes {}: it gets the "
                                 "levels 0 to 255 as they are",
                                 what, port.name, describe(port))};
    }
    if (values.size() > 1 && values.size() != axes.channels) {
        return Error{ErrorCode::BadInput,
                     fmt::format("{} numbers were given as {}, but the model's input '{}' has {} "
                                 "channels",
                                 values.size(), what, port.name, axes.channels)};
    }
    return {};
}
} // namespace

Result<std::shared_ptr<const InputData>>
pictureData(std::vector<fs::path> files, const ModelPort &port, const PictureSettings &settings)
{
    const auto axes = axesOf(port, settings.layout);
    if (!axes) {
        return axes.error();
    }
    if (files.size() % axes->perSample != 0) {
        return Error{ErrorCode::BadInput,
                     fmt::format("the model's input '{}' takes {} pictures at once, and there are "
                                 "{}",
                                 port.name, axes->perSample, files.size())};
    }
    for (const auto &[values, what] :
         {std::pair(&settings.mean, "mean"), std::pair(&settings.std, "standard deviation")}) {
        if (auto fits = checkScale(*values, what, *axes, port); !fits) {
            return fits.error();
        }
    }
    std::vector<PictureSize> sizes;
    for (const fs::path &file : files) {
        const auto size = pictureSize(file);
        if (!size) {
            return size.error();
        }
        sizes.push_back(*size);
    }
    return std::shared_ptr<const InputData>(
        std::make_shared<PictureData>(std::move(files), std::move(sizes), port, *axes, settings));
}

} // namespace syncpoint
