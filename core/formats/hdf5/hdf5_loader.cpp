#include "core/formats/hdf5/hdf5_loader.h"

#include "core/formats/hdf5/dump_reader.h"
#include "core/formats/hdf5/trial.h"

#include <array>
#include <cstring>
#include <new>

namespace syncpoint {
namespace {

/// Reads all that load() reads, and texts, which the library takes from a heap of its own.
void tryToRead(const std::filesystem::path &path)
{
    const auto dump = readDump(path, {});
    if (!dump) {
        return;
    }
    auto stores = (*dump)->samples;
    stores.insert(stores.end(), (*dump)->plainOutputs.begin(), (*dump)->plainOutputs.end());
    for (const auto &store : stores) {
        for (std::size_t i = 0; i < store->entries().size(); ++i) {
            if (store->entries()[i].info.dtype == DType::String) {
                static_cast<void>(store->read(TensorId{i}));
            }
        }
    }
}

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
        try {
            std::error_code problem;
            const std::uintmax_t size = std::filesystem::file_size(path, problem);
            // Listing takes far less than a second per megabyte of file.
            const std::uint64_t seconds = 3 + (problem ? 0 : size >> 20U);
            if (auto survived = hdf5::tryInCopy([&path] { tryToRead(path); }, seconds); !survived) {
                return survived.error();
            }
            return readDump(path, job);
        } catch (const std::bad_alloc &) {
            return Error{ErrorCode::Limit, "not enough memory for what the file describes"};
        }
    }
};

} // namespace

std::unique_ptr<TensorLoader> makeHdf5Loader()
{
    return std::make_unique<Hdf5Loader>();
}

} // namespace syncpoint
