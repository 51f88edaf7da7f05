#include "app/cli/input_options.h"

#include "compare/session/input_text.h"

namespace syncpoint {

void InputOptions::declare(CLI::App &command)
{
    command
        .add_option("--inputs", m_file,
                    "Inputs by name: FILE.npz, a folder of .npy, or a dump; or pictures or sound")
        ->type_name("FILE");
    command
        .add_option("--input", m_each,
                    "One input: NAME=FILE|zeros|ones|random|random:LOW..HIGH|NUMBER")
        ->type_name("NAME=VALUE");
    command.add_option("--shape", m_shapes, "Extents of a dynamic input: NAME=1,3,224,224")
        ->type_name("NAME=EXTENTS");
    command
        .add_option("--mean", m_pictures.mean,
                    "Taken off pictures' channels (0 to 1), as 0.5,0.5,0.5")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("NUMBERS");
    command.add_option("--std", m_pictures.std, "What pictures' channels are then divided by")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->check(CLI::PositiveNumber)
        ->type_name("NUMBERS");
    command
        .add_option("--layout", m_layout,
                    "Axes of pictures where the shape leaves it open: nchw, nhwc")
        ->check(CLI::IsMember({"nchw", "nhwc"}))
        ->type_name("LAYOUT");
    command.add_option("--fit", m_fit, "How pictures get their size: stretch (default) or crop")
        ->check(CLI::IsMember({"stretch", "crop"}))
        ->type_name("FIT");
    command.add_option("--seed", m_seed, "Seed of random inputs (default 0)")->type_name("N");
    command
        .add_option("--samples", m_samples, "How many samples to run (default: all of the file)")
        ->type_name("N");
}

Result<InputSource> InputOptions::source() const
{
    InputSource source;
    if (!m_file.empty()) {
        source.file = m_file;
        source.useFallback = false; // an input missing in the file is a mistake, not a wish
    }
    for (const std::string &text : m_each) {
        if (const auto added = addInputFill(source, text); !added) {
            return added.error();
        }
    }
    for (const std::string &text : m_shapes) {
        if (const auto added = addInputShape(source, text); !added) {
            return added.error();
        }
    }
    source.pictures = m_pictures;
    source.pictures.layout = layoutFromName(m_layout).value_or(PictureSettings::Layout::Auto);
    source.pictures.fit = fitFromName(m_fit).value_or(PictureSettings::Fit::Stretch);
    source.seed = m_seed;
    source.samples = m_samples;
    return source;
}

} // namespace syncpoint
