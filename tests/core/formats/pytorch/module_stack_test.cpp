#include "core/formats/pytorch/module_stack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint::test {

using pytorch::parseModuleStack;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(ModuleStackTest, ReadsPathAndClassOutermostFirst)
{
    EXPECT_THAT(parseModuleStack("L__self__,,m.Net;L__self___layer1_0,layer1.0,m.Block"),
                ElementsAre(Pair("", "m.Net"), Pair("layer1.0", "m.Block")));
}

TEST(ModuleStackTest, ReadsOlderFormsOfPaths)
{
    EXPECT_THAT(parseModuleStack("a,L['self'],m.Net;b,L['self'].layer1[0].conv,m.Conv;"
                                 "c,getattr(L['self'].layer1, '1'),m.Relu"),
                ElementsAre(Pair("", "m.Net"), Pair("layer1.0.conv", "m.Conv"),
                            Pair("layer1.1", "m.Relu")));
}

TEST(ModuleStackTest, RepeatedCallsAreTheSameModule)
{
    EXPECT_THAT(parseModuleStack("L__self___norm@1,norm@1,m.Norm"),
                ElementsAre(Pair("norm", "m.Norm")));
}

TEST(ModuleStackTest, CommasInBracketsSeparateNothing)
{
    EXPECT_THAT(parseModuleStack("k[1,2],a.b,m.Generic[int, float]"),
                ElementsAre(Pair("a.b", "m.Generic[int, float]")));
}

TEST(ModuleStackTest, SkipsWhatIsNoItem)
{
    EXPECT_THAT(parseModuleStack(""), IsEmpty());
    EXPECT_THAT(parseModuleStack(";;a;b,c"), IsEmpty());
    EXPECT_THAT(parseModuleStack("((((((,;,;,"), IsEmpty());
}

} // namespace syncpoint::test
