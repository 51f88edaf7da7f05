#include "ui/session/job_runner.h"

#include <QSignalSpy>
#include <QTest>
#include <atomic>
#include <gtest/gtest.h>
#include <memory>
#include <thread>

namespace syncpoint {
namespace {

/// Works until it is cancelled.
int workUntilCancelled(const JobContext &job)
{
    while (!job.isCancelled()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return -1;
}

TEST(JobRunnerTest, ResultArrivesOnTheUiThread)
{
    JobRunner runner;
    QSignalSpy finished(&runner, &JobRunner::finished);
    std::thread::id worker;
    std::thread::id receiver;

    runner.start<std::thread::id>([](const JobContext &) { return std::this_thread::get_id(); },
                                  [&](std::thread::id id) {
                                      worker = id;
                                      receiver = std::this_thread::get_id();
                                  });

    ASSERT_TRUE(finished.wait(5000));
    EXPECT_EQ(receiver, std::this_thread::get_id());
    EXPECT_NE(worker, std::this_thread::get_id());
    EXPECT_FALSE(runner.isRunning());
}

TEST(JobRunnerTest, NewestJobWinsAndTheOldOneIsCancelled)
{
    JobRunner runner;
    QSignalSpy finished(&runner, &JobRunner::finished);
    std::vector<int> delivered;
    const auto deliver = [&delivered](int value) { delivered.push_back(value); };

    runner.start<int>(workUntilCancelled, deliver);
    runner.start<int>([](const JobContext &) { return 2; }, deliver);

    ASSERT_TRUE(finished.wait(5000));
    QTest::qWait(20); // the first one's end must not be delivered late either
    EXPECT_EQ(delivered, std::vector<int>{2});
    EXPECT_EQ(finished.count(), 1);
}

TEST(JobRunnerTest, NoMoreThanTwoWorkAtATimeHoweverOftenItStarts)
{
    std::atomic<int> working = 0, begun = 0;
    std::atomic<bool> isCrowded = false;
    int delivered = 0;
    JobRunner runner;
    QSignalSpy finished(&runner, &JobRunner::finished);
    for (int i = 1; i <= 20; ++i) {
        runner.start<int>(
            [&, i](const JobContext &) {
                if (++working > 2) {
                    isCrowded = true;
                }
                ++begun;
                std::this_thread::sleep_for(std::chrono::milliseconds(5)); // deaf to cancelling
                --working;
                return i;
            },
            [&](int value) { delivered = value; });
        while (i == 1 && begun == 0) { // a job at work that the others have to wait behind
            std::this_thread::yield();
        }
    }

    ASSERT_TRUE(finished.wait(5000));
    EXPECT_EQ(delivered, 20);
    EXPECT_FALSE(isCrowded);
    EXPECT_LT(begun, 20); // those cancelled before their turn did not begin
}

TEST(JobRunnerTest, CancelDeliversNothing)
{
    JobRunner runner;
    QSignalSpy finished(&runner, &JobRunner::finished);
    bool isDelivered = false;

    runner.start<int>(workUntilCancelled, [&](int) { isDelivered = true; });
    runner.cancel();
    QTest::qWait(30);

    EXPECT_EQ(finished.count(), 1);
    EXPECT_FALSE(isDelivered);
    EXPECT_FALSE(runner.isRunning());
}

TEST(JobRunnerTest, DestructionWaitsForTheRunningJob)
{
    const auto isDone = std::make_shared<std::atomic<bool>>(false);
    bool isDelivered = false;
    {
        JobRunner runner;
        runner.start<int>(
            [isDone](const JobContext &job) {
                const int value = workUntilCancelled(job);
                isDone->store(true);
                return value;
            },
            [&](int) { isDelivered = true; });
        QTest::qWait(10);
    }
    EXPECT_TRUE(isDone->load());
    QTest::qWait(10);
    EXPECT_FALSE(isDelivered);
}

TEST(JobRunnerTest, DeliveryMayStartAnotherJobOrDestroyTheRunner)
{
    auto runner = std::make_unique<JobRunner>();
    bool isSecondDone = false;
    runner->start<int>([](const JobContext &) { return 1; },
                       [&](int) {
                           runner->start<int>([](const JobContext &) { return 2; },
                                              [&](int) {
                                                  isSecondDone = true;
                                                  runner.reset();
                                              });
                       });
    EXPECT_TRUE(QTest::qWaitFor([&] { return isSecondDone; }, 5000));
    EXPECT_EQ(runner, nullptr);
}

TEST(JobRunnerTest, ProgressIsThatOfTheCurrentJob)
{
    JobRunner runner;
    EXPECT_TRUE(runner.progress().stage.empty());
    runner.start<int>(
        [](const JobContext &job) {
            job.beginStage("aligning", 10);
            job.advance(4);
            return workUntilCancelled(job);
        },
        [](int) {});
    EXPECT_TRUE(QTest::qWaitFor([&] { return runner.progress().done == 4; }, 5000));
    EXPECT_EQ(runner.progress().stage, "aligning");
    EXPECT_EQ(runner.progress().total, 10U);
}

} // namespace
} // namespace syncpoint
