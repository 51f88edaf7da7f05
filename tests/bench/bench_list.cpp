#include "tests/bench/benches.h"

namespace syncpoint::bench {

std::vector<Bench> allBenches()
{
    return {
        {"metrics", metricBench},  {"onnx", onnxBench},           {"tflite", tfliteBench},
        {"coreml", coremlBench},   {"openvino", openvinoBench},   {"executorch", executorchBench},
        {"arrays", arraysBench},   {"weights", weightsBench},     {"dumps", dumpBench},
        {"align", alignBench},     {"compare", compareBench},     {"layout", layoutBench},
        {"run", runBench},         {"crossings", crossingsBench}, {"attribute", attributeBench},
        {"capture", captureBench},
#ifdef SYNCPOINT_WITH_WINDOW
        {"window", windowBench},   {"session", sessionBench},     {"tensor", tensorBench},
#endif
    };
}

std::vector<ChildStep> allChildSteps()
{
    return {
        {"open-model", openModelStep},
        {"compare-dumps", compareDumpsStep},
#ifdef SYNCPOINT_WITH_WINDOW
        {"show-slices", showSlicesStep},
        {"open-session", openSessionStep},
#endif
    };
}

} // namespace syncpoint::bench
