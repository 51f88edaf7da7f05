#pragma once
#include "core/formats/registry.h"
#include "tests/core/formats/test_files.h"

#include <gtest/gtest.h>

namespace syncpoint::test {

/// Tests that load models written as text into a file of that name.
class TextModelTest : public ::testing::Test
{
protected:
    explicit TextModelTest(const std::string &name) : m_file(m_folder / name) {}

    Result<std::shared_ptr<const Graph>> load(const std::string &text)
    {
        std::filesystem::remove(m_file); // writing over it waits for the disk
        writeFile(m_file, text);
        return loadGraph(m_file, JobContext());
    }
    std::shared_ptr<const Graph> loaded(const std::string &text)
    {
        auto graph = load(text);
        EXPECT_TRUE(graph) << (graph ? "" : graph.error().message);
        return graph ? *graph : nullptr;
    }

    TemporaryFolder m_folder;

private:
    std::filesystem::path m_file;
};

} // namespace syncpoint::test
