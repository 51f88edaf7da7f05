#pragma once
#include "core/base/result.h"
#include "core/launch/run_request.h"

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace syncpoint {

/// Options that say what a model is run on; shared by run, compare and sweep.
class InputOptions
{
public:
    void declare(CLI::App &command);
    /// Fails (BadInput) when an option's text is not of the documented form.
    Result<InputSource> source() const;

private:
    std::string m_file;
    std::vector<std::string> m_each;   ///< NAME=FILE|zeros|ones|random|random:LOW..HIGH|NUMBER
    std::vector<std::string> m_shapes; ///< NAME=1,3,224,224
    PictureSettings m_pictures;
    std::string m_layout, m_fit;
    std::uint64_t m_seed = 0;
    std::size_t m_samples = 0;
};

} // namespace syncpoint
