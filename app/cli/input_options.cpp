#include "app/cli/input_options.h"

#include "compare/session/input_text.h"

namespace syncpoint {

void InputOptions::declare(CLI::App &command)
{
    command.add_option("--inputs", m_file, "Inputs by name: FILE.npz, a folder of .npy, or a dump")
        ->type_name("FILE");
    command.add_option("--input", m_each, "One input: NAME=FILE.npy|zeros|ones|random|NUMBER")
        ->type_name("NAME=VALUE");
    command.add_option("--shape", m_shapes, "Extents of a dynamic input: NAME=1,3,224,224")
        ->type_name("NAME=EXTENTS");
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
    source.seed = m_seed;
    source.samples = m_samples;
    return source;
}

} // namespace syncpoint
