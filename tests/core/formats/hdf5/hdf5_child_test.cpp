#include "core/formats/hdf5/child.h"

#include <csignal>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>
#include <unistd.h>

namespace syncpoint {
namespace {

using hdf5::outputOfChild;
using testing::HasSubstr;
using namespace std::chrono_literals;

TEST(Hdf5ChildTest, GivesWhatTheWorkReturned)
{
    const std::string much(300'000, 'x'); // more than fits into a pipe
    const auto output = outputOfChild([&much] { return much; }, 10s, {});
    ASSERT_TRUE(output) << output.error().message;
    EXPECT_EQ(*output, much);
    EXPECT_EQ(*outputOfChild([] { return std::string(); }, 10s, {}), "");
}

TEST(Hdf5ChildTest, ACrashIsOneSentence)
{
    for (const int signal : {SIGSEGV, SIGABRT, SIGKILL}) {
        const auto output = outputOfChild(
            [signal] {
                static_cast<void>(::raise(signal));
                return std::string("unused");
            },
            10s, {});
        ASSERT_FALSE(output);
        EXPECT_EQ(output.error().code, ErrorCode::BadFormat);
        EXPECT_THAT(output.error().message, HasSubstr("makes the HDF5 library crash"));
    }
}

TEST(Hdf5ChildTest, AnEndlessLoopIsStopped)
{
    const auto output = outputOfChild(
        [] {
            for (volatile bool isEndless = true; isEndless;) {
            }
            return std::string();
        },
        1s, {});
    ASSERT_FALSE(output);
    EXPECT_THAT(output.error().message, HasSubstr("does not come to an end"));
}

TEST(Hdf5ChildTest, TakingAllMemoryIsAnError)
{
    const auto output = outputOfChild(
        [] {
            const std::size_t size = std::size_t{8} << 30U;
            return std::string(size, 'x');
        },
        10s, {});
    ASSERT_FALSE(output);
    EXPECT_FALSE(output.error().message.empty());
}

TEST(Hdf5ChildTest, CancellingStopsTheChild)
{
    const CancelToken token;
    std::thread canceller([&token] {
        std::this_thread::sleep_for(100ms);
        token.cancel();
    });
    const auto output = outputOfChild(
        [] {
            ::sleep(60);
            return std::string();
        },
        60s, JobContext(token));
    canceller.join();
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().code, ErrorCode::Cancelled);
}

TEST(Hdf5ChildTest, ManyThreadsMayHaveTheirOwn)
{
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([t] {
            for (int i = 0; i < 10; ++i) {
                const auto output = outputOfChild([t] { return std::to_string(t); }, 10s, {});
                EXPECT_TRUE(output && *output == std::to_string(t));
            }
        });
    }
    for (std::thread &thread : threads) {
        thread.join();
    }
}

} // namespace
} // namespace syncpoint
