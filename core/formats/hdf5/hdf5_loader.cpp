#include "core/formats/hdf5/hdf5_loader.h"

#include "core/formats/hdf5/dump_reader.h"

#include <array>
#include <cstring>

namespace syncpoint {
namespace {

/// The signature stands at the start, or at 512, 1024, 2048 … after a user block.
bool hasSignature(std::span<const std::byte> start)
{
    constexpr std::array<unsigned char, 8> kSignature{0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};
    for (std::size_t at = 0; at + kSignature.size() <= start.size(); at = at == 0 ? 512 : at * 2) {
        if (std::memcmp(start.data() + at, kSignature.data(), kSignature.size()) == 0) {
            return true;
        }
    }
    return false;
}

class Hdf5Loader final : public TensorLoader
{
public:
    FormatInfo format() const override
    {
        return {"hdf5", "HDF5 dump", "*.h5 *.hdf5 *.hdf",
                "Syncpoint dumps; numeric datasets of other HDF5 files"};
    }
    ProbeAnswer probe(const FileProbe &file) const override
    {
        if (!file.isDirectory && hasSignature(file.start)) {
            return ProbeAnswer::Yes;
        }
        const bool named =
            file.extension == ".h5" || file.extension == ".hdf5" || file.extension == ".hdf";
        return !file.isDirectory && named ? ProbeAnswer::Maybe : ProbeAnswer::No;
    }
    Result<std::shared_ptr<const TensorDump>> load(const std::filesystem::path &path,
                                                   const JobContext &job) const override
    {
        return readDump(path, job);
    }
};

} // namespace

std::unique_ptr<TensorLoader> makeHdf5Loader()
{
    return std::make_unique<Hdf5Loader>();
}

} // namespace syncpoint
