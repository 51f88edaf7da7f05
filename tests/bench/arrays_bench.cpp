#include "core/formats/hdf5/dump_writer.h"
#include "tests/bench/benches.h"
#include "tests/bench/hollow_zip.h"
#include "tests/bench/model_opening.h"
#include "tests/core/formats/npy/npy_bytes.h"

#include <fmt/format.h>

namespace syncpoint::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kArrays = 256;
constexpr std::uint64_t kEdge = 1024; // kEdge² float32 = 4 MiB
constexpr std::uint64_t kArrayBytes = kEdge * kEdge * 4;

/// The start of an array file whose numbers are still to come.
std::string arrayStart(std::uint64_t rows)
{
    return test::npyBytes(test::npyHeaderText("<f4", fmt::format("({}, {})", rows, kEdge)), "");
}

void writeArray(const fs::path &path)
{
    const std::string start = arrayStart(kArrays * kEdge);
    std::ofstream(path, std::ios::binary) << start;
    fs::resize_file(path, start.size() + kArrays * kArrayBytes);
}

void writeArchive(const fs::path &path)
{
    HollowZip zip(path);
    for (std::uint64_t i = 0; i < kArrays; ++i) {
        zip.add(fmt::format("layers.{}.output.npy", i), arrayStart(kEdge), kArrayBytes);
    }
    zip.close();
}

bool writeDump(const fs::path &path)
{
    constexpr auto kExtent = static_cast<std::int64_t>(kEdge);
    const Tensor tensor =
        Tensor::fromFloats({kExtent, kExtent}, std::vector<float>(kEdge * kEdge, 1.0F));
    auto writer = DumpWriter::create(path, {"bench", "", "", ""}, {});
    bool isWritten = static_cast<bool>(writer);
    for (std::uint64_t i = 0; isWritten && i < kArrays; ++i) {
        TensorEntry entry;
        entry.name = fmt::format("layers.{}.output", i);
        entry.info = tensor.info();
        isWritten = static_cast<bool>((*writer)->write(0, entry, tensor));
    }
    return isWritten && (*writer)->finish();
}

} // namespace

void arraysBench(BenchReport &out)
{
    const fs::path folder = fs::path(SYNCPOINT_BENCH_DATA) / "arrays";
    fs::create_directories(folder);
    writeArray(folder / "all.npy");
    reportOpening(out, "1 GB .npy", folder / "all.npy");
    writeArchive(folder / "all.npz");
    reportOpening(out, "1 GB .npz of 256 arrays", folder / "all.npz");
    if (writeDump(folder / "all.h5")) {
        reportOpening(out, "1 GB dump (.h5) of 256 tensors", folder / "all.h5");
    } else {
        out.skip("open 1 GB dump (.h5)", "it could not be written");
    }
    fs::remove_all(folder);
}

} // namespace syncpoint::bench
