#pragma once
#include "tests/bench/bench_report.h"

namespace syncpoint::bench {

void metricBench(BenchReport &report);     ///< the default set of metrics against a plain sum
void onnxBench(BenchReport &report);       ///< opening a model of 1.9 GB
void tfliteBench(BenchReport &report);     ///< opening a model of 1 GB
void weightsBench(BenchReport &report);    ///< opening .pt2, .safetensors, .pt and .gguf of 1 GB
void arraysBench(BenchReport &report);     ///< opening .npy, .npz and .h5 of 1 GB
void openvinoBench(BenchReport &report);   ///< opening a model of 1 GB
void executorchBench(BenchReport &report); ///< opening a program of 1 GB
void coremlBench(BenchReport &report);     ///< opening models of 1 GB
void dumpBench(BenchReport &report);       ///< comparing two dumps of 4 GB
void layoutBench(BenchReport &report);     ///< laying out graphs of 10 000 and 50 000 ops
void crossingsBench(BenchReport &report);  ///< crossing lines of the layout against dot's
void windowBench(BenchReport &report);     ///< first paint, frames and selection, offscreen
void sessionBench(BenchReport &report);    ///< opening the example in the window, offscreen
void tensorBench(BenchReport &report);     ///< pictures of 16 million elements, offscreen
void alignBench(BenchReport &report);      ///< pairs of known truth, against other methods
void compareBench(BenchReport &report);    ///< the command-line tool from start to end
void attributeBench(BenchReport &report);  ///< planted faults, against other methods; replay
void runBench(BenchReport &report);        ///< memory and time of capturing
void captureBench(BenchReport &report);    ///< the same in Python, of PyTorch models

StepResult openModelStep(const std::vector<std::string> &arguments);    ///< PATH
StepResult compareDumpsStep(const std::vector<std::string> &arguments); ///< PATH PATH
StepResult showSlicesStep(const std::vector<std::string> &arguments);   ///< PATH
StepResult openSessionStep(const std::vector<std::string> &arguments);  ///< PATH PATH MILLISECONDS

} // namespace syncpoint::bench
