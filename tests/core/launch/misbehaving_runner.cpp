// Stands in for syncpoint-runner in tests. What it does is the name of the "model" in the request.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <thread>
#include <unistd.h>

namespace {
std::string member(const std::string &json, const std::string &name)
{
    const std::string start = "\"" + name + "\":\"";
    const auto begin = json.find(start) + start.size();
    return json.substr(begin, json.find('"', begin) - begin);
}

[[noreturn]] void hang()
{
    for (;;) {
        std::this_thread::sleep_for(std::chrono::seconds(60));
    }
}

void succeed(const std::string &output, bool rewritten)
{
    std::ofstream(output) << "dump";
    if (rewritten) {
        std::ofstream(output + ".onnx") << "model";
    }
    std::cout
        << R"({"type":"progress","stage":"capturing","done":3,"total":7})" << '\n'
        << R"({"type":"result","runtime":"fake 1","samples":2,"tensors":5,"optimized_model":")"
        << (rewritten ? "rewritten" : "") << R"(","diagnostics":[{"severity":"info","where":")"
        << output << R"(","text":"note"}]})" << std::endl;
}

void misbehave(const std::string &how, const std::string &output)
{
    std::ofstream(output + ".part") << "half a dump";
    if (how == "hang") {
        hang();
    } else if (how == "hang-with-child") {
        if (::fork() == 0) {
            hang();
        }
        hang();
    } else if (how == "segfault") {
        std::signal(SIGSEGV, SIG_DFL);
        ::raise(SIGSEGV);
    } else if (how == "killed") {
        ::raise(SIGKILL);
    } else if (how == "bad-alloc") {
        std::cerr << "terminate called: std::bad_alloc\n";
        std::abort();
    } else if (how == "flood") {
        const std::string line(1000, 'x');
        for (int i = 0; i < 20000; ++i) {
            std::cerr << line << '\n';
        }
        std::cerr << "the last straw\n";
        std::exit(7);
    } else if (how == "garbage") {
        std::cout << "hello there\n" << std::flush;
        hang();
    } else if (how == "endless-line") {
        const std::string block(1U << 16U, 'x');
        for (;;) {
            std::cout << block;
        }
    } else if (how == "quiet-exit") {
        std::exit(0);
    } else if (how == "error") {
        std::cout << R"({"type":"error","code":"bad_input","message":"cannot use )" << output
                  << "\"}" << std::endl;
        std::exit(3);
    }
}
} // namespace

int main()
{
    if (std::getenv("MISBEHAVING_RUNNER_IGNORES_INPUT") != nullptr) {
        return 9;
    }
    const std::string json{std::istreambuf_iterator<char>(std::cin), {}};
    const std::string how = member(json, "model");
    const std::string output = member(json, "output");
    if (how == "good" || how == "rewrite") {
        succeed(output, how == "rewrite");
        return 0;
    }
    misbehave(how, output);
    return 1;
}
