#pragma once
#include "core/tensor/shape.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint {

/// Limits of random numbers: floats in [low, high), integers from low to high.
struct RandomRange
{
    double low = 0.0;
    double high = 1.0;
    bool operator==(const RandomRange &) const = default;
};

/// How one input of a model is made when no file gives it.
struct InputFill
{
    enum class Kind { Random, Zeros, Ones, Number, File };

    Kind kind = Kind::Random;
    double number = 0.0;        ///< for Number
    std::filesystem::path file; ///< for File: .npy, pictures or sound; a folder of them
    RandomRange range{};        ///< for Random
    bool operator==(const InputFill &) const = default;
};

/// How pictures become numbers. Floating-point inputs get (level / 255 − mean) / std.
struct PictureSettings
{
    enum class Layout { Auto, Nchw, Nhwc }; ///< Auto: where the input's shape has 1, 3 or 4
    enum class Fit { Stretch, Crop };

    std::vector<double> mean; ///< one, or one per channel; empty: 0
    std::vector<double> std;  ///< one, or one per channel; empty: 1
    Layout layout = Layout::Auto;
    Fit fit = Fit::Stretch;
    bool operator==(const PictureSettings &) const = default;
};

/// An input of another model whose numbers an input gets.
struct InputTwin
{
    std::string name;
    std::size_t position = 0; ///< among the other model's inputs; random numbers depend on it
    bool operator==(const InputTwin &) const = default;
};

/// Where a run's inputs come from. Files give several samples when their first extent is a multiple
/// of the model's fixed first extent; of pictures and sounds each is one.
struct InputSource
{
    /// .npz, folder of .npy, test_data_set or dump, whose tensors are matched by name; or pictures
    /// or sound, or a folder of them, for the only input that takes such.
    std::optional<std::filesystem::path> file;
    std::map<std::string, InputFill> perInput; ///< overrides `file`
    InputFill fallback;                        ///< for inputs nothing else gives
    bool useFallback = true;                   ///< false: a missing input is an error
    std::uint64_t seed = 0;
    std::size_t samples = 0;             ///< 0: as many as the file has (1 without a file)
    std::map<std::string, Shape> shapes; ///< fixes dynamic extents by input name
    PictureSettings pictures{};
    /// Inputs of this model that are known here, in names above and in files, by those of another.
    std::map<std::string, InputTwin> twins{};
    bool operator==(const InputSource &) const = default;
};

std::string_view layoutName(PictureSettings::Layout layout); ///< "auto", "nchw", "nhwc"
std::string_view fitName(PictureSettings::Fit fit);          ///< "stretch", "crop"
std::optional<PictureSettings::Layout> layoutFromName(std::string_view name);
std::optional<PictureSettings::Fit> fitFromName(std::string_view name);

} // namespace syncpoint
