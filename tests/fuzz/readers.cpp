#include "tests/fuzz/readers.h"

#include "core/formats/registry.h"
#include "core/placement/importer.h"
#include "tests/core/formats/test_files.h"
#include "tests/fuzz/text_parsers.h"
#include "tests/fuzz/touch.h"

#include <new>

namespace syncpoint::fuzz {
namespace {

template <typename Each>
std::shared_ptr<const Each> withId(std::vector<std::unique_ptr<Each>> all, const std::string &id)
{
    for (std::unique_ptr<Each> &each : all) {
        if (each->format().id == id) {
            return std::move(each);
        }
    }
    return nullptr;
}

template <typename Loader>
Reader loaderReader(std::vector<std::unique_ptr<Loader>> all, const std::string &id)
{
    const std::shared_ptr<const Loader> loader = withId(std::move(all), id);
    if (!loader) {
        return {};
    }
    return [loader](const std::filesystem::path &path) {
        if (const auto probe = FileProbe::of(path)) {
            static_cast<void>(loader->probe(*probe));
        }
        try {
            if (const auto loaded = loader->load(path, {})) {
                touch(**loaded);
            }
        } catch (const std::bad_alloc &) { // loadGraph() and loadDump() make an error of it
        }
    };
}

Reader importerReader(const std::string &id)
{
    const std::shared_ptr<const PlacementImporter> importer =
        withId(builtinPlacementImporters(), id);
    if (!importer) {
        return {};
    }
    return [importer](const std::filesystem::path &path) {
        if (const auto probe = FileProbe::of(path)) {
            static_cast<void>(importer->probe(*probe));
        }
        if (const auto rows = importer->read(path)) {
            touch(*rows);
        }
    };
}

Reader textReader(const std::string &id)
{
    const TextParser parse = textParser(id);
    if (parse == nullptr) {
        return {};
    }
    return [parse](const std::filesystem::path &path) { parse(test::readFile(path)); };
}

} // namespace

Reader readerOf(const Target &target)
{
    return target.kind == "model"    ? loaderReader(builtinGraphLoaders(), target.id)
           : target.kind == "dump"   ? loaderReader(builtinTensorLoaders(), target.id)
           : target.kind == "report" ? importerReader(target.id)
           : target.kind == "text"   ? textReader(target.id)
                                     : Reader();
}

} // namespace syncpoint::fuzz
