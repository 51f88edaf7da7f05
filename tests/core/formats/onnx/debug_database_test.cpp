#include "core/formats/registry.h"
#include "core/formats/sqlite/sqlite_file.h"
#include "core/tensor/decode.h"
#include "tests/core/formats/onnx/onnx_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

// ONNX Runtime writes these databases only when it is compiled for it, so all of them are
// synthetic: tables as its source defines them.
namespace syncpoint::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char *kTables =
    "CREATE TABLE Tensors (Step int not null, Name text not null, Value TensorProto, DeviceType "
    "text, TracedProducer NodeArg, TracedConsumers NodeArgList, primary key (Step, Name));"
    "CREATE TABLE Nodes (ExecutionCounter int, Name text primary key not null, OpType text not "
    "null, ExecutionProvider text);";

class Database
{
public:
    explicit Database(const std::filesystem::path &path, const std::string &sql = kTables)
    {
        EXPECT_EQ(::sqlite3_open(path.c_str(), &m_database), SQLITE_OK);
        run("PRAGMA synchronous=OFF;" + sql);
    }
    ~Database() { ::sqlite3_close(m_database); }
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    Database &run(const std::string &sql)
    {
        char *problem = nullptr;
        EXPECT_EQ(::sqlite3_exec(m_database, sql.c_str(), nullptr, nullptr, &problem), SQLITE_OK)
            << problem;
        return *this;
    }
    Database &tensor(int step, const std::string &name, const std::string &message)
    {
        sqlite3_stmt *statement = nullptr;
        ::sqlite3_prepare_v2(m_database,
                             "INSERT INTO Tensors VALUES (?, ?, ?, 'CPU', 'op:0', 'next:1')", -1,
                             &statement, nullptr);
        ::sqlite3_bind_int(statement, 1, step);
        ::sqlite3_bind_text(statement, 2, name.data(), static_cast<int>(name.size()),
                            SQLITE_TRANSIENT);
        ::sqlite3_bind_blob(statement, 3, message.data(), static_cast<int>(message.size()),
                            SQLITE_TRANSIENT);
        EXPECT_EQ(::sqlite3_step(statement), SQLITE_DONE);
        ::sqlite3_finalize(statement);
        return *this;
    }

private:
    sqlite3 *m_database = nullptr;
};

std::vector<float> numbersOf(const TensorStore &store, const std::string &name)
{
    const auto id = store.find(name);
    const auto tensor = id ? store.read(*id) : Result<Tensor>(Error{});
    return tensor ? decodeAll(tensor->view()).value() : std::vector<float>{};
}

void writeTwoSteps(const std::filesystem::path &path)
{
    std::vector<float> many(5000);
    many[4999] = 7;
    Database(path)
        .tensor(2, "/conv/Conv_output_0", floats("/conv/Conv_output_0", {2}, {3, 4}))
        .tensor(1, "/conv/Conv_output_0", floats("/conv/Conv_output_0", {2}, {1, 2}))
        .tensor(1, "large", floats("large", {50, 100}, many))
        .run("INSERT INTO Nodes VALUES (0, '/conv/Conv', 'Conv', 'CUDAExecutionProvider');");
}

TEST(OrtDebugDatabaseTest, StepsAreSamplesAndOpsHaveProviders)
{
    const TemporaryFolder folder;
    writeTwoSteps(folder / "execution-trace-pid7.db");

    const auto dump = loadDump(folder / "execution-trace-pid7.db", {});

    ASSERT_TRUE(dump) << dump.error().message;
    EXPECT_EQ((*dump)->format, "ort-debug-sqlite");
    ASSERT_EQ((*dump)->samples.size(), 2U);
    const TensorStore &first = *(*dump)->samples[0];
    ASSERT_EQ(first.entries().size(), 2U);
    EXPECT_THAT(numbersOf(first, "/conv/Conv_output_0"), ElementsAre(1, 2));
    EXPECT_THAT(numbersOf(*(*dump)->samples[1], "/conv/Conv_output_0"), ElementsAre(3, 4));
    const auto large = *first.find("large");
    EXPECT_THAT(first.entry(large).info.shape, ElementsAre(50, 100));
    EXPECT_THAT(*decodeAll(first.readRange(large, 4998, 2)->view()), ElementsAre(0, 7));
    ASSERT_TRUE((*dump)->profile);
    EXPECT_EQ((*dump)->profile->nodes.at("/conv/Conv").provider, "CUDAExecutionProvider");
    EXPECT_EQ((*dump)->profile->nodes.at("/conv/Conv").runs, 0U);
    EXPECT_THAT((*dump)->diagnostics, IsEmpty());
}

