#include "tests/fuzz/text_parsers.h"

#include "core/formats/bounded_json.h"
#include "core/formats/hdf5/dump_json.h"
#include "core/formats/mlir/mlir_types.h"
#include "core/formats/module_names.h"
#include "core/formats/origin_json.h"
#include "core/formats/pytorch/module_stack.h"
#include "core/formats/stack_trace.h"
#include "tests/fuzz/touch.h"

#include <nlohmann/json.hpp>

namespace syncpoint::fuzz {
namespace {

void stackTraces(std::string_view text)
{
    static_cast<void>(parseDocStringFrames(text));
    static_cast<void>(parseTraceback(text));
    static_cast<void>(parsePythonStrings(text));
}

void moduleNames(std::string_view text)
{
    static_cast<void>(moduleOfName(text));
    static_cast<void>(moduleOfParameter(text));
    static_cast<void>(pytorch::parseModuleStack(text));
    static_cast<void>(mlirType(text));
}

void boundedJson(std::string_view text)
{
    const auto json = parseBoundedJson(text);
    if (!json) {
        return;
    }
    static_cast<void>(originsFromJson(*json));
    static_cast<void>(framesFromJson(*json));
    for (const char *member : {"data", "a"}) {
        static_cast<void>(membersInOrder(text, member));
    }
}

void dumpTexts(std::string_view text)
{
    if (const auto graph = hdf5::graphFromJson(text, {}, nullptr)) {
        touch(**graph);
        static_cast<void>(hdf5::graphToJson(**graph));
    }
    if (const auto profile = hdf5::profileFromJson(text)) {
        static_cast<void>(hdf5::profileToJson(*profile));
    }
    if (const auto noise = hdf5::noiseFromJson(text)) {
        static_cast<void>(hdf5::noiseToJson(*noise));
    }
}

} // namespace

TextParser textParser(std::string_view id)
{
    return id == "stack-traces"   ? stackTraces
           : id == "module-names" ? moduleNames
           : id == "bounded-json" ? boundedJson
           : id == "dump-texts"   ? dumpTexts
                                  : nullptr;
}

} // namespace syncpoint::fuzz
