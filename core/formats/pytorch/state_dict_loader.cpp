#include "core/formats/pytorch/state_dict_loader.h"

#include "core/base/mapped_file.h"
#include "core/formats/pytorch/saved_tensors.h"
#include "core/formats/pytorch/storages.h"

#include <algorithm>
#include <array>

namespace syncpoint {
namespace {

/// What torch.save() wrote before version 1.6: a pickle without an archive around it.
bool isOldPickle(std::span<const std::byte> start)
{
    constexpr std::array<unsigned char, 14> kMagic{0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C,
                                                   0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19};
    return start.size() >= kMagic.size() &&
           std::equal(kMagic.begin(), kMagic.end(), start.begin(),
                      [](unsigned char a, std::byte b) { return std::byte{a} == b; });
}

class StateDictLoader final : public TensorLoader
{
public:
    FormatInfo format() const override
    {
        return {"torch-save", "PyTorch state dict", "*.pt *.pth",
                "tensors in dictionaries and lists; other pickles are refused, no code is run"};
    }

    ProbeAnswer probe(const FileProbe &file) const override
    {
        const std::string_view first = firstZipMember(file.start);
        if (file.isDirectory) {
            return ProbeAnswer::No;
        }
        if (first == "data.pkl" || first.ends_with("/data.pkl") || isOldPickle(file.start)) {
            return ProbeAnswer::Yes;
        }
        return file.extension == ".pt" || file.extension == ".pth" ? ProbeAnswer::Maybe
                                                                   : ProbeAnswer::No;
    }

    Result<std::shared_ptr<const TensorDump>> load(const std::filesystem::path &path,
                                                   const JobContext & /*job*/) const override
    {
        const auto mapping = MappedFile::open(path);
        if (!mapping) {
            return mapping.error();
        }
        if (isOldPickle((*mapping)->bytes())) {
            return Error{ErrorCode::Unsupported,
                         "torch.save() wrote this file before version 1.6; save it again with a "
                         "newer PyTorch"};
        }
        std::uint64_t copyBudget = pytorch::kMostCopiedBytes;
        auto saved = pytorch::readSavedTensors({(*mapping)->bytes(), *mapping}, copyBudget);
        if (!saved) {
            return saved.error();
        }
        auto dump = std::make_shared<TensorDump>();
        dump->path = path;
        dump->format = "torch-save";
        dump->diagnostics = std::move(saved->diagnostics);
        std::vector<MemoryTensorStore::Item> items;
        for (pytorch::NamedTensor &each : saved->tensors) {
            MemoryTensorStore::Item item;
            item.entry.name = each.name.empty() ? path.stem().string() : std::move(each.name);
            item.entry.kind = TensorEntry::Kind::Parameter;
            item.tensor = std::move(each.tensor);
            items.push_back(std::move(item));
        }
        if (items.empty()) {
            return Error{ErrorCode::BadFormat, dump->diagnostics.empty()
                                                   ? "the file holds no tensors"
                                                   : dump->diagnostics.front().text};
        }
        dump->samples.push_back(
            std::make_shared<const MemoryTensorStore>(std::move(items), *mapping));
        return std::shared_ptr<const TensorDump>(std::move(dump));
    }
};

} // namespace

std::unique_ptr<TensorLoader> makeStateDictLoader()
{
    return std::make_unique<StateDictLoader>();
}

} // namespace syncpoint
