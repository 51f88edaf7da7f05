#include "app/cli/input_options.h"

#include <charconv>
#include <fmt/format.h>

namespace syncpoint {

namespace {
Result<InputFill> parseFill(const std::string &text)
{
    InputFill fill;
    if (text == "zeros") {
        fill.kind = InputFill::Kind::Zeros;
    } else if (text == "ones") {
        fill.kind = InputFill::Kind::Ones;
    } else if (text == "random") {
        fill.kind = InputFill::Kind::Random;
    } else if (const auto end =
                   std::from_chars(text.data(), text.data() + text.size(), fill.number);
               end.ec == std::errc() && end.ptr == text.data() + text.size()) {
        fill.kind = InputFill::Kind::Number;
    } else if (text.ends_with(".npy")) {
        fill.kind = InputFill::Kind::File;
        fill.file = text;
    } else {
        return Error{
            ErrorCode::BadInput,
            fmt::format("--input takes FILE.npy, zeros, ones, random or a number, not '{}'", text)};
    }
    return fill;
}

Result<Shape> parseShape(const std::string &text)
{
    Shape shape;
    const char *at = text.data();
    const char *const end = at + text.size();
    while (at < end) {
        std::int64_t extent = 0;
        const auto parsed = std::from_chars(at, end, extent);
        if (parsed.ec != std::errc() || extent < 0 || (parsed.ptr < end && *parsed.ptr != ',')) {
            return Error{ErrorCode::BadInput,
                         fmt::format("--shape takes extents such as 1,3,224,224, not '{}'", text)};
        }
        shape.push_back(extent);
        at = parsed.ptr + (parsed.ptr < end ? 1 : 0);
    }
    return shape;
}
} // namespace

Result<std::pair<std::string, std::string>> splitAssignment(const std::string &text,
                                                            std::string_view option)
{
    const std::size_t at = text.rfind('=');
    if (at == std::string::npos || at == 0 || at + 1 == text.size()) {
        return Error{ErrorCode::BadInput,
                     fmt::format("{} takes NAME=VALUE, not '{}'", option, text)};
    }
    return std::pair(text.substr(0, at), text.substr(at + 1));
}

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
        const auto parts = splitAssignment(text, "--input");
        if (!parts) {
            return parts.error();
        }
        const auto fill = parseFill(parts->second);
        if (!fill) {
            return fill.error();
        }
        source.perInput[parts->first] = *fill;
    }
    for (const std::string &text : m_shapes) {
        const auto parts = splitAssignment(text, "--shape");
        if (!parts) {
            return parts.error();
        }
        const auto shape = parseShape(parts->second);
        if (!shape) {
            return shape.error();
        }
        source.shapes[parts->first] = *shape;
    }
    source.seed = m_seed;
    source.samples = m_samples;
    return source;
}

} // namespace syncpoint
