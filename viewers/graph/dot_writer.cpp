#include "viewers/graph/dot_writer.h"

#include <QStringList>
#include <vector>

namespace syncpoint {
namespace {

QString quoted(QString text)
{
    text.replace(QLatin1Char('\\'), QStringLiteral("\\\\"));
    text.replace(QLatin1Char('"'), QStringLiteral("\\\""));
    text.replace(QLatin1Char('\n'), QStringLiteral("\\n"));
    return QLatin1Char('"') + text + QLatin1Char('"');
}

class DotWriter
{
public:
    DotWriter(const GraphScene &scene, QString prefix)
        : m_scene(scene), m_prefix(std::move(prefix)), m_children(scene.boxes.size())
    {
        for (std::uint32_t b = 1; b < scene.boxes.size(); ++b) {
            m_children[scene.boxes[b].parent].push_back(b);
        }
    }

    QString run(const QString &label)
    {
        m_text =
            QStringLiteral("  subgraph cluster_%1 {\n    label=%2;\n").arg(m_prefix, quoted(label));
        addChildren();
        for (const SceneEdge &edge : m_scene.edges) {
            m_text += QStringLiteral("    %1 -> %2%3;\n")
                          .arg(name(edge.source), name(edge.target),
                               edge.isChip() ? QStringLiteral(" [constraint=false, style=dotted]")
                                             : QString());
        }
        return m_text + QStringLiteral("  }\n");
    }

private:
    QString name(std::uint32_t box) const { return m_prefix + QString::number(box); }

    void addBox(std::uint32_t b)
    {
        const SceneBox &box = m_scene.boxes[b];
        QStringList lines{box.title};
        if (!box.subtitle.isEmpty()) {
            lines.push_back(box.subtitle);
        }
        if (!box.figure.isEmpty()) {
            lines.push_back(box.figure);
        }
        const bool isModule = box.kind == SceneBox::Kind::Collapsed;
        m_text += QStringLiteral("    %1 [label=%2%3];\n")
                      .arg(name(b), quoted(lines.join(QLatin1Char('\n'))),
                           isModule ? QStringLiteral(", shape=box3d") : QString());
    }

    /// Modules nest as deep as the file says, so no recursion: an end mark closes each cluster.
    void addChildren()
    {
        struct Step
        {
            std::uint32_t box;
            bool isEnd;
        };
        std::vector<Step> open;
        const auto push = [this, &open](std::uint32_t parent) {
            const auto &children = m_children[parent];
            for (auto child = children.rbegin(); child != children.rend(); ++child) {
                open.push_back({*child, false});
            }
        };
        push(0);
        while (!open.empty()) {
            const Step step = open.back();
            open.pop_back();
            if (step.isEnd) {
                m_text += QStringLiteral("    }\n");
            } else if (m_scene.boxes[step.box].kind != SceneBox::Kind::Expanded) {
                addBox(step.box);
            } else {
                m_text += QStringLiteral("    subgraph cluster_%1 {\n    label=%2;\n")
                              .arg(name(step.box), quoted(m_scene.boxes[step.box].title));
                open.push_back({step.box, true});
                push(step.box);
            }
        }
    }

    const GraphScene &m_scene;
    QString m_prefix;
    std::vector<std::vector<std::uint32_t>> m_children;
    QString m_text;
};

} // namespace

QString dotCluster(const GraphScene &scene, const QString &prefix, const QString &label)
{
    return DotWriter(scene, prefix).run(label);
}

} // namespace syncpoint
