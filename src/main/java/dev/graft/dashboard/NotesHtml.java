package dev.graft.dashboard;

import java.util.List;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.DefaultUrlSanitizer;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.html.UrlSanitizer;

/**
 * Notes and model cards in Markdown as HTML within a page. Tags in them are text, links lead to other pages only and open beside this one,
 * images are links, as the page fetches nothing from elsewhere, and headings are below the page's.
 */
final class NotesHtml {

    /** Under the page's name and that of the section. */
    private static final int LEVELS_ABOVE = 2;

    private static final int LOWEST_LEVEL = 6;

    private static final UrlSanitizer URLS = new DefaultUrlSanitizer(List.of("http", "https", "mailto"));
    private static final List<Extension> TABLES = List.of(TablesExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(TABLES).build();
    private static final HtmlRenderer RENDERER = HtmlRenderer.builder()
            .extensions(TABLES)
            .escapeHtml(true)
            .sanitizeUrls(true)
            .urlSanitizer(URLS)
            .attributeProviderFactory(context -> (node, tag, attributes) -> {
                if (node instanceof Link) {
                    attributes.put("target", "_blank");
                    attributes.put("rel", "noopener noreferrer nofollow");
                }
            })
            .build();

    private NotesHtml() {}

    static String of(String markdown) {
        Node notes = PARSER.parse(markdown);
        notes.accept(new AbstractVisitor() {
            @Override
            public void visit(Heading heading) {
                heading.setLevel(Math.min(LOWEST_LEVEL, heading.getLevel() + LEVELS_ABOVE));
                visitChildren(heading);
            }

            @Override
            public void visit(Image image) {
                visitChildren(image);
                Link link = new Link(image.getDestination(), image.getTitle());
                image.insertAfter(link);
                for (Node child = image.getFirstChild(); child != null; child = image.getFirstChild()) {
                    link.appendChild(child);
                }
                image.unlink();
                visit(link);
            }

            @Override
            public void visit(Link link) {
                visitChildren(link);
                // Where a link must not lead, its words are words.
                if (URLS.sanitizeLinkUrl(link.getDestination()).isEmpty()) {
                    for (Node child = link.getFirstChild(); child != null; child = link.getFirstChild()) {
                        link.insertBefore(child);
                    }
                    link.unlink();
                }
            }
        });
        return RENDERER.render(notes);
    }
}