TEST(OrtDebugDatabaseTest, ValuesOfOtherTypesAreSaidAndTheOthersRead)
{
    const TemporaryFolder folder;
    const auto path = folder / "a.db";
    Database(path)
        .tensor(1, "good", floats("good", {1}, {1}))
        .tensor(1, "cut", floats("cut", {9}, {1}))
        .tensor(1, "noise", "\xff\xff\xff")
        .run("INSERT INTO Tensors VALUES (1, 'number', 17, 'CPU', '', '');"
             "INSERT INTO Tensors VALUES (1, 'nothing', NULL, 'CPU', '', '');"
             "INSERT INTO Tensors VALUES ('x', 3, NULL, 'CPU', '', '');"
             "INSERT INTO Nodes VALUES (0, 'op', 'Conv', NULL);");

    const auto dump = loadDump(path, {});

    ASSERT_TRUE(dump) << dump.error().message;
    ASSERT_EQ((*dump)->samples.size(), 1U);
    EXPECT_THAT(numbersOf(*(*dump)->samples[0], "good"), ElementsAre(1));
    EXPECT_EQ((*dump)->samples[0]->entries().size(), 1U);
    EXPECT_EQ((*dump)->diagnostics.size(), 5U);
    EXPECT_THAT((*dump)->profile->nodes, IsEmpty());
}

TEST(OrtDebugDatabaseTest, OtherDatabasesAreNamed)
{
    const TemporaryFolder folder;
    Database(folder / "other.db", "CREATE TABLE Places (Name text);");
    const auto other = loadDump(folder / "other.db", {});
    ASSERT_FALSE(other);
    EXPECT_THAT(other.error().message, HasSubstr("no table 'Tensors'"));

    Database(folder / "empty.db");
    EXPECT_THAT(loadDump(folder / "empty.db", {}).error().message,
                HasSubstr("holds no usable tensors"));
}

TEST(OrtDebugDatabaseTest, WhatIsNoStoredTableIsNotRun)
{
    const TemporaryFolder folder;
    Database(folder / "view.db",
             "CREATE VIEW Tensors AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM "
             "c) SELECT x AS Step, 'a' AS Name, x AS Value FROM c;");
    EXPECT_THAT(loadDump(folder / "view.db", {}).error().message, HasSubstr("no table 'Tensors'"));

    // A column that is worked out, larger than any name.
    Database(folder / "generated.db",
             "CREATE TABLE Tensors (Step int, Value, Name text AS (hex(zeroblob(2000000))));"
             "INSERT INTO Tensors (Step, Value) VALUES (1, 2);");
    const auto generated = loadDump(folder / "generated.db", {});
    ASSERT_FALSE(generated);
    EXPECT_EQ(generated.error().code, ErrorCode::Limit) << generated.error().message;
}

TEST(OrtDebugDatabaseTest, ARunThatHasNotEndedIsSaid)
{
    const TemporaryFolder folder;
    writeTwoSteps(folder / "a b%.db");
    writeFile(folder / "a b%.db-journal", "rows that are not written yet");

    const auto dump = loadDump(folder / "a b%.db", {});

    ASSERT_TRUE(dump) << dump.error().message;
    ASSERT_EQ((*dump)->diagnostics.size(), 1U);
    EXPECT_THAT((*dump)->diagnostics.front().text, HasSubstr("has not ended properly"));
    EXPECT_TRUE(std::filesystem::exists(folder / "a b%.db-journal"));
}

void readAll(const TensorDump &dump)
{
    for (const auto &sample : dump.samples) {
        for (std::size_t i = 0; i < sample->entries().size(); ++i) {
            static_cast<void>(sample->read(TensorId(i))); // must return
        }
    }
}

TEST(OrtDebugDatabaseTest, DamagedDatabasesAreReadOrRefused)
{
    const TemporaryFolder folder;
    writeTwoSteps(folder / "whole.db");
    const std::string whole = readFile(folder / "whole.db");
    const auto load = [&](const std::string &bytes) {
        std::filesystem::remove(folder / "m.db"); // writing over it waits for the disk
        writeFile(folder / "m.db", bytes);
        const auto dump = loadDump(folder / "m.db", {});
        if (dump) {
            readAll(**dump);
        }
        return static_cast<bool>(dump);
    };
    for (std::size_t i = 0; i < 200; ++i) {
        load(whole.substr(0, whole.size() * i / 200));
    }
    std::mt19937 random(3);
    int loaded = 0;
    for (int i = 0; i < 1000; ++i) {
        loaded += load(damaged(whole, random, 1 + i % 4)) ? 1 : 0;
        // Most bytes are numbers of tensors; what SQLite reads is at the start of its pages.
        std::string bytes = whole;
        for (int flips = 0; flips < 2; ++flips) {
            bytes[random() % (whole.size() / 4096) * 4096 + random() % 128] =
                static_cast<char>(random());
        }
        loaded += load(bytes) ? 1 : 0;
    }
    EXPECT_GT(loaded, 100);
}

TEST(SqliteFileTest, TheStartOfACellIsReadWithoutItsRest)
{
    const TemporaryFolder folder;
    writeTwoSteps(folder / "a.db");
    const auto file = SqliteFile::open(folder / "a.db");
    ASSERT_TRUE(file) << file.error().message;

    const auto start = (*file)->readCell({"Tensors", "Value", 3}, 16);

    ASSERT_TRUE(start) << start.error().message;
    EXPECT_EQ(start->bytes.size(), 16U);
    EXPECT_GT(start->size, 20'000U);
    EXPECT_FALSE((*file)->readCell({"Tensors", "Value", 99}, 16));
    EXPECT_FALSE((*file)->readCell({"Absent", "Value", 1}, 16));
}

} // namespace
} // namespace syncpoint::test
