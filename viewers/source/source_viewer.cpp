#include "viewers/source/source_viewer.h"

#include "ui/models/display_text.h"
#include "ui/models/result_index.h"
#include "ui/session/session_controller.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/empty_state.h"
#include "viewers/source/code_view.h"
#include "viewers/source/frame_model.h"
#include "viewers/source/line_index.h"
#include "viewers/source/source_finder.h"

#include <QFileDialog>
#include <QListView>
#include <QPointer>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <optional>

namespace syncpoint {

namespace {

class SourceViewer final : public Viewer
{
public:
    explicit SourceViewer(const ViewerContext &context);
    ~SourceViewer() override;

    QString id() const override { return QStringLiteral("source"); }
    QString title() const override { return QStringLiteral("Source"); }
    ViewerArea area() const override { return ViewerArea::Bottom; }
    QWidget *widget() override { return m_pages; }
    void setResult(std::shared_ptr<const ComparisonResult> result) override;
    void refresh() override { follow(m_context.selection.current()); }
    QJsonObject saveState() const override { return {}; }
    void restoreState(const QJsonObject &) override {}

private:
    void makePage();
    void follow(const Selection::Item &item);
    const Node *frameOwner(const Selection::Item &item) const;
    void explainNoFrames();
    void showFrame(int row);
    void loadFile(const SourceFrame &frame);
    void fillMarks();
    void chooseLine(std::uint32_t line);
    void mapFolder();

    ViewerContext m_context;
    std::shared_ptr<const ComparisonResult> m_result;
    std::optional<ResultIndex> m_index;
    std::optional<LineIndex> m_lines;
    FrameModel m_frames;
    std::string m_framePath; ///< of the file on screen, as the frames write it
    bool m_isLoaded = false;
    bool m_isChoosing = false;

    QPointer<QStackedWidget> m_pages;
    EmptyState *m_empty;
    QSplitter *m_splitter;
    QListView *m_list;
    ElidedLabel *m_fileName;
    QStackedWidget *m_right;
    CodeView *m_code;
    EmptyState *m_missing;
};

SourceViewer::SourceViewer(const ViewerContext &context)
    : m_context(context), m_frames(context.theme), m_pages(new QStackedWidget),
      m_empty(new EmptyState(context.theme, QStringLiteral("file"))),
      m_splitter(new QSplitter(Qt::Horizontal)), m_list(new QListView), m_fileName(new ElidedLabel),
      m_right(new QStackedWidget), m_code(new CodeView(context.theme)),
      m_missing(new EmptyState(context.theme, QStringLiteral("folder-map")))
{
    makePage();
    m_pages->addWidget(m_empty);
    m_pages->addWidget(m_splitter);
    m_pages->setFocusProxy(m_list);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) { showFrame(index.row()); });
    connect(m_list, &QListView::activated, this, [this](const QModelIndex &index) {
        if (m_frames.frameAt(index.row()) == nullptr) {
            m_frames.toggleFramework();
        }
    });
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex &index) {
        if (m_frames.frameAt(index.row()) == nullptr) {
            m_frames.toggleFramework();
        }
    });
    connect(m_code, &CodeView::lineClicked, this, &SourceViewer::chooseLine);
    connect(m_missing, &EmptyState::buttonClicked, this, &SourceViewer::mapFolder);
    connect(&context.selection, &Selection::changed, this,
            [this](const Selection::Item &item) { follow(item); });
    follow({});
}

SourceViewer::~SourceViewer()
{
    if (m_pages && m_pages->parent() == nullptr) {
        delete m_pages;
    }
}

void SourceViewer::makePage()
{
    constexpr int kListWidth = 240;
    m_list->setModel(&m_frames);
    m_list->setAccessibleName(QStringLiteral("Stack frames"));
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setUniformItemSizes(true);
    m_fileName->setProperty("muted", true);
    m_fileName->setContentsMargins(2 * Theme::kGrid, Theme::kGrid, 2 * Theme::kGrid, Theme::kGrid);
    m_missing->setButton(QStringLiteral("Choose a folder…"));
    m_right->addWidget(m_code);
    m_right->addWidget(m_missing);
    auto *right = new QWidget;
    auto *layout = new QVBoxLayout(right);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_fileName);
    layout->addWidget(m_right, 1);
    m_splitter->addWidget(m_list);
    m_splitter->addWidget(right);
    m_splitter->setSizes({kListWidth, 4 * kListWidth});
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setHandleWidth(1);
}

void SourceViewer::setResult(std::shared_ptr<const ComparisonResult> result)
{
    m_result = std::move(result);
    m_lines.reset();
    m_index.reset();
    m_framePath.clear();
    m_isLoaded = false;
    if (m_result) {
        m_index.emplace(*m_result);
        m_lines.emplace(*m_result, *m_index);
    }
    follow(m_context.selection.current());
}

// The baseline knows its source; converters usually drop it from the candidate.
const Node *SourceViewer::frameOwner(const Selection::Item &item) const
{
    for (const Side side : {Side::Baseline, Side::Candidate}) {
        const NodeId node = nodeOnSide(*m_result, item, side);
        if (node.isValid() && !sideOf(*m_result, side).graph->node(node).source.empty()) {
            return &sideOf(*m_result, side).graph->node(node);
        }
    }
    return nullptr;
}

