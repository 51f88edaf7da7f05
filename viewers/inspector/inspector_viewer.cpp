#include "viewers/inspector/inspector_viewer.h"

#include "ui/models/op_weights.h"
#include "ui/pairing/pairing_edits.h"
#include "ui/session/selection.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"
#include "viewers/inspector/inspector_page.h"
#include "viewers/inspector/scale_plot.h"

#include <QJsonArray>
#include <QPointer>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTextBrowser>
#include <QUrl>
#include <optional>

namespace syncpoint {

namespace {

constexpr int kShapeExtent = 14;

class InspectorViewer final : public Viewer
{
public:
    explicit InspectorViewer(const ViewerContext &context);
    ~InspectorViewer() override;

    QString id() const override { return QStringLiteral("inspector"); }
    QString title() const override { return QStringLiteral("Inspector"); }
    ViewerArea area() const override { return ViewerArea::Right; }
    QWidget *widget() override { return m_pages; }
    void setResult(std::shared_ptr<const ComparisonResult> result) override;
    void refresh() override { show(false); }
    QJsonObject saveState() const override;
    void restoreState(const QJsonObject &state) override;

private:
    void show(bool keepsPlace);
    void addPictures(const InspectorContent &content);
    void follow(const QUrl &link);
    std::vector<PairingEdit> edits() const;
    void addEdits(InspectorContent &content) const;

    ViewerContext m_context;
    std::shared_ptr<const ComparisonResult> m_result;
    std::optional<ResultIndex> m_index;
    QSet<QString> m_folded{QStringLiteral("score"), QStringLiteral("metrics.more"),
                           QStringLiteral("metadata")};
    QPointer<QStackedWidget> m_pages;
    EmptyState *m_empty;
    QTextBrowser *m_browser;
};

InspectorViewer::InspectorViewer(const ViewerContext &context)
    : m_context(context), m_pages(new QStackedWidget),
      m_empty(new EmptyState(context.theme, QStringLiteral("info"))), m_browser(new QTextBrowser)
{
    m_browser->setOpenLinks(false);
    m_browser->setFrameShape(QFrame::NoFrame);
    m_browser->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff); // everything wraps
    m_browser->setAccessibleName(QStringLiteral("Inspector"));
    m_browser->document()->setDocumentMargin(3 * Theme::kGrid);
    m_pages->addWidget(m_empty);
    m_pages->addWidget(m_browser);
    m_pages->setFocusProxy(m_browser);
    connect(m_browser, &QTextBrowser::anchorClicked, this, &InspectorViewer::follow);
    connect(&context.selection, &Selection::changed, this, [this] { show(false); });
    show(false);
}

InspectorViewer::~InspectorViewer()
{
    if (m_pages && m_pages->parent() == nullptr) {
        delete m_pages;
    }
}

void InspectorViewer::setResult(std::shared_ptr<const ComparisonResult> result)
{
    m_result = std::move(result);
    m_index.reset();
    if (m_result) {
        m_index.emplace(*m_result);
    }
    show(false);
}

void InspectorViewer::show(bool keepsPlace)
{
    const Selection::Item &item = m_context.selection.current();
    const bool hasItem = item.node.isValid() || item.value.isValid() || item.module.isValid();
    if (!m_result || !hasItem) {
        m_empty->setText(m_result ? QStringLiteral("Nothing selected")
                                  : QStringLiteral("No comparison yet"),
                         QStringLiteral("Select an op, a sync point or a module to see its match, "
                                        "scores, attributes and weights."));
        m_pages->setCurrentWidget(m_empty);
        return;
    }
    InspectorContent content = describeSelection(*m_result, *m_index, item);
    addEdits(content);
    const int place = m_browser->verticalScrollBar()->value();
    m_browser->document()->clear();
    addPictures(content);
    m_browser->setHtml(inspectorPage(content, m_folded, m_context.theme));
    m_browser->verticalScrollBar()->setValue(keepsPlace ? place : 0);
    m_pages->setCurrentWidget(m_browser);
}

void InspectorViewer::addPictures(const InspectorContent &content)
{
    const double ratio = m_browser->devicePixelRatioF();
    QTextDocument &document = *m_browser->document();
    if (content.severity) {
        document.addResource(QTextDocument::ImageResource, QUrl(QStringLiteral("severity")),
                             m_context.theme.severityIcon(*content.severity)
                                 .pixmap(QSize(kShapeExtent, kShapeExtent), ratio));
    }
    if (content.quantization && content.quantization->scales.size() > 1) {
        const int width = std::max(80, m_browser->viewport()->width() - 8 * Theme::kGrid);
        document.addResource(QTextDocument::ImageResource, QUrl(QStringLiteral("scales")),
                             plotScales(*content.quantization, m_context.theme, width, ratio));
    }
}

std::vector<PairingEdit> InspectorViewer::edits() const
{
    return pairingEdits(m_context.controller, m_context.selection, m_context.selection.current(),
                        m_pages->window());
}

void InspectorViewer::addEdits(InspectorContent &content) const
{
    for (const PairingEdit &edit : edits()) {
        if (edit.isEnabled) {
            content.edits.push_back({edit.id, QString(edit.text).remove(u'&')});
        }
    }
}

void InspectorViewer::follow(const QUrl &link)
{
    if (link.scheme() == QStringLiteral("edit")) {
        for (const PairingEdit &edit : edits()) {
            if (edit.id == link.path()) {
                edit.run();
                return;
            }
        }
    }
    if (link.scheme() == QStringLiteral("fold")) {
        const QString section = link.path();
        if (!m_folded.remove(section)) {
            m_folded.insert(section);
        }
        show(true);
        return;
    }
    if (link.scheme() == QStringLiteral("weight") && m_result) {
        for (const OpWeight &weight : weightsOf(*m_result, m_context.selection.current())) {
            if (QString::number(weight.slot) == link.path()) {
                m_context.selection.select(weight.item, this);
                return;
            }
        }
    }
    bool isNumber = false;
    const qulonglong point = link.path().toULongLong(&isNumber);
    if (isNumber && m_result && point < m_result->points.size()) {
        m_context.selection.select(itemForPoint(*m_result, SyncPointId{point}), this);
    }
}

QJsonObject InspectorViewer::saveState() const
{
    return {{QStringLiteral("folded"), QJsonArray::fromStringList(m_folded.values())}};
}

void InspectorViewer::restoreState(const QJsonObject &state)
{
    m_folded.clear();
    for (const auto section : state.value(QStringLiteral("folded")).toArray()) {
        m_folded.insert(section.toString());
    }
    show(false);
}

} // namespace

std::unique_ptr<Viewer> makeInspectorViewer(const ViewerContext &context)
{
    return std::make_unique<InspectorViewer>(context);
}

} // namespace syncpoint
