#include "core/launch/runner_protocol.h"

#include <gtest/gtest.h>

namespace syncpoint {
namespace {
TEST(RunnerProtocolTest, MessagesSurvive)
{
    const RunOutcome sent{"onnxruntime 1.30.0 CPU",
                          2,
                          3,
                          std::uint64_t{5} << 32U,
                          "run.h5.onnx",
                          {{Diagnostic::Severity::Error, "x", "line\nbreak"}}};
    const std::string line = toLine(sent);
    const auto got = runnerMessageFromLine(line);

    EXPECT_EQ(line.find('\n'), std::string::npos);
    ASSERT_TRUE(got);
    ASSERT_TRUE(std::holds_alternative<RunOutcome>(*got));
    const auto &outcome = std::get<RunOutcome>(*got);
    EXPECT_EQ(outcome.runtime, sent.runtime);
    EXPECT_EQ(outcome.samples, sent.samples);
    EXPECT_EQ(outcome.tensors, sent.tensors);
    EXPECT_EQ(outcome.peakMemory, sent.peakMemory);
    EXPECT_EQ(outcome.optimizedModel, sent.optimizedModel);
    EXPECT_EQ(outcome.diagnostics, sent.diagnostics);
}

TEST(RunnerProtocolTest, EveryErrorCodeSurvives)
{
    for (int code = 0; code <= static_cast<int>(ErrorCode::Internal); ++code) {
        const auto got = runnerMessageFromLine(toLine(Error{static_cast<ErrorCode>(code), "why"}));
        ASSERT_TRUE(got);
        EXPECT_EQ(std::get<Error>(*got).code, static_cast<ErrorCode>(code));
        EXPECT_EQ(std::get<Error>(*got).message, "why");
    }
}

TEST(RunnerProtocolTest, TextThatIsNotUtf8DoesNotCostTheMessage)
{
    EXPECT_TRUE(runnerMessageFromLine(toLine(Error{ErrorCode::Io, "\xff.onnx"})));
}

TEST(RunnerProtocolTest, WhatIsNoMessageIsRefused)
{
    for (const char *line : {"", "hello", "[]", "{}", R"({"type":"other"})", R"({"type":1})"}) {
        EXPECT_FALSE(runnerMessageFromLine(line)) << line;
    }
}

TEST(RunnerProtocolTest, WrongTypesInsideAMessageAreSkipped)
{
    const auto got = runnerMessageFromLine(
        R"({"type":"result","samples":"many","diagnostics":[1,{"severity":9}],"new":true})");
    ASSERT_TRUE(got);
    EXPECT_EQ(std::get<RunOutcome>(*got).samples, 0U);
    EXPECT_EQ(std::get<RunOutcome>(*got).diagnostics.size(), 1U);
}
} // namespace
} // namespace syncpoint
