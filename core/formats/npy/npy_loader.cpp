#include "core/formats/npy/npy_loader.h"

#include "core/formats/npy/npy_store.h"

#include <new>

namespace syncpoint {
namespace {

class NpyLoader final : public TensorLoader
{
public:
    FormatInfo format() const override
    {
        return {"npy", "NumPy array", "*.npy", "one numeric array, any byte and axis order"};
    }
    ProbeAnswer probe(const FileProbe &file) const override
    {
        if (!file.isDirectory && npyHeaderSize(file.start)) {
            return ProbeAnswer::Yes;
        }
        return !file.isDirectory && file.extension == ".npy" ? ProbeAnswer::Maybe : ProbeAnswer::No;
    }
    Result<std::shared_ptr<const TensorDump>> load(const std::filesystem::path &path,
                                                   const JobContext & /*job*/) const override
    {
        const auto header = readNpyHeaderOfFile(path);
        if (!header) {
            return header.error();
        }
        auto dump = std::make_shared<TensorDump>();
        dump->path = path;
        dump->format = "npy";
        std::vector<NpyItem> items;
        items.push_back(npyFileItem(path.stem().string(), path, *header));
        dump->samples.push_back(std::make_shared<const NpyTensorStore>(path, std::move(items)));
        return std::shared_ptr<const TensorDump>(std::move(dump));
    }
};

} // namespace

std::unique_ptr<TensorLoader> makeNpyLoader()
{
    return std::make_unique<NpyLoader>();
}

} // namespace syncpoint