void SourceViewer::follow(const Selection::Item &item)
{
    if (!m_result) {
        m_empty->setText(QStringLiteral("No comparison yet"),
                         QStringLiteral("The source lines that made the selected op appear here."));
        m_pages->setCurrentWidget(m_empty);
        return;
    }
    const Node *node = frameOwner(item);
    if (node == nullptr) {
        explainNoFrames();
        return;
    }
    m_pages->setCurrentWidget(m_splitter);
    if (m_isChoosing) {
        return; // the user clicked a line: the file must not jump away
    }
    m_frames.setFrames(node->source);
    const SourceFrame *birth = birthFrame(*node);
    const int row = m_frames.rowOf(birth != nullptr ? *birth : node->source.front());
    m_list->setCurrentIndex(m_frames.index(std::max(0, row)));
}

void SourceViewer::explainNoFrames()
{
    m_pages->setCurrentWidget(m_empty);
    const bool hasNode = m_context.selection.current().node.isValid();
    if (!hasNode) {
        m_empty->setText(QStringLiteral("Nothing selected"),
                         QStringLiteral("Select an op to see the lines that made it."));
    } else if (m_lines->isEmpty()) {
        m_empty->setText(
            QStringLiteral("The models carry no source lines"),
            QStringLiteral("Exporters write them when asked: torch.onnx.export(…, dynamo=True) "
                           "always, the TorchScript exporter with verbose=True. Export the "
                           "baseline again and compare."));
    } else {
        m_empty->setText(QStringLiteral("This op has no source line"),
                         QStringLiteral("The exporter or an optimizer made it; select one of its "
                                        "neighbours."));
    }
}

void SourceViewer::showFrame(int row)
{
    const SourceFrame *frame = m_frames.frameAt(row);
    if (frame == nullptr) {
        return;
    }
    if (!m_isLoaded || frame->file != m_framePath) {
        loadFile(*frame);
    }
    if (m_isLoaded) {
        m_code->showLine(frame->line);
    }
}

void SourceViewer::loadFile(const SourceFrame &frame)
{
    m_framePath = frame.file;
    const auto file = findSource(frame.file, sourceFolders(m_context.controller.config()));
    const auto text =
        file ? readSource(*file) : Result<std::string>(Error{ErrorCode::Io, "it was not found"});
    m_isLoaded = static_cast<bool>(text);
    m_fileName->setFullText(QString::fromStdString(frame.file));
    if (file) {
        m_fileName->setToolTip(QString::fromStdString(file->string()));
    }
    if (!text) {
        m_missing->setText(
            QStringLiteral("%1 is not here").arg(QString::fromStdString(frame.file)),
            QStringLiteral("Choose the folder that holds the sources; it is kept in the session. "
                           "(%1)")
                .arg(QString::fromStdString(text.error().message)));
        m_right->setCurrentWidget(m_missing);
        return;
    }
    m_code->setSource(QString::fromUtf8(text->data(), static_cast<qsizetype>(text->size())));
    fillMarks();
    m_right->setCurrentWidget(m_code);
}

void SourceViewer::fillMarks()
{
    std::vector<CodeView::Mark> marks;
    for (const auto &[line, heat] : m_lines->lines(m_framePath)) {
        CodeView::Mark mark;
        mark.line = line;
        mark.heat = m_lines->highest() > 0.0 ? heat.introduced / m_lines->highest() : 0.0;
        if (heat.worst.isValid()) {
            const PointResult &point = m_result->point(heat.worst);
            mark.text = scoreText(*m_result, point);
            mark.isBad = point.severity == Severity::Bad;
        }
        marks.push_back(std::move(mark));
    }
    m_code->setMarks(marks);
}

// A line may be the birthplace of several ops: clicking again goes on to the next.
void SourceViewer::chooseLine(std::uint32_t line)
{
    const auto &lines = m_lines->lines(m_framePath);
    const auto found = lines.find(line);
    if (found == lines.end()) {
        return;
    }
    const std::vector<NodeId> &ops = found->second.ops;
    const NodeId current = nodeOnSide(*m_result, m_context.selection.current(), Side::Baseline);
    auto next = std::find(ops.begin(), ops.end(), current);
    next = next == ops.end() || next + 1 == ops.end() ? ops.begin() : next + 1;
    m_isChoosing = true;
    m_context.selection.select(itemForNode(*m_result, *m_index, Side::Baseline, *next), this);
    m_isChoosing = false;
    m_code->showLine(line);
}

void SourceViewer::mapFolder()
{
    const QString folder =
        QFileDialog::getExistingDirectory(m_pages, QStringLiteral("Folder with the sources"));
    if (folder.isEmpty()) {
        return;
    }
    SessionConfig config = m_context.controller.config();
    config.sourceFolders.insert(config.sourceFolders.begin(),
                                std::filesystem::path(folder.toStdU16String()));
    m_context.controller.setConfig(std::move(config));
    m_framePath.clear();
    showFrame(m_list->currentIndex().row());
}

} // namespace

std::unique_ptr<Viewer> makeSourceViewer(const ViewerContext &context)
{
    return std::make_unique<SourceViewer>(context);
}

} // namespace syncpoint
